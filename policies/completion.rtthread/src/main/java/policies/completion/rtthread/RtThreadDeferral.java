package policies.completion.rtthread;

import block.bio.Bio;
import block.bio.BioList;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.KthreadWorker;

/** The bios of one run that wait for their CPU's thread. */
final class RtThreadDeferral implements CompletionDeferral {
  private final CompletionHost host;
  private final PerCpu[] perCpu;

  /** One CPU's thread and its list. */
  private final class PerCpu {
    private final BioList list = new BioList();
    private final Step drain = this::drain;
    private final KthreadWorker worker;
    private final KthreadWorker.Item item = new KthreadWorker.Item("bio_complete_work_fn", drain);

    PerCpu(int cpu, int priority) {
      worker = new KthreadWorker(host.machine(), "bio_complete/" + cpu, CpuMask.of(cpu));
      worker.task().withFifo(priority);
    }

    void add(Exec x, Bio bio) {
      list.add(bio);
      worker.queue(x, item);
    }

    private void drain(Exec x) {
      Bio bio = list.pop();
      if (bio != null) {
        x.then(drain);
        host.endBio(x, bio);
      }
    }
  }

  RtThreadDeferral(CompletionHost host, int priority) {
    this.host = host;
    perCpu = new PerCpu[host.machine().cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(cpu, priority);
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
      cpu.worker.cancel(cpu.item);
      cpu.list.drainTo(bios);
      cpu.worker.stop();
    }
    return bios;
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
