package policies.tck.internal.mm;

import java.util.ArrayDeque;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.dropbehind.DropbehindPolicy;
import mm.core.writeback.VmSettings;
import policies.tck.internal.Findings;
import policies.tck.internal.deferral.DeferralBench;
import sim.kernel.Exec;
import sim.kernel.machine.KernelBuild;

/** A page cache with DONTCACHE folios under writeback, which ends when the trial says so. */
final class DropbehindBench extends DeferralBench<DropbehindPolicy> {
  private static final long START_NS = 50_000_000;

  private final PageCache cache;
  private final ArrayDeque<Integer> underWriteback = new ArrayDeque<>();

  DropbehindBench(KernelBuild build, int folios, Findings findings) {
    super(DropbehindRules.BY_SUBJECT, build, findings);
    cache =
        new PageCache(
            trial().machine(),
            MemorySettings.ofBytes(1L << 30),
            VmSettings.DEFAULT.withIntervals(0, 3_000));
    TrialFileSystem files = new TrialFileSystem(cache, (x, folio) -> underWriteback.add(folio));
    OpenFile file = new OpenFile(cache.newMapping(1, cache.newBackingDevice("trial"), files));
    cache.writebackSlot().use("writeback.trial", new InlineWriteback());
    long bytes = (long) folios * MemorySettings.PAGE_BYTES;
    trial().taskAt(0, 0, x -> cache.write(x, file, 0, bytes, RwFlags.DONTCACHE));
    trial().runUntil(START_NS);
    if (underWriteback.size() != folios) {
      throw new IllegalStateException(
          underWriteback.size() + " of " + folios + " folios are under writeback");
    }
  }

  @Override
  protected long startNs() {
    return START_NS;
  }

  @Override
  protected void use(DropbehindPolicy examined) {
    cache.dropbehindSlot().use("dropbehind.examined", new ObservedDropbehind(this, examined));
  }

  @Override
  protected void useKeeper() {
    cache.dropbehindSlot().use("dropbehind.keeper", new KeepingDropbehind());
  }

  @Override
  protected void interrupt(int cpu, int folios) {
    int[] ending = new int[folios];
    for (int i = 0; i < folios; i++) {
      ending[i] = underWriteback.removeFirst();
      countMade();
    }
    raise(cpu, x -> endNext(x, ending, 0));
  }

  private void endNext(Exec x, int[] ending, int next) {
    if (next < ending.length) {
      x.then(y -> endNext(y, ending, next + 1));
      cache.endWriteback(x, ending[next]);
    }
  }

  /** A folio has come to its end, or was not wanted. */
  void ended() {
    countEnded();
  }
}
