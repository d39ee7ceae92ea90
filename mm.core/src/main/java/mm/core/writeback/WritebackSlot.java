package mm.core.writeback;

import java.util.ArrayDeque;
import java.util.function.Consumer;
import mm.core.AddressSpace;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.PolicySeat;
import mm.core.spi.mapping.WritebackReason;
import mm.core.spi.writeback.DontcacheKick;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.wait.WaitQueue;

/**
 * The writeback policy in use. Dirty folios stay where they are at a swap; what is handed over are
 * the writers that have not been answered yet.
 *
 * <p>A DONTCACHE write that ends while the policy is missing is owed to its successor: the writer
 * sleeps in the layer, and asks again at the instant of {@link #use}. So nothing is written early,
 * late or by another rule than the one that the run names.
 */
public final class WritebackSlot {
  private final PageCache cache;
  private final PolicySeat seat;
  private final WaitQueue owed = new WaitQueue();
  private final ArrayDeque<Owed> free = new ArrayDeque<>();
  private final IdealFlushes idealFlushes;
  private WritebackDeferral deferral;
  private int unanswered;

  /** Called by the page cache. */
  public WritebackSlot(PageCache cache) {
    this.cache = cache;
    seat = new PolicySeat(cache.machine(), "writeback");
    idealFlushes = new IdealFlushes(cache);
  }

  /** Id of the policy in use, or of the one that is missing; empty before the first. */
  public String policyId() {
    return seat.policyId();
  }

  /** Whether the policy named by {@link #policyId} has left and is awaited. */
  public boolean isSuspended() {
    return seat.isSuspended();
  }

  /** Told, in the middle of an event, that the policy in use threw and was taken out of use. */
  public void onFault(Consumer<String> listener) {
    seat.onFault(listener);
  }

  /** DONTCACHE writes that have ended and wait for a policy. */
  public int pending() {
    return owed.size();
  }

  /**
   * Puts a policy in use, between two events, in the place of the one before. If it refuses,
   * nothing changes.
   *
   * @throws sim.kernel.spi.PolicyRefusedException if the policy can't serve this machine
   */
  public PolicySeat.Handover use(String id, WritebackPolicy policy) {
    WritebackDeferral successor = policy.attach(new Host(id));
    if (successor == null) {
      throw new IllegalStateException(id + ": attach returned null; it must return a deferral");
    }
    PolicySeat.Handover handover = takeOut();
    deferral = successor;
    seat.use(id, owed.size());
    owed.wakeAll(null);
    return handover;
  }

  /**
   * The policy in use leaves, or has left. The run is to be stopped until {@link #use}; DONTCACHE
   * writes that end nevertheless wait for it.
   */
  public PolicySeat.Handover suspend() {
    PolicySeat.Handover handover = takeOut();
    seat.suspend();
    return handover;
  }

  private PolicySeat.Handover takeOut() {
    WritebackDeferral leaving = deferral;
    deferral = null;
    String fault = "";
    if (leaving != null) {
      try {
        leaving.detach();
      } catch (Throwable thrown) {
        cache.machine().requireSurvivable(thrown);
        fault = policyId() + ".detach threw " + thrown;
      }
    }
    return new PolicySeat.Handover(owed.size(), fault);
  }

  /**
   * DONTCACHE writes that have ended and whose callers have not gone on: in the middle of a
   * policy's answer, or waiting for one.
   */
  public int unanswered() {
    return unanswered;
  }

  /**
   * The DONTCACHE branch of {@code generic_write_sync}. A step function; {@link #answered} follows.
   */
  public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
    unanswered++;
    ask(x, mapping, pos, countBytes);
  }

  /** The caller of {@link #afterDontcacheWrite} goes on. */
  public void answered() {
    unanswered--;
  }

  private void ask(Exec x, AddressSpace mapping, long pos, long countBytes) {
    if (deferral != null) {
      long mark = x.markAtomic();
      try {
        deferral.afterDontcacheWrite(x, mapping, pos, countBytes);
        return;
      } catch (Throwable thrown) {
        cache.machine().requireSurvivable(thrown);
        String culprit = policyId();
        seat.threw(thrown, suspend());
        x.releaseAtomicTo(mark, culprit);
      } finally {
        x.markedReturned();
      }
    }
    if (deferral != null) {
      // Whoever was told of the fault has named a successor at once.
      ask(x, mapping, pos, countBytes);
    } else if (seat.isSuspended()) {
      owe(x, mapping, pos, countBytes);
    } else {
      throw new IllegalStateException(
          "writeback: a DONTCACHE write has ended and no policy is in use; a run with DONTCACHE"
              + " writes needs one");
    }
  }

  private void owe(Exec x, AddressSpace mapping, long pos, long countBytes) {
    Owed write = free.pollLast();
    if (write == null) {
      write = new Owed();
    }
    write.mapping = mapping;
    write.pos = pos;
    write.countBytes = countBytes;
    x.then(write.again);
    owed.sleep(x);
  }

  /** A write whose writer sleeps until there is a policy. */
  private final class Owed {
    final Step again = this::again;
    private AddressSpace mapping;
    private long pos;
    private long countBytes;

    private void again(Exec x) {
      AddressSpace of = mapping;
      mapping = null;
      free.addLast(this);
      ask(x, of, pos, countBytes);
    }
  }

  /** What is offered to one use of a policy. */
  private final class Host implements WritebackHost {
    private final String id;

    Host(String id) {
      this.id = id;
    }

    private void requireRunsOwn() {
      cache.machine().requireRunsOwn(id);
    }

    @Override
    public Machine machine() {
      requireRunsOwn();
      return cache.machine();
    }

    @Override
    public void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes) {
      requireRunsOwn();
      cache.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void flushRangeUpTo(
        Exec x, AddressSpace mapping, long pos, long countBytes, long pages) {
      requireRunsOwn();
      cache.flushRangeUpTo(x, mapping, pos, countBytes, pages);
    }

    @Override
    public void flushRangeIdeally(Exec x, AddressSpace mapping, long pos, long countBytes) {
      requireRunsOwn();
      idealFlushes.begin(x, mapping, pos, countBytes);
    }

    @Override
    public boolean startAll(Exec x, AddressSpace mapping) {
      requireRunsOwn();
      return cache.writeback().startAll(x, mapping.device(), WritebackReason.DONTCACHE);
    }

    @Override
    public boolean startDontcache(Exec x, AddressSpace mapping) {
      requireRunsOwn();
      return cache.writeback().startDontcache(x, mapping, DontcacheKick.COUNTED);
    }

    @Override
    public boolean startDontcache(Exec x, AddressSpace mapping, DontcacheKick kick) {
      requireRunsOwn();
      return cache.writeback().startDontcache(x, mapping, kick);
    }

    @Override
    public long dirtyPages() {
      requireRunsOwn();
      return cache.stats().get(NodeStat.FILE_DIRTY);
    }

    @Override
    public long dirtyThresholdPages() {
      requireRunsOwn();
      return cache.writeback().thresholdPages();
    }

    @Override
    public long dontcacheDirtyPages(AddressSpace mapping) {
      requireRunsOwn();
      BdiWriteback wb = mapping.inode().wb();
      return wb == null ? 0 : wb.stat(WbStat.DONTCACHE_DIRTY);
    }
  }
}
