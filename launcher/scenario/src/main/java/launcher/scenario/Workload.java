package launcher.scenario;

import java.util.List;
import launcher.fio.job.FioJob;

/**
 * What the simulated tasks do.
 *
 * @param jobs one task each, in the order of their thread numbers
 * @param replays what jobs take from recorded traces in place of their own sequence
 * @param notes what a reader of the results has to know about how the jobs were understood: options
 *     that were ignored or assumed
 */
public record Workload(List<FioJob> jobs, List<Replay> replays, List<String> notes) {
  /** Copies the lists. */
  public Workload {
    jobs = List.copyOf(jobs);
    replays = List.copyOf(replays);
    notes = List.copyOf(notes);
  }

  /** Jobs that all have sequences of their own. */
  public Workload(List<FioJob> jobs, List<String> notes) {
    this(jobs, List.of(), notes);
  }
}
