package sim.kernel.check;

import java.util.Locale;

/** A group of rules that is turned off by its name. All are on unless turned off. */
public enum Sanitizer {
  /** Sleeping and scheduling in atomic context. */
  ATOMIC_SLEEP("sleeping or scheduling in atomic context"),
  /** Order of lock classes, and recursion. */
  LOCK_ORDER("circular order of lock classes, and a class taken twice"),
  /** Lock classes that interrupts take. */
  IRQ_SAFETY("lock classes that interrupts take, against those taken with interrupts enabled"),
  /** Locks, counts and RCU sections that are never left. */
  LEAKS("locks, preempt counts and RCU sections that a task, work item or interrupt leaves behind"),
  /** The number of a CPU that may have changed already. */
  SMP_PROCESSOR_ID("smp_processor_id() where the task may be moved"),
  /** Work items that compute for long. */
  CPU_HOG("work items that keep a per-CPU worker for 10 ms again and again"),
  /** Worker pools without progress. */
  WORKQUEUE_LOCKUP("worker pools whose items have waited for 30 s"),
  /** Tasks without progress. */
  HUNG_TASK("tasks that have waited for 120 s for a lock, a bit or a wait queue"),
  /** What policies were given to keep. */
  CUSTODY("bios and folios that policies end in the wrong context, twice or never"),
  /** Bios without an end. */
  LIVELOCK("bios whose own end defers them again and again"),
  /** What memory reclaim would have to wait for. */
  RECLAIM("waiting for work without a rescuer, and writeback, on behalf of memory reclaim"),
  /** Stores that a late TLB flush loses. */
  STALE_TLB("stores through TLB entries that were to be flushed"),
  /** Data of a CPU that is protected by staying there. */
  PERCPU_ACCESS("per-CPU data that is touched without the local lock of its CPU");

  private final String watches;

  Sanitizer(String watches) {
    this.watches = watches;
  }

  /** Name in scenarios: {@code lock-order}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it watches for, in a few words. */
  public String watches() {
    return watches;
  }
}
