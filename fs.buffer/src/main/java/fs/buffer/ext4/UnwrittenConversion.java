package fs.buffer.ext4;

import block.bio.Bio;
import fs.buffer.internal.jbd2.JournalHandle;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;

/**
 * What is done in a task at the end of an inode's writeback into unwritten extents: the inode's
 * list and the work that empties it ({@code ext4_add_complete_io}, {@code ext4_end_io_rsv_work}).
 *
 * <p>One work item for each inode, queued when its list was empty, on a workqueue of the file
 * system that runs one item at a time. Folios end here, in task context, so that those of a
 * DONTCACHE write are dropped.
 */
final class UnwrittenConversion {
  private final Ext4FileSystem fs;
  private final Ext4File file;

  /** {@code i_completed_io_lock}. */
  private final SpinLock lock;

  private final Work work = new Work("ext4_end_io_rsv_work", this::run);

  /** {@code i_rsv_conversion_list}. */
  private IoEnd pendingHead;

  private IoEnd pendingTail;

  /** What the running work took from it. */
  private IoEnd taken;

  private IoEnd current;
  private final JournalHandle handle;

  private final Step nextIoEnd = this::nextIoEnd;
  private final Step logged = this::logged;
  private final Step locked = this::locked;
  private final Step converted = this::converted;
  private final Step nextBio = this::nextBio;

  UnwrittenConversion(Ext4FileSystem fs, Ext4File file) {
    this.fs = fs;
    this.file = file;
    handle = fs.newHandle();
    lock = new SpinLock(fs.completedLockClass());
  }

  /** {@code ext4_add_complete_io}; in any context. */
  void add(Exec x, IoEnd ioEnd) {
    lock.sectionIrqSave(x, x.machine().costNs(Cost.SPINLOCK));
    boolean wasEmpty = pendingHead == null;
    if (wasEmpty) {
      pendingHead = ioEnd;
    } else {
      pendingTail.next = ioEnd;
    }
    pendingTail = ioEnd;
    if (wasEmpty) {
      x.machine().workqueues().queue(x, fs.conversionQueue(), work);
    }
  }

  /** {@code ext4_do_flush_completed_IO}. */
  private void run(Exec x) {
    lock.sectionIrqSave(x, x.machine().costNs(Cost.SPINLOCK));
    taken = pendingHead;
    pendingHead = null;
    pendingTail = null;
    x.then(nextIoEnd);
  }

  /** {@code ext4_end_io_end}. */
  private void nextIoEnd(Exec x) {
    current = taken;
    if (current == null) {
      return;
    }
    taken = current.next;
    current.next = null;
    x.then(nextIoEnd);
    x.then(nextBio);
    if (current.failed()) {
      handle.freeReserved(x, current.reservedCredits);
      return;
    }
    handle.startReserved(x, current.reservedCredits);
    if (x.result() == 0) {
      x.then(logged);
      file.logExtents(x, handle, current.extentFirst(0));
    }
  }

  private void logged(Exec x) {
    x.then(locked);
    file.dataSem().lock(x);
  }

  private void locked(Exec x) {
    for (int i = 0; i < current.extentCount(); i++) {
      file.convert(x, current.extentFirst(i), current.extentEnd(i));
    }
    x.then(converted);
  }

  private void converted(Exec x) {
    file.dataSem().unlock(x);
    handle.stop(x);
  }

  /** {@code ext4_release_io_end}. */
  private void nextBio(Exec x) {
    Bio bio = current.bios.pop();
    if (bio == null) {
      fs.free(current);
      return;
    }
    x.then(nextBio);
    fs.takeWriteEnd(null).finish(x, bio);
  }
}
