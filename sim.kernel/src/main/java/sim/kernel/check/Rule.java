package sim.kernel.check;

/** Rules a run watches, with the wording of the kernel's own complaint. */
public enum Rule {
  /** {@code might_sleep()} in atomic context. */
  SLEEP_IN_ATOMIC(Sanitizer.ATOMIC_SLEEP, "BUG: sleeping function called from invalid context"),
  /** {@code schedule()} entered in atomic context. */
  SCHEDULE_IN_ATOMIC(Sanitizer.ATOMIC_SLEEP, "BUG: scheduling while atomic"),
  /** A work function returned with a lock, preempt count or RCU section held. */
  LEAKED_ATOMIC(Sanitizer.LEAKS, "BUG: workqueue leaked atomic, lock or RCU"),
  /** A lock that interrupts take was taken with interrupts enabled, or the reverse. */
  IRQ_LOCK_STATE(Sanitizer.IRQ_SAFETY, "WARNING: inconsistent lock state"),
  /** A lock was taken by its own holder, or two of one class. */
  RECURSIVE_LOCK(Sanitizer.LOCK_ORDER, "WARNING: possible recursive locking detected"),
  /** A task has waited for 120 seconds for something that has to come. */
  HUNG_TASK(Sanitizer.HUNG_TASK, "INFO: task blocked for more than 120 seconds"),
  /** A worker pool has had items for 30 seconds and begun none. */
  WORKQUEUE_LOCKUP(Sanitizer.WORKQUEUE_LOCKUP, "BUG: workqueue lockup - pool"),
  /** A domain rule of the layers above was broken; the detail says which. */
  DOMAIN(Sanitizer.CUSTODY, "BUG: broken invariant"),
  /** A store went through a TLB entry that was to be flushed, and nothing will write it back. */
  LOST_STORE(Sanitizer.STALE_TLB, "BUG: store lost through a stale TLB entry"),
  /** Lock classes are taken in an order that closes a circle, whether or not anybody waits. */
  CIRCULAR_LOCKING(Sanitizer.LOCK_ORDER, "WARNING: possible circular locking dependency detected"),
  /** Under a lock that hard interrupts take, one is taken that is also taken with them enabled. */
  HARDIRQ_LOCK_ORDER(
      Sanitizer.IRQ_SAFETY, "WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected"),
  /** As {@link #HARDIRQ_LOCK_ORDER}, for softirqs. */
  SOFTIRQ_LOCK_ORDER(
      Sanitizer.IRQ_SAFETY, "WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected"),
  /** As the two before, where the order was there first and the use in an interrupt is new. */
  IRQ_LOCK_INVERSION(
      Sanitizer.IRQ_SAFETY, "WARNING: possible irq lock inversion dependency detected"),
  /** A task ended with a preempt count, interrupts or softirqs disabled, or in an RCU section. */
  EXIT_IN_ATOMIC(Sanitizer.LEAKS, "note: task exited with preempt_count"),
  /** A task ended with locks. */
  LOCKS_AT_EXIT(Sanitizer.LEAKS, "WARNING: task still has locks held!"),
  /** A task returned to user mode with locks. */
  LOCKS_IN_USER(Sanitizer.LEAKS, "WARNING: lock held when returning to user space!"),
  /** A softirq's handler left a lock, count or RCU section behind. */
  SOFTIRQ_LEAK(Sanitizer.LEAKS, "huh, entered softirq with preempt_count, exited with another"),
  /** A hard interrupt's handler did; the kernel has no check, and so no wording, for it. */
  HARDIRQ_LEAK(Sanitizer.LEAKS, "BUG: irq handler leaked atomic, lock or RCU"),
  /** A CPU's number was asked for by a task that may be moved at once. */
  SMP_PROCESSOR_ID(Sanitizer.SMP_PROCESSOR_ID, "BUG: using smp_processor_id() in preemptible"),
  /** A CPU's list of what was deferred is not empty, and nobody will come; the wording is ours. */
  STRANDED_LIST(Sanitizer.CUSTODY, "BUG: deferred completion stalled"),
  /** A work item that has a rescuer waits for one that has none. */
  RECLAIM_FLUSH(Sanitizer.RECLAIM, "workqueue: WQ_MEM_RECLAIM is flushing !WQ_MEM_RECLAIM"),
  /** A task that reclaims memory calls a file's writepages; the kernel prints this place alone. */
  RECLAIM_WRITEBACK(Sanitizer.RECLAIM, "WARNING: CPU: PID: at iomap_writepages"),
  /** A hotplug callback asks for the lock that its own operation holds. */
  HOTPLUG_LOCK(
      Sanitizer.LOCK_ORDER, "WARNING: possible circular locking dependency detected (cpuhp_state)"),
  /** A bio's own end defers it again and again; the wording is ours. */
  LIVELOCK(Sanitizer.LIVELOCK, "BUG: deferred completion livelock"),
  /** Per-CPU data was touched without the lock of its CPU; the wording is ours. */
  PERCPU_ACCESS(Sanitizer.PERCPU_ACCESS, "BUG: per-CPU data touched without its CPU's lock");

  private final Sanitizer sanitizer;
  private final String wording;

  Rule(Sanitizer sanitizer, String wording) {
    this.sanitizer = sanitizer;
    this.wording = wording;
  }

  /** What it is turned off with. */
  public Sanitizer sanitizer() {
    return sanitizer;
  }

  /** Start of the kernel's message. */
  public String wording() {
    return wording;
  }
}
