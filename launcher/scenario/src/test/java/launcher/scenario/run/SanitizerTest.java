package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.CarelessCompletionPolicy;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;
import sim.kernel.check.Sanitizer;

class SanitizerTest {
  private static final String CARELESS = "swaps: [{at: 1 ms, completion: careless}]";

  private final RunRig rig = new RunRig();

  private RunOutcome outcomeOf(String... lines) {
    rig.policies.add(
        PolicyFamily.COMPLETION, "completion.careless", new CarelessCompletionPolicy());
    SimulationRun run = rig.run(lines);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals(RunRig.BYTES, run.snapshot().bytesDone());
    return run.outcome();
  }

  private static List<Rule> rules(RunOutcome outcome) {
    return outcome.complaintReports().stream().map(r -> r.complaint().rule()).toList();
  }

  @Test
  void theFirstBrokenUseOfEachRuleNamesThePolicyAndWhatItsCpuDidLast() {
    RunOutcome outcome = outcomeOf(CARELESS);
    assertEquals(List.of(Rule.SLEEP_IN_ATOMIC, Rule.CIRCULAR_LOCKING), rules(outcome));
    assertTrue(outcome.complaintCount() > 2, "every bio's end sleeps");
    ComplaintReport report = outcome.complaintReports().get(1);
    Complaint complaint = report.complaint();
    assertEquals("batch_lock -> bios_lock -> batch_lock", complaint.what());
    assertEquals(ExecContext.HARDIRQ, complaint.context());
    assertTrue(complaint.timeNs() > 1_000_000, "after the swap");
    assertEquals("completion.careless", report.policyId());
    assertEquals(8, report.lastEvents().size());
    String cpu = "[%03d] ".formatted(complaint.cpu());
    report.lastEvents().forEach(event -> assertTrue(event.startsWith(cpu), event));
    assertTrue(
        report.lastEvents().stream().anyMatch(event -> event.contains("irq:irq_handler_entry")),
        "the interrupt in which it was: " + report.lastEvents());
  }

  @Test
  void aSanitizerThatIsOffIsSilentAndChangesNothing() {
    RunOutcome watched = outcomeOf("");
    RunOutcome outcome =
        outcomeOf(CARELESS, "sanitizers: {lock-order: off, atomic-sleep: on, hung-task: off}");
    assertEquals(List.of(Rule.SLEEP_IN_ATOMIC), rules(outcome));
    RunOutcome unwatched = outcomeOf(allOff());
    assertEquals(watched.digest(), unwatched.digest());
    assertEquals(List.of(), rules(outcomeOf(CARELESS, allOff())));
  }

  private static String allOff() {
    StringBuilder off = new StringBuilder("sanitizers: {");
    for (Sanitizer sanitizer : Sanitizer.values()) {
      off.append(sanitizer.key()).append(": off, ");
    }
    return off.append("}").toString();
  }
}
