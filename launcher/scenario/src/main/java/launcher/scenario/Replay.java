package launcher.scenario;

import java.util.List;
import launcher.trace.replay.OperationTape;

/**
 * A recorded trace that jobs play.
 *
 * @param jobs which of the workload's jobs take operations from it, by index; each operation is
 *     taken by one of them
 * @param tape the operations
 * @param paths the path of each of the tape's targets, in their order
 * @param pace when they are issued
 * @param speed what times are divided by, above 0
 */
public record Replay(
    List<Integer> jobs, OperationTape tape, List<String> paths, Pace pace, double speed) {
  /** When operations are issued. */
  public enum Pace {
    /** At their recorded times, whatever became of the ones before. */
    ARRIVALS,
    /** As fio does: as long after the one before as in the trace, or when that has completed. */
    GAPS,
    /** As soon as the one before allows. */
    NONE
  }

  /** Copies the lists. */
  public Replay {
    jobs = List.copyOf(jobs);
    paths = List.copyOf(paths);
  }
}
