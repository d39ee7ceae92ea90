package launcher.scenario.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import sim.kernel.check.Complaint;
import sim.kernel.trace.RingSink;

/** Writes down what is around the first complaint of each rule, while it is still there. */
final class ComplaintWitness {
  private final FamilySeats seats;
  private final RingSink recent;
  private final List<ComplaintReport> reports = new ArrayList<>();

  ComplaintWitness(RunComposition parts, FamilySeats seats) {
    this.seats = seats;
    recent = parts.recent;
    parts.machine.checker().onFirst(this::saw);
  }

  private void saw(Complaint complaint) {
    String policyId =
        seats
            .culprit(new Throwable().getStackTrace())
            .map(culprit -> culprit.code().policyId())
            .orElseGet(() -> named(complaint.what()));
    reports.add(new ComplaintReport(complaint, policyId, recent.lines(complaint.cpu())));
  }

  /** The policy that a rule found outside its steps names; empty if it names none. */
  private String named(String what) {
    return seats.all().stream()
        .map(FamilySeat::policyId)
        .filter(id -> !id.isEmpty() && what.startsWith(id + ": "))
        .findFirst()
        .orElse("");
  }

  List<ComplaintReport> reports() {
    return Collections.unmodifiableList(reports);
  }
}
