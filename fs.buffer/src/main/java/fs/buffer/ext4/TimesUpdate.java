package fs.buffer.ext4;

import fs.buffer.internal.jbd2.JournalHandle;
import sim.kernel.Exec;
import sim.kernel.Step;

/** One change of a file's times, logged ({@code ext4_dirty_inode}). Pooled. */
final class TimesUpdate {
  /** {@code EXT4_HT_INODE}: the credits of a change of the inode alone. */
  private static final int BLOCKS = 2;

  private final Ext4FileSystem fs;
  private final JournalHandle handle;
  private Ext4File file;
  private final Step log = this::log;
  private final Step logged = this::logged;

  TimesUpdate(Ext4FileSystem fs) {
    this.fs = fs;
    handle = fs.newHandle();
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, Ext4File target) {
    file = target;
    x.then(log);
    handle.start(x, BLOCKS, 0);
  }

  private void log(Exec x) {
    if (x.result() < 0) {
      fs.free(this);
      return;
    }
    x.then(logged);
    file.logTimes(x, handle);
  }

  private void logged(Exec x) {
    handle.stop(x);
    x.setResult(0);
    fs.free(this);
  }
}
