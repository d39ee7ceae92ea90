package launcher.calibration;

/**
 * What was measured of one direction, size and depth, beside what the fit says. Latencies are the
 * device's: the machine's own share is taken off.
 *
 * @param op direction
 * @param sequential whether each command began where the one before ended
 * @param sizeBytes of each command
 * @param depth commands that the device had at once
 * @param count commands that were measured
 * @param fitted whether the table was fitted to it; otherwise it is a check of the table
 * @param machineNs taken off each latency
 * @param medianNs measured
 * @param p99Ns measured
 * @param tableMedianNs the table's, at this place
 * @param tableP99Ns the table's, at this place
 * @param iops commands that the program counted a second, while it kept the depth up; 0 if not told
 * @param heldOutMedianNs what the table says at this place if it is made without it; 0 if it stands
 *     at the table's edge, where a table without it can't say
 */
public record CellFit(
    Direction op,
    boolean sequential,
    int sizeBytes,
    int depth,
    long count,
    boolean fitted,
    long machineNs,
    long medianNs,
    long p99Ns,
    long tableMedianNs,
    long tableP99Ns,
    long iops,
    long heldOutMedianNs) {}
