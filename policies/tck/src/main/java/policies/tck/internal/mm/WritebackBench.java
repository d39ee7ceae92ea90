package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackPolicy;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import policies.tck.TckRule;
import policies.tck.internal.Findings;
import policies.tck.internal.Stopped;
import policies.tck.internal.TrialMachine;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.machine.KernelBuild;

/**
 * A page cache on which tasks make DONTCACHE writes, and a device that takes 100 us for any page.
 */
final class WritebackBench {
  /** Virtual time in which a write is to be written. */
  static final long SOON_NS = 1_000_000_000;

  private static final int IRQ = 43;
  private static final long LATENCY_NS = 100_000;
  private static final int FILES = 4;

  private final TrialMachine trial;
  private final PageCache cache;
  private final List<OpenFile> files = new ArrayList<>();
  private final List<Long> nextPages = new ArrayList<>();
  private TckRule written = WritebackRules.WRITTEN;
  private TckRule returns = WritebackRules.RETURNS;
  private ObservedWriteback observed;
  private int writes;
  private int returned;

  WritebackBench(KernelBuild build, Findings findings) {
    trial = new TrialMachine(build, WritebackRules.COMMON, findings);
    trial.onComplaint(
        complaint -> {
          if (observed != null) {
            throw trial.stop(WritebackRules.CLEAN_CONTEXT, complaint.text());
          }
        });
    cache =
        new PageCache(
            trial.machine(),
            MemorySettings.ofBytes(1L << 30),
            VmSettings.DEFAULT.withIntervals(0, 3_000));
    BackingDevice device = cache.newBackingDevice("trial");
    TrialFileSystem system = new TrialFileSystem(cache, this::submitted);
    for (int i = 1; i <= FILES; i++) {
      files.add(new OpenFile(cache.newMapping(i, device, system)));
      nextPages.add(0L);
    }
  }

  private void submitted(Exec x, int folio) {
    int cpu = x.cpu().id();
    trial.at(
        x.nowNs() + x.chargedNs() + LATENCY_NS,
        () -> trial.machine().cpu(cpu).raiseIrq(IRQ, y -> cache.endWriteback(y, folio)));
  }

  /** Names other rules for what is not written, and for writers that don't return. */
  WritebackBench blaming(TckRule notWritten, TckRule notReturned) {
    written = notWritten;
    returns = notReturned;
    return this;
  }

  TrialMachine trial() {
    return trial;
  }

  /** Puts the policy in use under observation, now. */
  void use(WritebackPolicy examined) {
    observed = new ObservedWriteback(this, examined);
    cache.writebackSlot().use("writeback.examined", observed);
  }

  /** Puts a policy in use that is not examined, now. */
  void useInline() {
    cache.writebackSlot().use("writeback.inline", new InlineWriteback());
  }

  /** Takes whatever is in use out, now: writers that come to the end of their write wait. */
  void suspend() {
    cache.writebackSlot().suspend();
  }

  boolean isOurs(AddressSpace mapping) {
    return files.stream().anyMatch(file -> file.mapping() == mapping);
  }

  /** A task on these CPUs appends pages to a file. */
  void writeAt(long timeNs, CpuMask cpus, int file, int pages) {
    trial.at(timeNs, () -> write(cpus, file, pages));
  }

  /** As {@link #writeAt}, now. */
  void write(CpuMask cpus, int file, int pages) {
    long page = nextPages.get(file);
    nextPages.set(file, page + pages);
    writes++;
    trial
        .machine()
        .spawn(
            "writer",
            cpus,
            x -> {
              x.then(y -> returned++);
              cache.write(
                  x,
                  files.get(file),
                  page * MemorySettings.PAGE_BYTES,
                  (long) pages * MemorySettings.PAGE_BYTES,
                  RwFlags.DONTCACHE);
            });
  }

  /** Runs until all is done that can be; every writer has returned then. */
  void finishReturns() {
    trial.runUntil(trial.machine().nowNs() + SOON_NS);
    if (returned != writes) {
      throw trial.stop(returns, returned + " of " + writes + " writers have returned");
    }
  }

  /** Pages that are dirty. */
  long dirtyPages() {
    return cache.stats().get(NodeStat.FILE_DIRTY);
  }

  /** As {@link #finishReturns}, and everything is written then. */
  void finish() {
    finishReturns();
    if (dirtyPages() > 0) {
      throw trial.stop(written, dirtyPages() + " pages are dirty and stay so");
    }
  }

  Stopped stop(TckRule rule, String reason) {
    return trial.stop(rule, reason);
  }

  Stopped stop(Throwable thrown) {
    return trial.stop(thrown);
  }
}
