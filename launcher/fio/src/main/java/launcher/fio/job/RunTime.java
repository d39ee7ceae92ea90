package launcher.fio.job;

/**
 * How long a job runs.
 *
 * @param runtimeNs 0 for no limit; otherwise I/O stops then, whatever is left. Ramp time comes
 *     before it and does not count
 * @param timeBased go round again until {@code runtimeNs}, instead of ending with the data
 * @param rampNs results before this are dropped
 * @param rampBytes results before this much I/O are dropped
 * @param exitAll end every job when this one ends
 * @param exitWhat which jobs {@code exitAll} ends
 */
public record RunTime(
    long runtimeNs,
    boolean timeBased,
    long rampNs,
    long rampBytes,
    boolean exitAll,
    ExitWhat exitWhat) {

  /** Which jobs end with one that has {@code exitall}. */
  public enum ExitWhat {
    /** Those of its reporting group. */
    GROUP,
    /** Those before the next stonewall. */
    STONEWALL,
    /** All. */
    ALL
  }
}
