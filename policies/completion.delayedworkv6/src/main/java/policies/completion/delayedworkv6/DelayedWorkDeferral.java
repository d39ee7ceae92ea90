package policies.completion.delayedworkv6;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.lock.LocalLock;
import sim.kernel.lock.LockClass;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.DelayedWork;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The bios of one run that wait for their CPU's timer and then its worker. */
final class DelayedWorkDeferral implements CompletionDeferral {
  private final CompletionHost host;

  /** {@code local_lock_irqsave}: of each CPU's list. */
  private final LocalLock lock = new LocalLock(new LockClass("bio_complete_batch.lock"));

  private final long delayTicks;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final CpuHotplug hotplug;
  private final int onlineState;
  private final int deadState;
  private final PerCpu[] perCpu;

  /** {@code struct bio_complete_batch}. */
  private final class PerCpu {
    private final Cpu cpu;
    private final BioList list = new BioList();
    private final BioList taken = new BioList();
    private final Step endNext = this::endNext;
    private final Step dead = this::dead;
    private final DelayedWork work = new DelayedWork("bio_complete_work_fn", this::takeList);

    PerCpu(Cpu cpu) {
      this.cpu = cpu;
      if (!cpu.isOnline()) {
        workqueues.disable(work);
      }
    }

    void add(Exec x, Bio bio) {
      boolean wasEmpty = list.isEmpty();
      list.add(bio);
      if (wasEmpty) {
        workqueues.modDelayedOn(x, cpu, workqueue, work, delayTicks);
      }
    }

    /** {@code bio_complete_work_fn}: the whole list at a time. */
    private void takeList(Exec x) {
      taken.takeAll(list);
      if (!taken.isEmpty()) {
        x.then(endNext);
      }
    }

    /** Ends a bio; behind the last, goes on only if nobody else wants the CPU. */
    private void endNext(Exec x) {
      Bio bio = taken.pop();
      if (bio != null) {
        x.then(endNext);
        host.endBio(x, bio);
      } else if (!x.needResched()) {
        takeList(x);
      } else if (!list.isEmpty()) {
        workqueues.modDelayedOn(x, cpu, workqueue, work, 0);
      }
    }

    /** The CPU is up. Nobody looks whether bios came before: those stay, and all behind them. */
    void online() {
      if (work.isDisabled()) {
        workqueues.enable(work);
      }
    }

    void offline(Exec x) {
      workqueues.disableSync(x, work);
    }

    /** The CPU is dead: the controlling task ends what it left. */
    private void dead(Exec x) {
      taken.takeAll(list);
      Bio bio = taken.pop();
      if (bio == null) {
        x.setResult(0);
        return;
      }
      x.then(dead);
      host.endBio(x, bio);
    }
  }

  DelayedWorkDeferral(CompletionHost host, long delayTicks) {
    this.host = host;
    this.delayTicks = delayTicks;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "bio_complete", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(host.machine().cpu(cpu));
    }
    hotplug = host.machine().hotplug();
    onlineState =
        hotplug.register(
            CpuHotplugState.AP_ONLINE_DYN,
            "block/bio:complete:online",
            (x, cpu) -> perCpu[cpu].online(),
            (x, cpu) -> perCpu[cpu].offline(x));
    deadState =
        hotplug.register(
            CpuHotplugState.BP_PREPARE_DYN,
            "block/bio:complete:dead",
            null,
            (x, cpu) -> perCpu[cpu].dead(x));
  }

  /** The helper as posted: it does not look whether the bio has been here before. */
  @Override
  public boolean wantsFromHandler(Exec x, Bio bio) {
    return x.inAtomic();
  }

  @Override
  public void defer(Exec x, Bio bio) {
    lock.section(x, host.machine().costNs(Cost.BIO_DEFER));
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  @Override
  public List<Bio> detach() {
    hotplug.remove(onlineState);
    hotplug.remove(deadState);
    List<Bio> bios = new ArrayList<>();
    for (PerCpu cpu : perCpu) {
      workqueues.cancel(cpu.work);
      cpu.taken.drainTo(bios);
      cpu.list.drainTo(bios);
    }
    workqueues.destroy(workqueue);
    return bios;
  }

  @Override
  public boolean drains(int cpu) {
    return perCpu[cpu].work.isBusy();
  }

  @Override
  public int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += cpu.taken.size() + cpu.list.size();
    }
    return sum;
  }
}
