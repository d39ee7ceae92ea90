package launcher.report;

/**
 * Where CPU time went, over all CPUs, in virtual nanoseconds; and what it went into.
 *
 * @param cpus number of CPUs
 * @param userNs tasks in user mode
 * @param systemNs tasks in kernel mode
 * @param workerNs kernel workers: workqueues, kthreads, flushers
 * @param softirqNs softirqs
 * @param hardirqNs hard interrupts
 * @param contextSwitches switches from one task to another, idle included
 * @param workerWakeUps wake-ups of kernel workers
 * @param hardirqs interrupts taken
 * @param ipis inter-processor interrupts sent
 * @param tlbFlushes TLB flushes, by whoever waited for them
 * @param tlbShootdowns those that interrupted other CPUs
 * @param tlbIpis interrupts that they sent, which are not among {@code ipis}
 */
public record CpuSummary(
    int cpus,
    long userNs,
    long systemNs,
    long workerNs,
    long softirqNs,
    long hardirqNs,
    long contextSwitches,
    long workerWakeUps,
    long hardirqs,
    long ipis,
    long tlbFlushes,
    long tlbShootdowns,
    long tlbIpis) {
  /** All of it. */
  public long busyNs() {
    return userNs + systemNs + workerNs + softirqNs + hardirqNs;
  }
}
