package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.RingSink;

class RunDeterminismTest {
  private final RunRig rig = new RunRig();

  private static String digestOf(SimulationRun run) {
    assertEquals(RunState.ENDED, run.runToEnd(), () -> RunRig.whatIsWrong(run));
    assertEquals("", RunRig.whatIsWrong(run));
    return run.outcome().digest();
  }

  @Test
  void theSameScenarioGivesTheSameDigestAndAnotherSeedAnother() {
    String digest = digestOf(rig.run());
    assertEquals(digest, digestOf(rig.run()));
    assertNotEquals(digest, digestOf(rig.run("seed: 2")));
  }

  @Test
  void theDigestDoesNotDependOnHowTheRunIsAdvanced() {
    String digest = digestOf(rig.run());
    for (int seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      SimulationRun sliced = rig.run();
      while (!sliced.state().isOver()) {
        if (random.nextInt(10) == 0) {
          sliced.advanceByInstants(1 + random.nextInt(50));
        } else {
          sliced.advanceToNs(sliced.nowNs() + random.nextInt(1 << random.nextInt(21)));
        }
      }
      assertEquals(digest, sliced.outcome().digest(), "slices of seed " + seed);
    }
  }

  @Test
  void theDigestDoesNotDependOnOtherSinks() {
    String digest = digestOf(rig.run());
    RunOptions options = RunOptions.DEFAULT.with(new RingSink(10));
    assertEquals(digest, digestOf(new SimulationRun(rig.scenario(), rig.policies, options)));
  }

  @Test
  void runsThatTakeTurnsInOneProgramKnowNothingOfEachOther() {
    String one = digestOf(rig.run());
    String two = digestOf(rig.run("seed: 2"));
    SimulationRun first = rig.run();
    SimulationRun second = rig.run("seed: 2");
    while (!first.state().isOver() || !second.state().isOver()) {
      if (!first.state().isOver()) {
        first.advanceToNs(first.nowNs() + 10_000);
      }
      if (!second.state().isOver()) {
        second.advanceToNs(second.nowNs() + 7_000);
      }
    }
    assertEquals(List.of(one, two), List.of(first.outcome().digest(), second.outcome().digest()));
  }

  @Test
  void anotherProgramGivesTheSameDigest() throws Exception {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                RunDeterminismTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(other.waitFor(60, TimeUnit.SECONDS), "the other program ends");
    assertEquals(digestOf(rig.run()), printed.strip());
  }

  /** Prints the digest: what the other program does. */
  public static void main(String[] args) {
    System.out.println(digestOf(new RunRig().run()));
  }
}
