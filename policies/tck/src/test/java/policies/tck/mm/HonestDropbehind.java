package policies.tck.mm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/** Keeps every rule, by a list and a work item a CPU. Offenders are made from it. */
class HonestDropbehind implements DropbehindPolicy {
  @Override
  public DropbehindDeferral attach(DropbehindHost host) {
    return new Deferral(host);
  }

  /** The state of one use; each offender replaces one of its methods. */
  static class Deferral implements DropbehindDeferral {
    final DropbehindHost host;
    final Workqueues workqueues;
    final Workqueue workqueue;
    final List<PerCpu> perCpu = new ArrayList<>();
    private final CpuHotplug hotplug;
    private final int onlineState;
    private final int deadState;

    Deferral(DropbehindHost host) {
      this.host = host;
      workqueues = host.machine().workqueues();
      workqueue =
          workqueues.alloc(
              "honest", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
      for (int cpu = 0; cpu < host.machine().cpuCount(); cpu++) {
        perCpu.add(newPerCpu(cpu));
        if (!host.machine().cpu(cpu).isOnline()) {
          workqueues.disable(perCpu.get(cpu).work);
        }
      }
      hotplug = host.machine().hotplug();
      onlineState =
          hotplug.register(
              CpuHotplugState.AP_ONLINE_DYN,
              "honest:online",
              (x, cpu) -> perCpu.get(cpu).online(x),
              (x, cpu) -> workqueues.disableSync(x, perCpu.get(cpu).work));
      deadState =
          hotplug.register(
              CpuHotplugState.BP_PREPARE_DYN,
              "honest:dead",
              null,
              (x, cpu) -> perCpu.get(cpu).dead(x));
    }

    PerCpu newPerCpu(int cpu) {
      return new PerCpu();
    }

    @Override
    public boolean defer(Exec x, int folio) {
      x.charge(Cost.FOLIO_DEFER);
      x.irqsOff();
      perCpu.get(x.cpu().id()).add(x, folio);
      return true;
    }

    @Override
    public int[] detach() {
      leave();
      List<Integer> folios = new ArrayList<>();
      for (PerCpu cpu : perCpu) {
        folios.addAll(cpu.list);
        cpu.list.clear();
      }
      return folios.stream().mapToInt(folio -> folio).toArray();
    }

    final void leave() {
      hotplug.remove(onlineState);
      hotplug.remove(deadState);
      perCpu.forEach(cpu -> workqueues.cancel(cpu.work));
      workqueues.destroy(workqueue);
    }

    @Override
    public int pending() {
      return perCpu.stream().mapToInt(cpu -> cpu.list.size()).sum();
    }

    /** One CPU's list and work. */
    class PerCpu {
      ArrayDeque<Integer> list = new ArrayDeque<>();
      final Step drain = this::drain;
      final Work work = new Work("honest_work_fn", drain);

      void add(Exec x, int folio) {
        list.addLast(folio);
        workqueues.queue(x, workqueue, work);
      }

      Integer next() {
        return list.pollFirst();
      }

      void drain(Exec x) {
        Integer folio = next();
        if (folio != null) {
          x.then(drain);
          host.endDropbehind(x, folio);
        }
      }

      void dead(Exec x) {
        x.then(y -> y.setResult(0));
        drain(x);
      }

      void online(Exec x) {
        if (work.isDisabled()) {
          workqueues.enable(work);
        }
        if (!list.isEmpty()) {
          workqueues.queue(x, workqueue, work);
        }
      }
    }
  }
}
