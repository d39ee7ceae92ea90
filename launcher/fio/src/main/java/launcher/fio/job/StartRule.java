package launcher.fio.job;

import java.util.Optional;

/**
 * What a job waits for. All jobs without a rule start together.
 *
 * @param afterAllEarlier {@code stonewall}: wait until every job with a smaller thread number
 *     ended; jobs that follow without a stonewall of their own start together with this one
 * @param waitFor {@code wait_for}: the name of a job, all clones of which must have ended
 * @param delayMinNs {@code startdelay}, from when the job could start
 * @param delayMaxNs the same as {@code delayMinNs}, or the upper end of a range; fio draws from it
 */
public record StartRule(
    boolean afterAllEarlier, Optional<String> waitFor, long delayMinNs, long delayMaxNs) {}
