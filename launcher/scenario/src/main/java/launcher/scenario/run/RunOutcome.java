package launcher.scenario.run;

import java.util.List;
import sim.kernel.check.Complaint;

/**
 * What came of a run.
 *
 * @param state {@link RunState#ENDED} or {@link RunState#FAILED}
 * @param endNs virtual time of its end
 * @param cutShort whether its user ended it before the jobs had ended
 * @param digest SHA-256 of its trace, in lower-case hexadecimal digits; empty if none was asked for
 * @param failure why it failed, in full; empty if it did not
 * @param complaints broken context rules, the first thousand
 * @param complaintCount how many there were in all
 * @param complaintReports the first complaint of each rule, with what was around it
 * @param invariantFailures what did not hold at the end
 * @param faults rules that policies broke
 * @param notes what a reader of the results has to know
 * @param fileBytes what the files of its jobs have at most
 */
public record RunOutcome(
    RunState state,
    long endNs,
    boolean cutShort,
    String digest,
    String failure,
    List<Complaint> complaints,
    long complaintCount,
    List<ComplaintReport> complaintReports,
    List<String> invariantFailures,
    List<PolicyFault> faults,
    List<String> notes,
    long fileBytes) {
  /** Copies the lists. */
  public RunOutcome {
    complaints = List.copyOf(complaints);
    complaintReports = List.copyOf(complaintReports);
    invariantFailures = List.copyOf(invariantFailures);
    faults = List.copyOf(faults);
    notes = List.copyOf(notes);
  }

  /**
   * Of a run whose thread does not come back from a policy's code; nothing of it can be looked at.
   */
  static RunOutcome abandoned(PolicyFault fault) {
    return new RunOutcome(
        RunState.FAILED,
        fault.timeNs(),
        true,
        "",
        fault.text(),
        List.of(),
        0,
        List.of(),
        List.of(),
        List.of(fault),
        List.of(),
        0);
  }

  /** Whether every rule and invariant held; says nothing of the scenario's expectations. */
  public boolean isGood() {
    return state == RunState.ENDED
        && complaintCount == 0
        && invariantFailures.isEmpty()
        && faults.isEmpty();
  }
}
