package policies.writeback.skipifbusy;

import java.util.BitSet;
import mm.core.AddressSpace;
import mm.core.PageMark;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import sim.kernel.Exec;

/** Which files are being flushed by a writer in one run. */
final class OneFlusherPerFile implements WritebackDeferral {
  private final WritebackHost host;

  /** By the mapping's id. */
  private final BitSet flushing = new BitSet();

  OneFlusherPerFile(WritebackHost host) {
    this.host = host;
  }

  @Override
  public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
    int id = mapping.id();
    if (flushing.get(id) || isBusy(mapping)) {
      return;
    }
    flushing.set(id);
    x.then(y -> flushing.clear(id));
    long pages = (countBytes + MemorySettings.PAGE_BYTES - 1) >> MemorySettings.PAGE_SHIFT;
    host.flushRangeUpTo(x, mapping, pos, countBytes, pages);
  }

  /** Under writeback, and nobody is about to be throttled. */
  private boolean isBusy(AddressSpace mapping) {
    return mapping.pages().marked(PageMark.WRITEBACK)
        && 4 * host.dirtyPages() < 3 * host.dirtyThresholdPages();
  }

  @Override
  public void detach() {
    // Dirty folios stay where they are; whoever is flushing goes on.
  }
}
