package launcher.report;

/**
 * What became of bios.
 *
 * <p>A bio counts as lost if it was deferred and has not ended 100 ms later: no policy takes a
 * tenth of that.
 *
 * @param submitted number of bios
 * @param ended whose end_io ran
 * @param deferred taken by a completion policy, once for each policy that took them
 * @param pending deferred and not ended when the summary was made
 * @param lost those of them that were deferred more than 100 ms before
 * @param failed ended with an error
 * @param deferral from a deferred bio's completion to its end_io
 * @param kickoff from the interrupt that left a compressed read to a worker to that worker's begin
 * @param handedOver pending bios that moved from one policy to the next
 */
public record CompletionSummary(
    long submitted,
    long ended,
    long deferred,
    long pending,
    long lost,
    long failed,
    Latency deferral,
    Latency kickoff,
    long handedOver) {}
