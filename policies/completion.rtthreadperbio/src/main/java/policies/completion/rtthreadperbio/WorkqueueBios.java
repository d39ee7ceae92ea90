package policies.completion.rtthreadperbio;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionHost;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** The bios that asked for any task, and wait for their CPU's worker. */
final class WorkqueueBios {
  private final CompletionHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final CpuHotplug hotplug;
  private final int onlineState;
  private final int deadState;
  private final PerCpu[] perCpu;

  /** {@code struct bio_complete_batch}. */
  private final class PerCpu {
    private final BioList list = new BioList();
    private final BioList taken = new BioList();
    private final Step drain = this::drain;
    private final Work work = new Work("bio_complete_work_fn", drain);

    PerCpu(Cpu cpu) {
      if (!cpu.isOnline()) {
        workqueues.disable(work);
      }
    }

    /** {@code bio_queue_completion}. */
    void add(Exec x, Bio bio) {
      boolean wasEmpty = list.isEmpty();
      list.add(bio);
      if (wasEmpty) {
        workqueues.queue(x, workqueue, work);
      }
    }

    /** {@code bio_complete_work_fn}: takes the whole list, ends its bios in order, looks again. */
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

    /** The CPU is up: its worker may run, and has to if bios came before. */
    void online(Exec x) {
      if (work.isDisabled()) {
        workqueues.enable(work);
      }
      if (!list.isEmpty()) {
        workqueues.queue(x, workqueue, work);
      }
    }

    /** The CPU goes down, and still takes interrupts: bios that come now wait for {@link #dead}. */
    void offline(Exec x) {
      workqueues.disableSync(x, work);
    }

    /** The CPU is dead: the controlling task ends what it left. */
    void dead(Exec x) {
      x.then(y -> y.setResult(0));
      drain(x);
    }
  }

  WorkqueueBios(CompletionHost host) {
    this.host = host;
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
            (x, cpu) -> perCpu[cpu].online(x),
            (x, cpu) -> perCpu[cpu].offline(x));
    deadState =
        hotplug.register(
            CpuHotplugState.BP_PREPARE_DYN,
            "block/bio:complete:dead",
            null,
            (x, cpu) -> perCpu[cpu].dead(x));
  }

  void defer(Exec x, Bio bio) {
    x.charge(Cost.BIO_DEFER);
    x.irqsOff();
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  /** No CPU's work runs from now on. */
  void stop() {
    hotplug.remove(onlineState);
    hotplug.remove(deadState);
    for (PerCpu cpu : perCpu) {
      workqueues.cancel(cpu.work);
    }
    workqueues.destroy(workqueue);
  }

  void drainTo(int cpu, List<Bio> bios) {
    perCpu[cpu].taken.drainTo(bios);
    perCpu[cpu].list.drainTo(bios);
  }

  /** Whether a CPU's list is empty, or somebody will come for it. */
  boolean drains(int cpu) {
    return perCpu[cpu].list.isEmpty() || perCpu[cpu].work.isBusy();
  }

  int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += cpu.taken.size() + cpu.list.size();
    }
    return sum;
  }
}
