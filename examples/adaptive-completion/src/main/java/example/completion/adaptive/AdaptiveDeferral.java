package example.completion.adaptive;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Cpu;
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

/** The bios of one run that wait: a list for each CPU, that its worker and its thread take from. */
final class AdaptiveDeferral implements CompletionDeferral {
  private final CompletionHost host;
  private final long ageNs;
  private final int priority;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final CpuHotplug hotplug;
  private final int onlineState;
  private final int deadState;
  private final PerCpu[] perCpu;

  private final class PerCpu {
    private final Cpu cpu;
    private final BioList list = new BioList();
    private final Step drain = this::drain;
    private final Work work = new Work("adaptive_work_fn", drain);
    private final KthreadWorker.Item item = new KthreadWorker.Item("adaptive_thread_fn", drain);

    /** Null while the CPU goes, is down or comes. */
    private KthreadWorker thread;

    /** When the list was last found empty by a bio: no bio in it is older. */
    private long sinceNs;

    PerCpu(Cpu cpu) {
      this.cpu = cpu;
      if (cpu.isOnline()) {
        makeThread();
      } else {
        workqueues.disable(work);
      }
    }

    private void makeThread() {
      if (thread == null) {
        thread = new KthreadWorker(host.machine(), "adaptive/" + cpu.id(), CpuMask.of(cpu.id()));
        thread.task().withFifo(priority);
      }
    }

    void add(Exec x, Bio bio) {
      boolean wasEmpty = list.isEmpty();
      list.add(bio);
      if (wasEmpty) {
        sinceNs = x.nowNs();
        workqueues.queue(x, workqueue, work);
      } else if (thread != null && x.nowNs() - sinceNs >= ageNs) {
        thread.queue(x, item);
      }
    }

    /** A step of the worker, of the thread or of a task that takes the CPU down: ends one bio. */
    private void drain(Exec x) {
      Bio bio = list.pop();
      if (bio != null) {
        x.then(drain);
        host.endBio(x, bio);
      }
    }

    void online(Exec x) {
      makeThread();
      if (work.isDisabled()) {
        workqueues.enable(work);
      }
      if (!list.isEmpty()) {
        workqueues.queue(x, workqueue, work);
      }
    }

    /** Whoever is at work ends what it has; bios that come now wait for {@link #dead}. */
    void offline(Exec x) {
      KthreadWorker leaving = thread;
      thread = null;
      if (leaving != null) {
        x.then(leaving::destroy);
      }
      workqueues.disableSync(x, work);
    }

    void dead(Exec x) {
      x.then(y -> y.setResult(0));
      drain(x);
    }
  }

  AdaptiveDeferral(CompletionHost host, long ageNs, int priority) {
    this.host = host;
    this.ageNs = ageNs;
    this.priority = priority;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "adaptive", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(host.machine().cpu(cpu));
    }
    hotplug = host.machine().hotplug();
    onlineState =
        hotplug.register(
            CpuHotplugState.AP_ONLINE_DYN,
            "adaptive:online",
            (x, cpu) -> perCpu[cpu].online(x),
            (x, cpu) -> perCpu[cpu].offline(x));
    deadState =
        hotplug.register(
            CpuHotplugState.BP_PREPARE_DYN, "adaptive:dead", null, (x, cpu) -> perCpu[cpu].dead(x));
  }

  @Override
  public void defer(Exec x, Bio bio) {
    x.charge(Cost.BIO_DEFER);
    x.irqsOff();
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  @Override
  public List<Bio> detach() {
    hotplug.remove(onlineState);
    hotplug.remove(deadState);
    List<Bio> bios = new ArrayList<>();
    for (PerCpu cpu : perCpu) {
      workqueues.cancel(cpu.work);
      if (cpu.thread != null) {
        cpu.thread.cancel(cpu.item);
        cpu.thread.stop();
      }
      cpu.list.drainTo(bios);
    }
    workqueues.destroy(workqueue);
    return bios;
  }

  @Override
  public boolean drains(int cpu) {
    KthreadWorker thread = perCpu[cpu].thread;
    return perCpu[cpu].work.isBusy() || thread != null && thread.isBusy();
  }

  @Override
  public int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += cpu.list.size();
    }
    return sum;
  }
}
