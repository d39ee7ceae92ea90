package sim.kernel.check;

import sim.kernel.ExecContext;

/**
 * A broken rule.
 *
 * @param rule which rule
 * @param timeNs virtual time
 * @param cpu CPU number; -1 outside any CPU
 * @param context context the code ran in; {@code TASK} outside any CPU
 * @param where task or interrupt
 * @param what the call or object concerned
 */
public record Complaint(
    Rule rule, long timeNs, int cpu, ExecContext context, String where, String what) {

  /** One line in the kernel's wording, with place and virtual time. */
  public String text() {
    return "[%d.%06d] %s: %s, in %s (%s, CPU %d)"
        .formatted(
            timeNs / 1_000_000_000,
            timeNs / 1_000 % 1_000_000,
            rule.wording(),
            what,
            where,
            context,
            cpu);
  }
}
