package sim.kernel.check;

/** Context rules a run watches, with the wording of the kernel's own complaint. */
public enum Rule {
  /** {@code might_sleep()} in atomic context. */
  SLEEP_IN_ATOMIC("BUG: sleeping function called from invalid context"),
  /** {@code schedule()} entered in atomic context. */
  SCHEDULE_IN_ATOMIC("BUG: scheduling while atomic"),
  /** A task or work function returned with a lock, preempt count or RCU section held. */
  LEAKED_ATOMIC("BUG: workqueue leaked atomic, lock or RCU"),
  /** A lock that interrupts take was taken with interrupts enabled, or the reverse. */
  IRQ_LOCK_STATE("WARNING: inconsistent lock state"),
  /** A lock was taken by its own holder. */
  RECURSIVE_LOCK("WARNING: possible recursive locking detected"),
  /** A task has waited for 120 seconds for something that has to come. */
  HUNG_TASK("INFO: task blocked for more than 120 seconds"),
  /** A worker pool has had items for 30 seconds and begun none. */
  WORKQUEUE_LOCKUP("BUG: workqueue lockup - pool"),
  /** A domain rule of the layers above was broken; the detail says which. */
  DOMAIN("BUG: broken invariant"),
  /** A store went through a TLB entry that was to be flushed, and nothing will write it back. */
  LOST_STORE("BUG: store lost through a stale TLB entry");

  private final String wording;

  Rule(String wording) {
    this.wording = wording;
  }

  /** Start of the kernel's message. */
  public String wording() {
    return wording;
  }
}
