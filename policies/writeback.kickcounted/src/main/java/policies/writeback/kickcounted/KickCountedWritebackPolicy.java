package policies.writeback.kickcounted;

import mm.core.AddressSpace;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import org.osgi.service.component.annotations.Component;
import sim.kernel.Exec;
import sim.kernel.spi.PolicyId;
import sim.kernel.spi.PolicySource;

/**
 * The writer wakes its inode's flusher and returns, as the series that was merged for 7.2 does: the
 * flusher writes as many pages as are dirty and dropbehind, of the oldest inodes first, whosever
 * pages these are, and at least 4 MiB an inode.
 */
@Component(name = KickCountedWritebackPolicy.ID)
@PolicyId(KickCountedWritebackPolicy.ID)
@PolicySource("mm/filemap.c filemap_dontcache_kick_writeback(), 7.2")
public final class KickCountedWritebackPolicy implements WritebackPolicy {
  static final String ID = "writeback.kick-counted";

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new WritebackDeferral() {
      @Override
      public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
        host.startDontcache(x, mapping);
      }

      @Override
      public void detach() {
        // Dirty folios stay where they are: nothing is pending here.
      }
    };
  }
}
