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

  /** Stands for each block of the extent tree, which only this file has. */
  private final MetadataBlock leaf = new MetadataBlock();

  private int leaves;

  /** The blocks of the inode and the directory; null if they are not to be written. */
  private MetadataBlock inode;

  private MetadataBlock directory;

  private MetadataBlock block;
  private Bio bio;
  private long result;
  private final Step writeNext = this::writeNext;
  private final Step sync = this::sync;
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
    inode = null;
    if (file.takeInodeDirty(dataOnly)) {
      inode = file.inodeBlock();
      inode.dirty = true;
    }
    directory = file.takeNewEntry() ? fs.directory() : null;
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
      leaf.dirty = true;
      block = leaf;
    } else if (inode != null) {
      block = inode;
      inode = null;
    } else if (directory != null) {
      block = directory;
      directory = null;
    } else {
      x.then(flushed);
      fs.device().flush(x);
      return;
    }
    x.then(writeNext);
    sync(x);
  }

  /** {@code sync_dirty_buffer}; where the block is on the device is of no account. */
  private void sync(Exec x) {
    if (block.locked) {
      x.then(sync);
      block.waiters.sleep(x);
      return;
    }
    if (!block.dirty) {
      return;
    }
    block.dirty = false;
    block.locked = true;
    bio = fs.bios().alloc(BioOp.WRITE, 1);
    bio.setSector(Ext4FileSystem.sector(1));
    bio.addFolio(0, 0, Ext4FileSystem.BLOCK_BYTES);
    bio.set(ReqFlag.SYNC);
    bio.set(ReqFlag.META);
    x.charge(Cost.BUFFER_SUBMIT);
    x.then(written);
    fs.device().submitBioWait(x, bio);
  }

  private void written(Exec x) {
    if (x.result() < 0 && result == 0) {
      result = x.result();
    }
    fs.bios().free(bio);
    bio = null;
    block.locked = false;
    block.waiters.wakeAll(x);
  }

  private void flushed(Exec x) {
    x.setResult(result < 0 ? result : x.result());
    fs.free(this);
  }
}
