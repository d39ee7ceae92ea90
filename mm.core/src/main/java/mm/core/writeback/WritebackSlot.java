package mm.core.writeback;

import java.util.Objects;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** The writeback policy in use. There is nothing to hand over: dirty folios stay where they are. */
public final class WritebackSlot {
  private final PageCache cache;
  private final Host host = new Host();
  private WritebackDeferral deferral;
  private String id = "";

  /** Called by the page cache. */
  public WritebackSlot(PageCache cache) {
    this.cache = cache;
  }

  /** Id of the policy in use; empty before the first, and while it has left. */
  public String id() {
    return id;
  }

  /** Puts a policy in use, between two events. */
  public void use(String policyId, WritebackPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    suspend();
    deferral = Objects.requireNonNull(policy.attach(host), policyId + ": attach");
    id = policyId;
  }

  /** The policy in use leaves. No DONTCACHE write may run before the next {@link #use}. */
  public void suspend() {
    if (deferral != null) {
      deferral.detach();
      deferral = null;
      id = "";
    }
  }

  /** The DONTCACHE branch of {@code generic_write_sync}. A step function. */
  public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
    if (deferral == null) {
      throw new IllegalStateException(
          "writeback: a DONTCACHE write has ended and no policy is in use; a run with DONTCACHE"
              + " writes needs one");
    }
    deferral.afterDontcacheWrite(x, mapping, pos, countBytes);
  }

  private final class Host implements WritebackHost {
    @Override
    public Machine machine() {
      return cache.machine();
    }

    @Override
    public void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes) {
      cache.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public boolean startAll(Exec x, AddressSpace mapping) {
      return cache.writeback().startAll(x, mapping.device(), WritebackReason.DONTCACHE);
    }

    @Override
    public boolean startDontcache(Exec x, AddressSpace mapping) {
      return cache.writeback().startDontcache(x, mapping);
    }

    @Override
    public long dontcacheDirtyPages(AddressSpace mapping) {
      BdiWriteback wb = mapping.inode().wb();
      return wb == null ? 0 : wb.stat(WbStat.DONTCACHE_DIRTY);
    }
  }
}
