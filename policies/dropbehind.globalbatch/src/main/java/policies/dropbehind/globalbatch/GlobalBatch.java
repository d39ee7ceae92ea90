package policies.dropbehind.globalbatch;

import java.util.EnumSet;
import java.util.stream.IntStream;
import mm.core.FolioBatch;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The folios of one run that wait for the worker. */
final class GlobalBatch implements DropbehindDeferral {
  private final DropbehindHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final SpinLock lock = new SpinLock(new LockClass("dropbehind_lock"));
  private final long holdNs;
  private final FolioBatch batch = new FolioBatch();
  private final FolioBatch taken = new FolioBatch();
  private final Step takeBatch = this::takeBatch;
  private final Step endNext = this::endNext;
  private final Work work = new Work("dropbehind_work_fn", takeBatch);
  private int ended;

  GlobalBatch(DropbehindHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc("events", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    holdNs = host.machine().costNs(Cost.FOLIO_DEFER);
  }

  @Override
  public boolean defer(Exec x, int folio) {
    lock.sectionIrqSave(x, holdNs);
    if (batch.space() == 0) {
      return false;
    }
    batch.add(folio);
    workqueues.queue(x, workqueue, work);
    return true;
  }

  /** Copies the batch out under the lock, until it is found empty. */
  private void takeBatch(Exec x) {
    lock.sectionIrqSave(x, holdNs);
    ended = 0;
    taken.reinit();
    for (int slot = 0; slot < batch.count(); slot++) {
      taken.add(batch.get(slot));
    }
    batch.reinit();
    if (taken.count() > 0) {
      x.then(endNext);
    }
  }

  private void endNext(Exec x) {
    if (ended == taken.count()) {
      x.then(takeBatch);
      return;
    }
    x.then(endNext);
    host.endDropbehind(x, taken.get(ended++));
  }

  @Override
  public int[] detach() {
    workqueues.cancel(work);
    int[] pending =
        IntStream.concat(
                IntStream.range(ended, taken.count()).map(taken::get),
                IntStream.range(0, batch.count()).map(batch::get))
            .toArray();
    ended = 0;
    taken.reinit();
    batch.reinit();
    workqueues.destroy(workqueue);
    return pending;
  }

  @Override
  public boolean drains(int cpu) {
    return work.isBusy();
  }

  @Override
  public int pending() {
    return taken.count() - ended + batch.count();
  }
}
