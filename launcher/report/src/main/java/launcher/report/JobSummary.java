package launcher.report;

/**
 * What the jobs of one name did together.
 *
 * @param name the job's
 * @param startNs virtual time at which its first I/O was begun
 * @param endNs virtual time at which its last I/O was complete
 * @param read its reads
 * @param write its writes
 * @param trim its trims
 * @param sync its fsyncs, fdatasyncs and sync_file_ranges
 * @param data reads, writes and trims together
 * @param writeStall how long write calls kept their task: clat of a synchronous engine, slat of an
 *     asynchronous one
 * @param open I/Os that were begun and had not completed when the summary was made
 */
public record JobSummary(
    String name,
    long startNs,
    long endNs,
    DirectionSummary read,
    DirectionSummary write,
    DirectionSummary trim,
    DirectionSummary sync,
    DirectionSummary data,
    Latency writeStall,
    long open) {

  /** Virtual nanoseconds from the first I/O's begin to the last one's end. */
  public long runtimeNs() {
    return endNs - startNs;
  }

  /** Bytes a virtual second over that time. */
  public double bytesPerSecond() {
    return perSecond(data.bytes(), runtimeNs());
  }

  static double perSecond(long count, long ns) {
    return ns <= 0 ? 0 : count * 1e9 / ns;
  }
}
