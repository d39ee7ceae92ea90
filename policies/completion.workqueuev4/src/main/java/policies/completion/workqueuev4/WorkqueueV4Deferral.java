package policies.completion.workqueuev4;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.lock.LocalLock;
import sim.kernel.lock.LockClass;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The bios of one run that wait for their CPU's worker, v4. */
final class WorkqueueV4Deferral implements CompletionDeferral {
  private final CompletionHost host;

  /** {@code local_lock_irqsave}: of each CPU's list. */
  private final LocalLock lock = new LocalLock(new LockClass("bio_complete_batch.lock"));

  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final CpuHotplug hotplug;
  private final int deadState;
  private final PerCpu[] perCpu;

  /** One CPU's list and its work. */
  private final class PerCpu {
    private final BioList list = new BioList();
    private final BioList taken = new BioList();
    private final Step drain = this::drain;
    private final Work work = new Work("bio_complete_work_fn", drain);

    void add(Exec x, Bio bio) {
      list.add(bio);
      workqueues.queue(x, workqueue, work);
    }

    private void drain(Exec x) {
      if (taken.isEmpty()) {
        taken.takeAll(list);
      }
      Bio bio = taken.pop();
      if (bio != null) {
        x.then(drain);
        host.endBio(x, bio);
      }
    }

    /** The CPU is dead: the controlling task ends what it left. Its work was never disabled. */
    void dead(Exec x) {
      x.then(y -> y.setResult(0));
      drain(x);
    }
  }

  WorkqueueV4Deferral(CompletionHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "bio_complete", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu();
    }
    hotplug = host.machine().hotplug();
    deadState =
        hotplug.register(
            CpuHotplugState.BP_PREPARE_DYN,
            "block/bio:complete:dead",
            null,
            (x, cpu) -> perCpu[cpu].dead(x));
  }

  /** Not in a task: unlike {@code bio_in_atomic()}, blind to spinlocks and RCU readers in one. */
  @Override
  public boolean wants(Exec x, Bio bio) {
    return !x.inTask();
  }

  @Override
  public void defer(Exec x, Bio bio) {
    lock.section(x, host.machine().costNs(Cost.BIO_DEFER));
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  @Override
  public List<Bio> detach() {
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
