package policies.completion.workqueue;

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

/** The bios of one run that wait for their CPU's worker. */
final class WorkqueueDeferral implements CompletionDeferral {
  private final CompletionHost host;
  private final Workqueues workqueues;
  private final Workqueue workqueue;
  private final PerCpu[] perCpu;

  /** {@code struct bio_complete_batch}. */
  private final class PerCpu {
    private final BioList list = new BioList();
    private final BioList taken = new BioList();
    private final Step drain = this::drain;
    private final Work work = new Work("bio_complete_work_fn", drain);

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
  }

  WorkqueueDeferral(CompletionHost host) {
    this.host = host;
    workqueues = host.machine().workqueues();
    workqueue =
        workqueues.alloc(
            "bio_complete", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu();
    }
  }

  @Override
  public void defer(Exec x, Bio bio) {
    x.charge(Cost.BIO_DEFER);
    x.irqsOff();
    perCpu[x.cpu().id()].add(x, bio);
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
  public int pending() {
    int sum = 0;
    for (PerCpu cpu : perCpu) {
      sum += cpu.taken.size() + cpu.list.size();
    }
    return sum;
  }
}
