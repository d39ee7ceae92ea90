package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * The published figures of EROFS per launch on Android, commit 3fffb589b9a6: mean 15253 us with an
 * unbound workqueue and 2914 us with per-CPU RT threads, standard deviation 7166 us and 359 us.
 */
class DecompressionWaitTest {
  private static final double PUBLISHED_RATIO = 15_253.0 / 2_914.0;

  private final RunRig rig = new RunRig();

  /** How long compressed reads waited for whoever decompresses them. */
  private static final class Waits implements TraceSink {
    private long count;
    private double sumNs;
    private double squares;

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      if (type == Tracepoint.EROFS_KICKOFF) {
        count++;
        sumNs += b;
        squares += (double) b * b;
      }
    }

    double meanNs() {
      return sumNs / count;
    }

    double deviationNs() {
      return Math.sqrt(squares / count - meanNs() * meanNs());
    }
  }

  private Waits run(String name) throws Exception {
    List<Setting> policies =
        List.of(
            new Setting("policies.completion", "listed", "test"),
            new Setting("policies.dropbehind", "leaves", "test"),
            new Setting("policies.writeback", "inline", "test"),
            new Setting("policies.eviction", "at-once", "test"));
    String file = name + ".yaml";
    String text = Files.readString(Path.of("../../scenarios/regressions", file));
    // Figures are the report's, which is not here.
    String withoutExpectations = text.substring(0, text.indexOf("\nexpect:") + 1);
    Scenario scenario =
        new ScenarioReader(rig.policies, Map.of(), Map.of())
            .readText(file, withoutExpectations, policies);
    Waits waits = new Waits();
    SimulationRun run =
        new SimulationRun(scenario, rig.policies, RunOptions.DEFAULT.withoutDigest().with(waits));
    assertEquals(RunState.ENDED, run.runToEnd());
    assertTrue(waits.count > 500, "reads that an interrupt left to others: " + waits.count);
    return waits;
  }

  @Test
  void besideABusyFairLoadAnUnboundWorkerIsWaitedForAboutFiveTimesAsLong() throws Exception {
    Waits unbound = run("erofs-unbound-workqueue");
    Waits thread = run("erofs-rt-threads");
    double ratio = unbound.meanNs() / thread.meanNs();
    assertTrue(
        ratio > PUBLISHED_RATIO / 2 && ratio < PUBLISHED_RATIO * 2,
        "%.0f ns and %.0f ns: a ratio of %.1f".formatted(unbound.meanNs(), thread.meanNs(), ratio));
    // Published: 20 times. What differs between launches is not modelled, so only the order is
    // held.
    assertTrue(unbound.deviationNs() > 2 * thread.deviationNs(), "and it varies more");
  }
}
