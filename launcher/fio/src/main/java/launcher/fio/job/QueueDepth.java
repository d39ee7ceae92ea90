package launcher.fio.job;

/**
 * I/Os in flight. A synchronous engine has one, whatever {@code depth} says.
 *
 * @param depth {@code iodepth}: the most in flight
 * @param submitBatch queued I/Os before one submission call
 * @param completeMin completions waited for once the queue is full; 0 polls without waiting
 * @param completeMax completions taken at most in one call
 * @param lowWater once full, no new I/O until this few are in flight
 */
public record QueueDepth(
    int depth, int submitBatch, int completeMin, int completeMax, int lowWater) {}
