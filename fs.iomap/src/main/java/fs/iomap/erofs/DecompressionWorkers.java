package fs.iomap.erofs;

import java.util.EnumSet;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.workqueue.KthreadWorker;
import sim.kernel.workqueue.Workqueue;

/**
 * Who decompresses behind an interrupt: a thread of its CPU where there are such threads ({@code
 * erofs_init_percpu_worker}), or else any worker of an unbound workqueue.
 */
final class DecompressionWorkers {
  /** {@code sched_set_fifo_low}. */
  private static final int FIFO_LOW = 1;

  private final Machine machine;
  private final DecompressionTask kind;
  private final Workqueue workqueue;

  /** Null for a CPU that has none: it goes, is down or comes, or the kernel has no such threads. */
  private final KthreadWorker[] threads;

  DecompressionWorkers(Machine machine, DecompressionTask kind) {
    this.machine = machine;
    this.kind = kind;
    workqueue =
        machine
            .workqueues()
            .alloc(
                "erofs_worker",
                Math.min(machine.cpuCount(), 2 * Workqueue.ACTIVE_DEFAULT),
                EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.HIGHPRI));
    threads = new KthreadWorker[machine.cpuCount()];
    if (kind == DecompressionTask.UNBOUND_WORKQUEUE) {
      return;
    }
    for (int cpu = 0; cpu < threads.length; cpu++) {
      if (machine.cpu(cpu).isOnline()) {
        online(cpu);
      }
    }
    machine
        .hotplug()
        .register(
            CpuHotplugState.AP_ONLINE_DYN,
            "fs/erofs:online",
            (x, cpu) -> online(cpu),
            this::offline);
  }

  private void online(int cpu) {
    if (threads[cpu] == null) {
      threads[cpu] = new KthreadWorker(machine, "erofs_worker/" + cpu, CpuMask.of(cpu));
      if (kind == DecompressionTask.CPU_RT_KTHREAD) {
        threads[cpu].task().withFifo(FIFO_LOW);
      }
    }
  }

  /** The thread does what it has before it goes; what comes later finds none. */
  private void offline(Exec x, int cpu) {
    KthreadWorker leaving = threads[cpu];
    threads[cpu] = null;
    if (leaving != null) {
      leaving.destroy(x);
    }
  }

  void queue(Exec x, ErofsRead read) {
    KthreadWorker thread = threads[x.cpu().id()];
    if (thread != null) {
      thread.queue(x, read.item());
    } else {
      machine.workqueues().queue(x, workqueue, read.work());
    }
  }
}
