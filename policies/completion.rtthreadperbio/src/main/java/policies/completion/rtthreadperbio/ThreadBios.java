package policies.completion.rtthreadperbio;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionHost;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.KthreadWorker;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/**
 * The bios that asked for a thread, and wait for their CPU's thread; or, where there is none
 * because the CPU is going or coming, for a worker of an unbound workqueue.
 */
final class ThreadBios {
  private final CompletionHost host;
  private final int priority;
  private final CpuHotplug hotplug;
  private final int onlineState;
  private final PerCpu[] perCpu;
  private final Workqueues workqueues;
  private final Workqueue workqueue;

  /** One CPU's thread and its list. */
  private final class PerCpu {
    private final int cpu;
    private final BioList list = new BioList();
    private final Step drain = this::drain;
    private final KthreadWorker.Item item = new KthreadWorker.Item("bio_complete_work_fn", drain);
    private final Work work = new Work("bio_complete_work_fn", drain);

    /** Null while the CPU goes, is down or comes. */
    private KthreadWorker worker;

    PerCpu(int cpu) {
      this.cpu = cpu;
      if (host.machine().cpu(cpu).isOnline()) {
        online();
      }
    }

    /** {@code erofs_init_percpu_worker}. */
    void online() {
      if (worker == null) {
        worker = new KthreadWorker(host.machine(), "bio_complete/" + cpu, CpuMask.of(cpu));
        worker.task().withFifo(priority);
      }
    }

    /** The thread ends what it has before it goes; the next bios find none. */
    void offline(Exec x) {
      KthreadWorker leaving = worker;
      worker = null;
      if (leaving != null) {
        leaving.destroy(x);
      }
    }

    void add(Exec x, Bio bio) {
      list.add(bio);
      if (worker == null) {
        workqueues.queue(x, workqueue, work);
      } else {
        worker.queue(x, item);
      }
    }

    private void drain(Exec x) {
      Bio bio = list.pop();
      if (bio != null) {
        x.then(drain);
        host.endBio(x, bio);
      }
    }
  }

  ThreadBios(CompletionHost host, int priority) {
    this.host = host;
    this.priority = priority;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "bio_complete",
            Workqueue.ACTIVE_DEFAULT,
            EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.HIGHPRI));
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(cpu);
    }
    hotplug = host.machine().hotplug();
    onlineState =
        hotplug.register(
            CpuHotplugState.AP_ONLINE_DYN,
            "block/bio:complete:online",
            (x, cpu) -> perCpu[cpu].online(),
            (x, cpu) -> perCpu[cpu].offline(x));
  }

  void defer(Exec x, Bio bio) {
    x.charge(Cost.BIO_DEFER);
    x.irqsOff();
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  /** No CPU's thread or work runs from now on. */
  void stop() {
    hotplug.remove(onlineState);
    for (PerCpu cpu : perCpu) {
      if (cpu.worker != null) {
        cpu.worker.cancel(cpu.item);
        cpu.worker.stop();
      }
      workqueues.cancel(cpu.work);
    }
    workqueues.destroy(workqueue);
  }

  void drainTo(int cpu, List<Bio> bios) {
    perCpu[cpu].list.drainTo(bios);
  }

  /** Whether a CPU's list is empty, or somebody will come for it. */
  boolean drains(int cpu) {
    PerCpu there = perCpu[cpu];
    boolean threadComes = there.worker != null && there.worker.isBusy();
    return there.list.isEmpty() || threadComes || there.work.isBusy();
  }

  int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += cpu.list.size();
    }
    return sum;
  }
}
