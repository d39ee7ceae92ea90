package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sim.kernel.check.Complaint;

/**
 * The first complaint of a rule, with what was around it.
 *
 * @param complaint what was broken, where and when
 * @param policyId the policy in whose step it was, or that is at fault; empty if there is none
 * @param lastEvents what its CPU did last, oldest first, without what happens folio by folio
 */
public record ComplaintReport(Complaint complaint, String policyId, List<String> lastEvents) {
  /** Copies the list. */
  public ComplaintReport {
    lastEvents = List.copyOf(lastEvents);
  }

  /** The rule, its sanitizer, the policy and the last events, each in a line. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String rule = complaint.rule().name().toLowerCase(Locale.ROOT).replace('_', '-');
    String policy = policyId.isEmpty() ? "in no policy's step" : "policy " + policyId;
    lines.add(
        "rule %s, sanitizer %s, %s".formatted(rule, complaint.rule().sanitizer().key(), policy));
    if (!lastEvents.isEmpty()) {
      lines.add("last events" + (complaint.cpu() < 0 ? ":" : " on CPU " + complaint.cpu() + ":"));
      lastEvents.forEach(event -> lines.add("  " + event));
    }
    return lines;
  }
}
