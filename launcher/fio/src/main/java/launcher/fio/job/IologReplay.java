package launcher.fio.job;

import java.util.Optional;
import java.util.Set;

/**
 * A log that a job plays in place of a sequence of its own: {@code read_iolog}.
 *
 * @param file the log, or the blktrace; of a list the one that falls to this clone
 * @param folder what goes before the names of the log's files; empty, or ends in a slash
 * @param noStall {@code replay_no_stall}: without the log's pauses
 * @param timeScalePercent {@code replay_time_scale}: pauses are divided by this much of a hundred
 * @param scale {@code replay_scale}: offsets are divided by it
 * @param alignBytes {@code replay_align}: offsets are rounded down to it
 * @param redirect {@code replay_redirect}: the one file that all of it goes to
 * @param skip {@code replay_skip}: what is left out
 */
public record IologReplay(
    String file,
    String folder,
    boolean noStall,
    int timeScalePercent,
    long scale,
    long alignBytes,
    Optional<String> redirect,
    Set<Skip> skip) {
  /** What can be left out. */
  public enum Skip {
    READ,
    WRITE,
    TRIM,
    SYNC
  }

  /** Copies the set. */
  public IologReplay {
    skip = Set.copyOf(skip);
  }
}
