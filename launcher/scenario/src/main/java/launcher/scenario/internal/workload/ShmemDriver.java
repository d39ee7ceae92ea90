package launcher.scenario.internal.workload;

import java.util.List;
import mm.core.AddressSpace;
import mm.core.reclaim.MemorySettings;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * A driver that writes shared memory out, whoever reclaims, as a graphics driver's shrinker does by
 * {@code shmem_writeout}: page after page, each that it finds unlocked, dirty and not mapped.
 */
final class ShmemDriver {
  private static final int PAGES_PER_LOOK = 256;

  private final RunParts parts;
  private final JobControl control;
  private final List<WorkFile> files;
  private final long everyNs;
  private final Step look = this::look;
  private final Step page = this::page;
  private final Step sleep = this::sleep;
  private Task task;
  private int file;
  private long index;
  private int left;

  ShmemDriver(RunParts parts, JobControl control, List<WorkFile> files, long everyNs) {
    this.parts = parts;
    this.control = control;
    this.files = files;
    this.everyNs = everyNs;
  }

  void start() {
    task = parts.machine().spawn("shmem-driver", parts.machine().allCpus(), look);
  }

  private void look(Exec x) {
    if (!control.isEnded()) {
      left = PAGES_PER_LOOK;
      x.then(sleep);
      x.then(page);
    }
  }

  private void page(Exec x) {
    x.charge(Cost.FOLIO_LOOKUP);
    AddressSpace memory = files.get(file).mapping;
    parts.cache().swap().writeOut(x, memory, index);
    if (++index == memory.sizeBytes() >> MemorySettings.PAGE_SHIFT) {
      index = 0;
      file = (file + 1) % files.size();
    }
    if (--left > 0) {
      x.then(page);
    }
  }

  private void sleep(Exec x) {
    x.then(look);
    parts.machine().events().schedule(x.nowNs() + everyNs, unused -> task.wake(), 0);
    x.block();
  }
}
