package launcher.calibration.internal;

import java.util.List;
import launcher.calibration.Direction;

/**
 * Latencies of one direction, size and depth, all its sources together.
 *
 * @param sequential whether each command began where the one before ended
 * @param count commands that were measured
 * @param machineNs taken off each latency
 * @param iops commands a second that the program counted; 0 if not told
 * @param quantilesNs one for each quantile of the table
 */
record MeasuredCell(
    Direction op,
    boolean sequential,
    int sizeBytes,
    int depth,
    long count,
    long machineNs,
    long iops,
    List<Long> quantilesNs) {}
