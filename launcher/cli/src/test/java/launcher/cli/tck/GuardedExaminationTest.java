package launcher.cli.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import launcher.cli.Printed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import policies.tck.TckFamily;
import policies.tck.TckOutcome;
import policies.tck.TckVerdict;
import sim.kernel.Exec;

class GuardedExaminationTest {
  private static final long LIMIT_MS = 60_000;

  private volatile boolean over;

  @AfterEach
  void releaseThreads() {
    over = true;
  }

  /** Does something whenever a bio comes, and has none. */
  private Examined examined(Consumer<Bio> action, boolean wants, long limitMs) {
    CompletionPolicy policy = host -> new Deferral(action, wants);
    Subject<CompletionPolicy> subject =
        new Subject<>("completion.mine", "my.policy 1.0.0", TckFamily.COMPLETION, policy);
    return new Examined(subject, new GuardedExamination<>(subject, limitMs).judgeAll());
  }

  private record Deferral(Consumer<Bio> action, boolean wants) implements CompletionDeferral {
    @Override
    public boolean wants(Exec x, Bio bio) {
      action.accept(bio);
      return wants;
    }

    @Override
    public void defer(Exec x, Bio bio) {
      // Lost.
    }

    @Override
    public List<Bio> detach() {
      return List.of();
    }

    @Override
    public int pending() {
      return 0;
    }
  }

  private static TckVerdict verdict(Examined examined, String rule) {
    return examined.verdicts().stream()
        .filter(v -> v.rule().id().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  private void loop(Bio bio) {
    while (!over) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPolicyThatLoopsInAStepBreaksTheRuleOfBoundedWork() {
    Examined examined = examined(this::loop, true, 500);
    TckVerdict verdict = verdict(examined, "CP-11");
    assertEquals(TckOutcome.BREACH, verdict.outcome());
    assertTrue(
        verdict
            .reason()
            .startsWith(
                "does not come back within 500 ms: it is at"
                    + " launcher.cli.tck.GuardedExaminationTest.loop, line "),
        verdict.reason());
    assertEquals(15, examined.count(TckOutcome.UNJUDGED));
    assertEquals("CP-11 is broken first", verdict(examined, "CP-1").reason());
  }

  @Test
  void aPolicyThatSleepsBreaksTheRuleOfBoundedWork() {
    CountDownLatch never = new CountDownLatch(1);
    Examined examined = examined(bio -> waitFor(never), true, 500);
    assertTrue(
        verdict(examined, "CP-11")
            .reason()
            .startsWith(
                "waits for something outside the machine: it is at"
                    + " launcher.cli.tck.GuardedExaminationTest.waitFor, line "),
        verdict(examined, "CP-11").reason());
    never.countDown();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aPolicyThatRunsOutOfMemoryBreaksTheRuleOfBoundedState() {
    List<long[]> kept = new ArrayList<>();
    Examined examined =
        examined(
            bio -> {
              while (!over) {
                kept.add(new long[1 << 24]);
              }
            },
            true,
            LIMIT_MS);
    kept.clear();
    assertEquals(TckOutcome.BREACH, verdict(examined, "CP-12").outcome());
  }

  @Test
  void theReportHasALineForEachRule() {
    String text = TckReport.text(examined(bio -> {}, false, LIMIT_MS), new Printed().console());
    assertTrue(
        text.startsWith(
            """
            completion.mine (my.policy 1.0.0)
              pass     CP-1  Every bio that a deferral took is given to endBio exactly once"""),
        text);
    assertTrue(text.contains("\n  BREACH   CP-6  wants says yes to every bio"), text);
    assertTrue(text.contains("\n                 contexts (NONE): does not want bio 1 "), text);
    assertTrue(text.endsWith("completion.mine: 15 pass, 1 breach, 0 unjudged\n"), text);
  }

  @Test
  void theXmlHasACaseForEachRule() {
    String xml = TckReport.junitXml(List.of(examined(bio -> {}, false, LIMIT_MS)));
    assertTrue(
        xml.contains(
            "<testsuite name=\"completion.mine\" tests=\"16\" failures=\"1\" errors=\"0\""
                + " skipped=\"0\">"),
        xml);
    assertTrue(xml.contains("<failure message=\"contexts (NONE): does not want bio 1 "), xml);
    assertEquals(16, xml.split("<testcase ").length - 1);
  }
}
