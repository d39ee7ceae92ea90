package launcher.scenario.internal.workload;

import launcher.fio.job.ThinkTime;

/** When a job pauses between I/Os, by {@code thinktime} and its companions. */
final class ThinkPauses {
  private final ThinkTime rule;
  private long countAtLast;
  private long lastNs;

  ThinkPauses(ThinkTime rule) {
    this.rule = rule;
  }

  void begin(long nowNs) {
    lastNs = nowNs;
  }

  /**
   * Whether a pause is due.
   *
   * @param issued I/Os issued so far
   * @param completed I/Os completed so far
   */
  boolean isDue(long nowNs, long issued, long completed) {
    if (rule.totalNs() == 0) {
      return false;
    }
    boolean byTime = rule.ioTimeNs() > 0 && nowNs - lastNs >= rule.ioTimeNs();
    boolean counts = rule.ioTimeNs() == 0 || rule.blocks() > 1;
    long count = rule.countIssued() ? issued : completed;
    return byTime || counts && count - countAtLast >= rule.blocks();
  }

  long spinNs() {
    return rule.spinNs();
  }

  long sleepNs() {
    return rule.totalNs() - rule.spinNs();
  }

  /** A pause has ended. */
  void ended(long nowNs, long issued, long completed) {
    lastNs = nowNs;
    countAtLast = rule.countIssued() ? issued : completed;
  }
}
