package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.spi.writeback.DontcacheKick;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.spi.PolicyRefusedException;

/** Stands between the page cache and a policy, and judges all that passes. */
final class ObservedWriteback implements WritebackPolicy {
  /** Nanoseconds by which one call may cost more than the first. */
  private static final long EXCESS_NS = 20_000;

  private final WritebackBench bench;
  private final WritebackPolicy policy;

  ObservedWriteback(WritebackBench bench, WritebackPolicy policy) {
    this.bench = bench;
    this.policy = policy;
  }

  @Override
  public WritebackDeferral attach(WritebackHost host) {
    return new Use(host);
  }

  private final class Use implements WritebackHost, WritebackDeferral {
    private final WritebackHost host;
    private final WritebackDeferral deferral;

    /** Writers whose call has begun and not returned. */
    private final List<Exec> inside = new ArrayList<>();

    private boolean detached;
    private long firstCallNs = -1;

    Use(WritebackHost host) {
      this.host = host;
      deferral = attached();
      if (deferral == null) {
        throw bench.stop(WritebackRules.THROWS_NOTHING, "attach returned null");
      }
    }

    private WritebackDeferral attached() {
      try {
        return policy.attach(this);
      } catch (PolicyRefusedException refused) {
        throw refused;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      inside.add(x);
      x.then(y -> inside.remove(y));
      long beforeNs = x.chargedNs();
      try {
        deferral.afterDontcacheWrite(x, mapping, pos, countBytes);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
      long costNs = x.chargedNs() - beforeNs;
      if (firstCallNs < 0) {
        firstCallNs = costNs;
      } else if (costNs > firstCallNs + EXCESS_NS) {
        throw bench.stop(
            WritebackRules.BOUNDED_WORK,
            "the call cost %d ns in one step, and %d ns the first time"
                .formatted(costNs, firstCallNs));
      }
    }

    @Override
    public void detach() {
      detached = true;
      try {
        deferral.detach();
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
    }

    private void verify(Exec x, AddressSpace mapping, String call) {
      if (!bench.isOurs(mapping)) {
        throw bench.stop(
            WritebackRules.NOTHING_SHARED, call + " of a file that belongs to another run");
      }
      if (detached && !inside.contains(x)) {
        throw bench.stop(WritebackRules.DETACH, call + " after detach, in " + x);
      }
    }

    @Override
    public Machine machine() {
      return host.machine();
    }

    @Override
    public void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes) {
      verify(x, mapping, "flushRange");
      host.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void flushRangeUpTo(
        Exec x, AddressSpace mapping, long pos, long countBytes, long pages) {
      verify(x, mapping, "flushRangeUpTo");
      host.flushRangeUpTo(x, mapping, pos, countBytes, pages);
    }

    @Override
    public void flushRangeIdeally(Exec x, AddressSpace mapping, long pos, long countBytes) {
      verify(x, mapping, "flushRangeIdeally");
      host.flushRangeIdeally(x, mapping, pos, countBytes);
    }

    @Override
    public boolean startAll(Exec x, AddressSpace mapping) {
      verify(x, mapping, "startAll");
      return host.startAll(x, mapping);
    }

    @Override
    public boolean startDontcache(Exec x, AddressSpace mapping) {
      verify(x, mapping, "startDontcache");
      return host.startDontcache(x, mapping);
    }

    @Override
    public boolean startDontcache(Exec x, AddressSpace mapping, DontcacheKick kick) {
      verify(x, mapping, "startDontcache");
      return host.startDontcache(x, mapping, kick);
    }

    @Override
    public long dirtyPages() {
      return host.dirtyPages();
    }

    @Override
    public long dirtyThresholdPages() {
      return host.dirtyThresholdPages();
    }

    @Override
    public long dontcacheDirtyPages(AddressSpace mapping) {
      return host.dontcacheDirtyPages(mapping);
    }
  }
}
