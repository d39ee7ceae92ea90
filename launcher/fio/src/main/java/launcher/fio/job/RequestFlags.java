package launcher.fio.job;

/**
 * Flags that an engine puts on each request.
 *
 * @param nowait {@code RWF_NOWAIT}: fail with EAGAIN rather than block
 * @param polled {@code RWF_HIPRI}: completions are polled for
 */
public record RequestFlags(boolean nowait, boolean polled) {}
