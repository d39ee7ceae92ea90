package launcher.scenario;

/**
 * Where anonymous and shared memory goes that reclaim writes out.
 *
 * @param sizeBytes of the swap area; 0 for none
 * @param latencyNs of each of its reads and writes, any number at once
 * @param shmemWriteoutNs how often a driver writes shared memory out too; 0 for never
 */
public record SwapSpec(long sizeBytes, long latencyNs, long shmemWriteoutNs) {}
