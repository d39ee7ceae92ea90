package policies.writeback.lazy;

import mm.core.AddressSpace;
import mm.core.PageMark;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer writes its own range out, but not while any page of its file is under writeback, and
 * no more pages than it has just written: the experiment RWF_DONTCACHE_LAZY. What it skips stays
 * dirty until the flusher finds it.
 */
@Component(name = LazyWritebackPolicy.ID)
@PolicyId(LazyWritebackPolicy.ID)
@PolicySource("mm/filemap.c, RWF_DONTCACHE_LAZY as posted in March 2026, not merged")
public final class LazyWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.lazy";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        if (!mapping.pages().marked(PageMark.WRITEBACK)) {
          long pages = (countBytes + MemorySettings.PAGE_BYTES - 1) >> MemorySettings.PAGE_SHIFT;
          host.flushRangeUpTo(x, mapping, pos, countBytes, pages);
        }
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
