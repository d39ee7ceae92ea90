package launcher.scenario.internal.workload;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import launcher.fio.job.FioJob;
import launcher.fio.job.JobFiles.ReadAheadHint;
import launcher.fio.sequence.IoDirection;
import mm.core.PageCache;
import mm.core.ReadAdvice;
import mm.core.file.PageFaults;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.reclaim.MemorySettings;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/** Loads and stores in a mapping of each file; what fio takes for an fsync is an msync. */
final class MmapEngine implements JobEngine {
  private final JobThread job;
  private final PageCache cache;
  private final ReadAdvice advice;
  private final PageFaults faults;
  private final Mm mm;
  private final Map<JobFile, Vma> parts = new IdentityHashMap<>();
  private final List<JobFile> order = new ArrayList<>();
  private final Step accessNext = this::accessNext;
  private final Step accessed = this::accessed;
  private final Step copied = this::copied;
  private final Step msynced = this::msynced;

  private IoUnit unit;
  private Vma vma;
  private long pos;
  private long end;

  MmapEngine(JobThread thread, FioJob spec, PageCache cache, int cpuCount) {
    job = thread;
    advice = adviceOf(spec);
    this.cache = cache;
    faults = new PageFaults(cache);
    mm = new Mm(job.toString(), cpuCount);
  }

  /** {@code fio_madvise_file}: any hint has fio say what the mode is. */
  private static ReadAdvice adviceOf(FioJob spec) {
    if (spec.files().readAheadHint() == ReadAheadHint.NONE) {
      return ReadAdvice.NORMAL;
    }
    return spec.rw().random() ? ReadAdvice.RANDOM : ReadAdvice.SEQUENTIAL;
  }

  @Override
  public void queue(Exec x, IoUnit next) {
    unit = next;
    job.submitted(x, next);
    mm.ranOn(x.cpu().id());
    if (!next.direction().transfers()) {
      x.charge(Cost.SYSCALL);
      x.then(msynced);
      cache.fsync(x, next.file().open());
      return;
    }
    vma = map(x, next.file());
    pos = next.file().file().baseBytes + next.offset();
    end = pos + next.length();
    x.then(accessNext);
  }

  /** The whole file is mapped when it is used first. */
  private Vma map(Exec x, JobFile file) {
    Vma known = parts.get(file);
    if (known != null) {
      return known;
    }
    WorkFile on = file.file();
    long pages = on.usedBytes + MemorySettings.PAGE_BYTES - 1 >> MemorySettings.PAGE_SHIFT;
    if (pages > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          on + ": " + on.usedBytes + " bytes; a mapping has up to 8 TiB");
    }
    x.charge(Cost.SYSCALL);
    long first = on.baseBytes >> MemorySettings.PAGE_SHIFT;
    Vma made = cache.mapped().map(mm, on.mapping, first, (int) pages);
    made.advise(advice);
    parts.put(file, made);
    order.add(file);
    return made;
  }

  private void accessNext(Exec x) {
    boolean store = unit.direction() == IoDirection.WRITE;
    x.then(accessed);
    faults.access(x, unit.file().open(), vma, pos >> MemorySettings.PAGE_SHIFT, store);
  }

  private void accessed(Exec x) {
    if (x.result() < 0) {
      unit.fail((int) -x.result());
      job.completed(x, unit);
      return;
    }
    long next = Math.min(end, (pos | MemorySettings.PAGE_BYTES - 1) + 1);
    long copyNs = cache.machine().costNs(Cost.PAGE_COPY);
    x.chargeUser(copyNs * (next - pos) / MemorySettings.PAGE_BYTES);
    pos = next;
    x.then(pos < end ? accessNext : copied);
  }

  private void copied(Exec x) {
    unit.completeAtOnce();
    job.completed(x, unit);
  }

  private void msynced(Exec x) {
    if (x.result() < 0) {
      unit.fail((int) -x.result());
    } else {
      unit.completeAtOnce();
    }
    x.returnToUser();
    job.completed(x, unit);
  }

  @Override
  public void close(Exec x) {
    for (JobFile file : order) {
      cache.mapped().unmap(x, parts.get(file));
    }
  }

  @Override
  public void commit(Exec x) {
    // Nothing is ever queued.
  }

  @Override
  public void await(Exec x, int min, int max) {
    throw new IllegalStateException(x + ": a mapping has nothing in flight");
  }
}
