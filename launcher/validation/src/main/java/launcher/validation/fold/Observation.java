package launcher.validation.fold;

/**
 * When a measurement looks at what is there.
 *
 * @param exitNs time from the exit of the last job's task to the look at what it left behind
 * @param traceNs time from that exit to the end of the trace
 * @param laterNs time from that exit to a second look; not shorter than the first
 * @param sampleNs time between two looks at levels; 0: their peaks are seen whenever they are
 * @param afterJob the job with whose exit the trace begins; empty: it begins with the run
 */
public record Observation(long exitNs, long traceNs, long laterNs, long sampleNs, String afterJob) {
  /** At once, and whatever there is. */
  public static final Observation NONE = new Observation(0, 0, 0, 0, "");

  /** Time from the last exit to the end of the run, ns. */
  public long wholeNs() {
    return Math.max(traceNs, laterNs);
  }
}
