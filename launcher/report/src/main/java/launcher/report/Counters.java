package launcher.report;

/**
 * What has been counted in a run so far; the difference of two is what happened between them.
 *
 * @param ios I/Os that completed, syncs included
 * @param bytes bytes that they moved
 * @param bios bios submitted
 * @param deferred bios that a completion policy took over
 * @param droppedPages pages that dropbehind removed
 * @param workerWakeUps kernel threads that became runnable
 * @param contextSwitches switches of tasks
 * @param interrupts hard interrupts
 */
public record Counters(
    long ios,
    long bytes,
    long bios,
    long deferred,
    long droppedPages,
    long workerWakeUps,
    long contextSwitches,
    long interrupts) {
  /** Nothing yet. */
  public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0);

  /** What came after {@code before}. */
  public Counters since(Counters before) {
    return new Counters(
        ios - before.ios,
        bytes - before.bytes,
        bios - before.bios,
        deferred - before.deferred,
        droppedPages - before.droppedPages,
        workerWakeUps - before.workerWakeUps,
        contextSwitches - before.contextSwitches,
        interrupts - before.interrupts);
  }
}
