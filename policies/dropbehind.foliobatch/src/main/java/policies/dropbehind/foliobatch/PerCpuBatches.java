package policies.dropbehind.foliobatch;

import java.util.EnumSet;
import java.util.stream.IntStream;
import mm.core.FolioBatch;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.lock.LocalLock;
import sim.kernel.lock.LockClass;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The folios of one run that wait for their CPU's worker. */
final class PerCpuBatches implements DropbehindDeferral {
  private final DropbehindHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final int deadState;
  private final LocalLock lock = new LocalLock(new LockClass("dropbehind_batch.lock"));
  private final long holdNs;
  private final PerCpu[] perCpu;

  /** One CPU's batch and its work item. */
  private final class PerCpu {
    private final int cpu;
    private final FolioBatch batch = new FolioBatch();
    private final FolioBatch taken = new FolioBatch();
    private final FolioBatch left = new FolioBatch();
    private final Step takeBatch = this::takeBatch;
    private final Step endNext = this::endNext;
    private final Step endLeft = this::endLeft;
    private final Work work = new Work("dropbehind_work_fn", takeBatch);

    /** Whose batch was taken last. */
    private PerCpu from = this;

    private int ended;
    private int leftEnded;

    PerCpu(int cpu) {
      this.cpu = cpu;
    }

    /** {@code per_cpu_ptr}: the batch, in whatever code has come to it. */
    private FolioBatch batch(Exec x) {
      lock.assertHeld(x, cpu, "dropbehind batch");
      return batch;
    }

    boolean add(Exec x, int folio) {
      lock.section(x, holdNs);
      FolioBatch own = batch(x);
      if (own.space() == 0) {
        return false;
      }
      own.add(folio);
      workqueues.queue(x, workqueue, work);
      return true;
    }

    /** Takes the batch of the CPU that it runs on: not this one's, if that has gone. */
    private void takeBatch(Exec x) {
      lock.section(x, holdNs);
      from = perCpu[x.smpProcessorId()];
      from.moveTo(x, taken);
      ended = 0;
      x.then(endNext);
    }

    private void moveTo(Exec x, FolioBatch to) {
      FolioBatch own = batch(x);
      to.reinit();
      for (int slot = 0; slot < own.count(); slot++) {
        to.add(own.get(slot));
      }
      own.reinit();
    }

    private void endNext(Exec x) {
      if (ended < taken.count()) {
        x.then(endNext);
        host.endDropbehind(x, taken.get(ended++));
        return;
      }
      lookAgain(x);
    }

    /**
     * Looks at the batch that it has taken, with the lock of the CPU that it runs on: another one's
     * if it was moved since, as it may be when its CPU goes.
     */
    private void lookAgain(Exec x) {
      lock.section(x, holdNs);
      if (from.batch(x).count() > 0) {
        x.then(takeBatch);
      }
    }

    /** {@code page_alloc_cpu_dead}: drains the batch without its lock. */
    void dead(Exec x) {
      moveTo(x, left);
      x.then(endLeft);
    }

    private void endLeft(Exec x) {
      if (leftEnded == left.count()) {
        leftEnded = 0;
        left.reinit();
        x.setResult(0);
        return;
      }
      x.then(endLeft);
      host.endDropbehind(x, left.get(leftEnded++));
    }

    IntStream pendingFolios() {
      return IntStream.concat(
          IntStream.concat(
              IntStream.range(leftEnded, left.count()).map(left::get),
              IntStream.range(ended, taken.count()).map(taken::get)),
          IntStream.range(0, batch.count()).map(batch::get));
    }

    void forget() {
      ended = 0;
      leftEnded = 0;
      taken.reinit();
      left.reinit();
      batch.reinit();
    }
  }

  PerCpuBatches(DropbehindHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc("events", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    holdNs = host.machine().costNs(Cost.FOLIO_DEFER);
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(cpu);
    }
    deadState =
        host.machine()
            .hotplug()
            .register(
                CpuHotplugState.PAGE_ALLOC_DEAD,
                "mm/page_alloc:pcp",
                null,
                (x, cpu) -> perCpu[cpu].dead(x));
  }

  @Override
  public boolean defer(Exec x, int folio) {
    return perCpu[x.cpu().id()].add(x, folio);
  }

  @Override
  public int[] detach() {
    host.machine().hotplug().remove(deadState);
    IntStream pending = IntStream.empty();
    for (PerCpu cpu : perCpu) {
      workqueues.cancel(cpu.work);
      pending = IntStream.concat(pending, cpu.pendingFolios());
    }
    int[] folios = pending.toArray();
    for (PerCpu cpu : perCpu) {
      cpu.forget();
    }
    workqueues.destroy(workqueue);
    return folios;
  }

  /** By its own worker, or by another CPU's that took its batch. */
  @Override
  public boolean drains(int cpu) {
    for (PerCpu worker : perCpu) {
      boolean itsOwn = worker == perCpu[cpu] || worker.from == perCpu[cpu];
      if (itsOwn && worker.work.isBusy()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += (int) cpu.pendingFolios().count();
    }
    return sum;
  }
}
