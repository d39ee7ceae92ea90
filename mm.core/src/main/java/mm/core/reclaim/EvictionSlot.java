package mm.core.reclaim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mm.core.PageCache;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import sim.kernel.Machine;

/** The eviction policy in use, and the tasks that evict by it. */
public final class EvictionSlot {
  private final PageCache cache;
  private final Tlbs tlbs;
  private final EvictionHost host;
  private final List<TaskEviction> evictions = new ArrayList<>();
  private EvictionDeferral deferral;
  private String id = "";

  /** Called by the page cache. */
  public EvictionSlot(PageCache cache) {
    this.cache = cache;
    Machine machine = cache.machine();
    tlbs = new Tlbs(machine);
    host = () -> machine;
  }

  /** Id of the policy in use; empty before the first, and while it has left. */
  public String id() {
    return id;
  }

  /** The TLBs and what flushing them has cost. */
  public Tlbs tlbs() {
    return tlbs;
  }

  /**
   * Puts a policy in use, between two events; what the one before has pending goes to it.
   *
   * @return how many folios were handed over
   */
  public int use(String policyId, EvictionPolicy policy) {
    Objects.requireNonNull(policy, "policy");
    int handedOver = suspend();
    deferral = policy.attach(host);
    id = policyId;
    for (TaskEviction eviction : evictions) {
      eviction.enterPolicy();
    }
    return handedOver;
  }

  /**
   * The policy in use leaves: takes back what it has pending. Nothing may run before {@link #use}.
   *
   * @return how many folios it handed back
   */
  public int suspend() {
    if (deferral == null) {
      return 0;
    }
    int back = 0;
    for (TaskEviction eviction : evictions) {
      back += eviction.leavePolicy();
    }
    deferral.detach();
    deferral = null;
    id = "";
    return back;
  }

  EvictionBatch newBatch(TaskEviction eviction) {
    if (deferral == null) {
      throw new IllegalStateException(
          "eviction: a mapped folio is to be evicted and no policy is in use; a run with mapped"
              + " files needs one");
    }
    return Objects.requireNonNull(deferral.newBatch(eviction), id + ": newBatch");
  }

  /** Lends out an eviction for one list of folios; {@link #release} takes it back. */
  public TaskEviction acquire(TaskEviction.Owner owner) {
    for (int i = 0; i < evictions.size(); i++) {
      if (evictions.get(i).isIdle()) {
        evictions.get(i).begin(owner);
        return evictions.get(i);
      }
    }
    TaskEviction eviction = new TaskEviction(this, cache);
    evictions.add(eviction);
    eviction.begin(owner);
    return eviction;
  }

  /** Takes an eviction back whose list has been flushed. */
  public void release(TaskEviction eviction) {
    eviction.end();
  }
}
