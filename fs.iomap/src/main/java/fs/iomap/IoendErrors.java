package fs.iomap;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * Failed ioends that ended outside a task: one list and one work item for all inodes ({@code
 * iomap_fail_ioends}), because reporting an error takes locks that an interrupt may have met held.
 *
 * <p>Left out: what a health monitor does with the reports.
 */
final class IoendErrors {
  private final Workqueue workqueue;
  private final long spinlockNs;
  private final SpinLock lock = new SpinLock(new LockClass("failed_ioend_lock"));
  private final IoendList failed = new IoendList();
  private final IoendList taken = new IoendList();
  private final Step next = this::next;
  private final Work work = new Work("iomap_fail_ioends", this::run);
  private long count;

  IoendErrors(IomapFileSystem fs, Workqueue workqueue) {
    this.workqueue = workqueue;
    spinlockNs = fs.cache().machine().costNs(Cost.SPINLOCK);
  }

  /** {@code iomap_fail_ioend_buffered}: in any context. */
  void add(Exec x, Ioend ioend) {
    count++;
    lock.sectionIrqSave(x, spinlockNs);
    boolean wasEmpty = failed.isEmpty();
    failed.add(ioend);
    if (wasEmpty) {
      x.machine().workqueues().queue(x, workqueue, work);
    }
  }

  private void run(Exec x) {
    lock.sectionIrqSave(x, spinlockNs);
    taken.takeAll(failed);
    next(x);
  }

  private void next(Exec x) {
    Ioend ioend = taken.pop();
    if (ioend != null) {
      x.then(next);
      ioend.finish(x);
    }
  }

  /** Ioends that came here so far. */
  long count() {
    return count;
  }
}
