package launcher.scenario.internal.workload;

import launcher.fio.sequence.IoDirection;
import launcher.fio.sequence.IoOperations;
import mm.core.Errno;
import mm.core.PageCache;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * One I/O of a job from its making to its completion; a job has as many as its depth ({@code struct
 * io_u}).
 */
final class IoUnit {
  private final PageCache cache;
  private final JobCalls calls;
  private final Step performed = this::performed;

  private long number;
  private IoDirection direction;
  private JobFile file;
  private long offset;
  private long length;
  private long startNs;
  private boolean closing;

  private RwFlags flags;
  private long doneBytes;
  private long result;

  IoUnit(PageCache cache, JobCalls calls) {
    this.cache = cache;
    this.calls = calls;
  }

  /** Takes over the operation that a sequence is at. */
  void prepare(long newNumber, IoOperations sequence, JobFile on, long nowNs) {
    number = newNumber;
    direction = sequence.direction();
    file = on;
    offset = sequence.offsetBytes();
    length = sequence.lengthBytes();
    closing = sequence.endsLoop();
    startNs = nowNs;
    doneBytes = 0;
    result = 0;
  }

  long number() {
    return number;
  }

  IoDirection direction() {
    return direction;
  }

  JobFile file() {
    return file;
  }

  long offset() {
    return offset;
  }

  long length() {
    return length;
  }

  /** When the job began to issue it. */
  long startNs() {
    return startNs;
  }

  /** Whether it is an fsync at the end of a loop, which fio leaves out of its totals. */
  boolean isClosing() {
    return closing;
  }

  /** Bytes moved so far. */
  long doneBytes() {
    return doneBytes;
  }

  /** Bytes moved in all, or a negative errno. */
  long result() {
    return result;
  }

  /** Completes in full, whoever has done the work. */
  void completeAtOnce() {
    result = direction.transfers() ? length : 0;
  }

  /** Completes with an error. */
  void fail(int errno) {
    result = -errno;
  }

  /** Whether it goes past the page cache. */
  boolean isDirect() {
    return direction.transfers() && calls.direct();
  }

  /** Flags of its bios. */
  int reqFlags() {
    return calls.reqFlags();
  }

  /** The usual flags of the job's calls. */
  RwFlags rwFlags() {
    return calls.rwFlags();
  }

  /**
   * Whether an attempt with NOWAIT has left something to do. A write to a file that can't be
   * written without waiting is left whole ({@code io_write}).
   */
  boolean isLeftOver() {
    return result == -Errno.EAGAIN
        || direction == IoDirection.WRITE && result == -Errno.EOPNOTSUPP
        || direction.transfers() && result >= 0 && result < length;
  }

  /**
   * Makes the system call in the current task, and makes it again for what a short one left. Step
   * function; afterwards {@link #result} says what came of it. fio takes the end of the file for an
   * error.
   */
  void perform(Exec x, RwFlags with) {
    flags = with;
    x.then(performed);
    long pos = file.file().baseBytes + offset + doneBytes;
    long left = length - doneBytes;
    switch (direction) {
      case READ -> {
        if (calls.direct()) {
          file.file().takeCall().run(x, this);
        } else {
          cache.read(x, file.open(), pos, left, with);
        }
      }
      case WRITE -> {
        if (calls.direct()) {
          file.file().takeCall().run(x, this);
        } else {
          cache.write(x, file.open(), pos, left, with);
        }
      }
      case SYNC -> cache.fsync(x, file.open());
      case DATASYNC -> cache.fdatasync(x, file.open());
      case SYNC_FILE_RANGE -> cache.syncFileRange(x, file.open(), pos, left, calls.syncRangeMask());
      case TRIM -> throw new IllegalStateException("a trim came through: " + this);
    }
  }

  private void performed(Exec x) {
    long got = x.result();
    if (got < 0 || !direction.transfers()) {
      result = got;
      return;
    }
    doneBytes += got;
    result = doneBytes;
    if (doneBytes == length || flags.has(RwFlag.NOWAIT)) {
      return;
    }
    if (got == 0) {
      result = -Errno.EIO;
    } else {
      perform(x, flags);
    }
  }

  /** An asynchronous direct I/O has ended. */
  void directEnded(long with) {
    doneBytes = Math.max(0, with);
    result = with;
  }

  @Override
  public String toString() {
    return direction + " of " + length + " bytes at " + offset + " of " + file.file();
  }
}
