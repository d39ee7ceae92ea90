package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioOp;
import block.bio.ReqFlag;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * One fsync under way, after the data ({@code ext4_sync_file}). With a journal it has the
 * transaction committed that changed the file last, and waits for that. Without one it writes the
 * changed blocks of the extent tree, the inode, and the directory of a new file, each by itself and
 * waited for; then has the device flush its cache. Pooled.
 */
final class Ext4Fsync {
  private final Ext4FileSystem fs;
  private int leaves;
  private boolean inode;
  private boolean directory;
  private Bio bio;
  private long result;
  private final Step writeNext = this::writeNext;
  private final Step written = this::written;
  private final Step flushed = this::flushed;

  Ext4Fsync(Ext4FileSystem fs) {
    this.fs = fs;
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, Ext4File file, boolean dataOnly) {
    result = 0;
    if (fs.journal() != null) {
      commit(x, file.syncTid(dataOnly));
      return;
    }
    leaves = file.status().takeChangedLeaves(file.leaves());
    inode = file.takeInodeDirty(dataOnly);
    directory = file.takeNewEntry() && fs.takeDirectoryDirty();
    writeNext(x);
  }

  /** {@code ext4_fsync_journal}: the commit has a flush in it. */
  private void commit(Exec x, long tid) {
    x.then(flushed);
    if (fs.journal().isCommitted(tid)) {
      fs.device().flush(x);
    } else {
      fs.journal().commitAndWait(x, tid);
    }
  }

  private void writeNext(Exec x) {
    if (leaves > 0) {
      leaves--;
      write(x);
    } else if (inode) {
      inode = false;
      write(x);
    } else if (directory) {
      directory = false;
      write(x);
    } else {
      x.then(flushed);
      fs.device().flush(x);
    }
  }

  /** {@code sync_dirty_buffer}: a block of metadata; which one is of no account. */
  private void write(Exec x) {
    bio = fs.bios().alloc(BioOp.WRITE, 1);
    bio.setSector(Ext4FileSystem.sector(1));
    bio.addFolio(0, 0, Ext4FileSystem.BLOCK_BYTES);
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
    x.charge(Cost.BUFFER_SUBMIT);
    x.then(writeNext);
    x.then(written);
    fs.device().submitBioWait(x, bio);
  }

  private void written(Exec x) {
    if (x.result() < 0 && result == 0) {
      result = x.result();
    }
    fs.bios().free(bio);
    bio = null;
  }

  private void flushed(Exec x) {
    x.setResult(result < 0 ? result : x.result());
    fs.free(this);
  }
}
