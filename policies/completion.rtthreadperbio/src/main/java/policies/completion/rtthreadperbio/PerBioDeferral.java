package policies.completion.rtthreadperbio;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.Exec;

/** The bios of one run, parted by what each one asked for. */
final class PerBioDeferral implements CompletionDeferral {
  private final int cpus;
  private final ThreadBios threads;
  private final WorkqueueBios works;

  PerBioDeferral(CompletionHost host, int priority) {
    cpus = host.machine().cpuCount();
    threads = new ThreadBios(host, priority);
    works = new WorkqueueBios(host);
  }

  @Override
  public void defer(Exec x, Bio bio) {
    if (bio.has(BioFlag.COMPLETE_IN_RT_THREAD)) {
      threads.defer(x, bio);
    } else {
      works.defer(x, bio);
    }
  }

  @Override
  public List<Bio> detach() {
    threads.stop();
    works.stop();
    List<Bio> bios = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      threads.drainTo(cpu, bios);
      works.drainTo(cpu, bios);
    }
    return bios;
  }

  @Override
  public boolean drains(int cpu) {
    return threads.drains(cpu) && works.drains(cpu);
  }

  @Override
  public int pending() {
    return threads.pending() + works.pending();
  }
}
