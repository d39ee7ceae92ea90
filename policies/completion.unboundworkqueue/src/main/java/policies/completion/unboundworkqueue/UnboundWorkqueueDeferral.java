package policies.completion.unboundworkqueue;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;
import sim.kernel.workqueue.Workqueues;

/**
 * The bios of one run that wait for a worker of their cache. A list belongs to its work item, not
 * to the CPU that runs it, so a CPU that goes leaves nothing behind.
 */
final class UnboundWorkqueueDeferral implements CompletionDeferral {
  private static final int ACTIVE_MAX = 2048;

  private final CompletionHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final PerCpu[] perCpu;

  /** One CPU's list and its work. */
  private final class PerCpu {
    private final BioList list = new BioList();
    private final BioList taken = new BioList();
    private final Step drain = this::drain;
    private final Work work = new Work("bio_complete_work_fn", drain);

    void add(Exec x, Bio bio) {
      boolean wasEmpty = list.isEmpty();
      list.add(bio);
      if (wasEmpty) {
        workqueues.queue(x, workqueue, work);
      }
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
  }

  UnboundWorkqueueDeferral(CompletionHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    perCpu = new PerCpu[host.machine().cpuCount()];
    workqueue =
        workqueues.alloc(
            "bio_complete",
            Math.min(perCpu.length, ACTIVE_MAX),
            EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.HIGHPRI));
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu();
    }
  }

  @Override
  public void defer(Exec x, Bio bio) {
    x.charge(Cost.BIO_DEFER);
    x.irqsOff();
    perCpu[x.smpProcessorId()].add(x, bio);
  }

  @Override
  public List<Bio> detach() {
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
