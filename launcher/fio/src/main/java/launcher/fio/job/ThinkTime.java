package launcher.fio.job;

/**
 * Pauses between I/Os.
 *
 * @param totalNs length of one pause; 0 for none
 * @param spinNs how much of it keeps the CPU busy
 * @param blocks I/Os between two pauses
 * @param countIssued count I/Os when they are issued, not when they complete
 * @param ioTimeNs pause only after I/O went on for this long; 0: by {@code blocks} alone
 */
public record ThinkTime(
    long totalNs, long spinNs, long blocks, boolean countIssued, long ioTimeNs) {}
