package launcher.report;

/**
 * What one kind of I/O came to. Latencies are fio's: <i>slat</i> from the choice of the I/O to the
 * end of the submitting call (0 where the call is the I/O), <i>clat</i> from there to completion,
 * <i>lat</i> the whole.
 *
 * @param ios number of I/Os that completed
 * @param bytes they moved
 * @param errors number of those that failed
 * @param slat submission latency
 * @param clat completion latency
 * @param lat total latency
 */
public record DirectionSummary(
    long ios, long bytes, long errors, Latency slat, Latency clat, Latency lat) {}
