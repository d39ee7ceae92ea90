package launcher.fio.job;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a job makes its data durable.
 *
 * @param fsyncEvery writes between two fsyncs; 0 for none
 * @param fdatasyncEvery the same of fdatasync
 * @param syncFileRangeEvery the same of sync_file_range
 * @param syncFileRangeFlags its flags
 * @param endFsync fsync every file when the I/O of a loop is done
 * @param fsyncOnClose the same when a file is closed
 * @param endSyncfs sync the file system at the end
 * @param openFlag {@code sync=}
 */
public record SyncRules(
    long fsyncEvery,
    long fdatasyncEvery,
    long syncFileRangeEvery,
    Set<RangeFlag> syncFileRangeFlags,
    boolean endFsync,
    boolean fsyncOnClose,
    boolean endSyncfs,
    OpenFlag openFlag) {
  /** Copies the set. */
  public SyncRules {
    EnumSet<RangeFlag> ordered = EnumSet.noneOf(RangeFlag.class);
    ordered.addAll(syncFileRangeFlags);
    syncFileRangeFlags = Collections.unmodifiableSet(ordered);
  }

  /** Flags of sync_file_range(2). */
  public enum RangeFlag {
    WAIT_BEFORE,
    WRITE,
    WAIT_AFTER
  }

  /** How files are opened. */
  public enum OpenFlag {
    NONE,
    /** {@code O_SYNC}. */
    SYNC,
    /** {@code O_DSYNC}. */
    DSYNC
  }
}
