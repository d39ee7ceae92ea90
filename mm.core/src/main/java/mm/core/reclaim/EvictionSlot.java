package mm.core.reclaim;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import mm.core.PageCache;
import mm.core.PolicySeat;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Rule;
import sim.kernel.wait.WaitQueue;

/**
 * The eviction policy in use, and the tasks that evict by it.
 *
 * <p>A mapped folio that is to be evicted while the policy is missing stays locked and mapped in
 * the custody of its task, which goes on with the rest of its list and then sleeps until a policy
 * is in use.
 */
public final class EvictionSlot {
  private final Tlbs tlbs;
  private final PageCache cache;
  private final PolicySeat seat;
  private final EvictionHost host;
  private final List<TaskEviction> evictions = new ArrayList<>();
  private final WaitQueue missed = new WaitQueue();
  private EvictionDeferral deferral;
  private CustodyBound bound = CustodyBound.USUAL;

  /** Folios of all tasks whose TLB entries are not flushed. */
  private int unflushedFolios;

  /** Called by the page cache. */
  public EvictionSlot(PageCache cache) {
    this.cache = cache;
    Machine machine = cache.machine();
    tlbs = new Tlbs(cache);
    seat = new PolicySeat(machine, "eviction");
    host =
        () -> {
          machine.requireRunsOwn(policyId());
          return machine;
        };
  }

  /** How many folios a policy may have pending at one time of the list of one task. */
  public void setBound(CustodyBound most) {
    bound = Objects.requireNonNull(most, "most");
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

  /** Folios that are being evicted and not finished, whoever has them. */
  public int pending() {
    int sum = 0;
    for (int i = 0; i < evictions.size(); i++) {
      sum += evictions.get(i).pending();
    }
    return sum;
  }

  /** The TLBs and what flushing them has cost. */
  public Tlbs tlbs() {
    return tlbs;
  }

  /**
   * Puts a policy in use, between two events; what the one before has pending goes to it, when the
   * task that evicts goes on. If it refuses, nothing changes.
   *
   * @throws sim.kernel.spi.PolicyRefusedException if the policy can't serve this machine
   */
  public PolicySeat.Handover use(String id, EvictionPolicy policy) {
    EvictionDeferral successor = policy.attach(host);
    if (successor == null) {
      throw new IllegalStateException(id + ": attach returned null; it must return a deferral");
    }
    PolicySeat.Handover handover = takeOut();
    deferral = successor;
    seat.use(id, pending());
    missed.wakeAll(null);
    return handover;
  }

  /**
   * The policy in use leaves, or has left: what it has pending is taken back. The run is to be
   * stopped until {@link #use} brings the same id back.
   */
  public PolicySeat.Handover suspend() {
    PolicySeat.Handover handover = takeOut();
    seat.suspend();
    return handover;
  }

  private PolicySeat.Handover takeOut() {
    if (deferral == null) {
      return PolicySeat.Handover.NONE;
    }
    EvictionDeferral leaving = deferral;
    deferral = null;
    int back = 0;
    String fault = "";
    for (TaskEviction eviction : evictions) {
      back += eviction.inPolicy();
      String ofBatch = eviction.leavePolicy();
      fault = fault.isEmpty() ? ofBatch : fault;
    }
    try {
      leaving.detach();
    } catch (Throwable thrown) {
      cache.machine().requireSurvivable(thrown);
      fault = fault.isEmpty() ? "detach threw " + thrown : fault;
    }
    return new PolicySeat.Handover(back, fault.isEmpty() ? "" : policyId() + "." + fault);
  }

  void countUnflushed(int folios) {
    unflushedFolios += folios;
  }

  /** Called by the page cache when a folio's memory goes back. */
  public void freed(int folio) {
    if (unflushedFolios > 0 && isUnflushed(folio, false)) {
      report(null, "a page was freed while an unflushed TLB batch may refer to it", folio);
    }
  }

  /** Called by the page cache when a folio's write-out begins. */
  public void writeOutBegins(Exec x, int folio) {
    if (unflushedFolios > 0 && isUnflushed(folio, true)) {
      report(x, "a write-out began with an unflushed TLB batch that lets CPUs store", folio);
    }
  }

  private boolean isUnflushed(int folio, boolean forStores) {
    for (int i = 0; i < evictions.size(); i++) {
      if (evictions.get(i).isUnflushed(folio, forStores)) {
        return true;
      }
    }
    return false;
  }

  private void report(Exec x, String what, int folio) {
    String where = cache.folios().describe(folio);
    cache.machine().checker().report(Rule.DOMAIN, x, policyId() + ": " + what + ": " + where);
  }

  /** A batch of the policy in use; null while it is missing. */
  EvictionBatch newBatch(TaskEviction eviction) {
    if (deferral == null) {
      if (seat.isSuspended()) {
        return null;
      }
      throw new IllegalStateException(
          "eviction: a mapped folio is to be evicted and no policy is in use; a run with mapped"
              + " files needs one");
    }
    return Objects.requireNonNull(deferral.newBatch(eviction), policyId() + ": newBatch");
  }

  CustodyBound bound() {
    return bound;
  }

  boolean hasPolicy() {
    return deferral != null;
  }

  /** Puts the task to sleep until a policy is in use; not if there is one already. */
  void awaitPolicy(Exec x) {
    if (deferral == null) {
      missed.sleep(x);
    }
  }

  /** The policy in use threw: all that it has is taken back. */
  void giveUp(Throwable cause) {
    seat.threw(cause, suspend());
  }

  /** The policy in use has broken a rule: all that it has is taken back. */
  void giveUp(String what) {
    seat.report(what, suspend());
  }

  /** Lends out an eviction for one list of folios; {@link #release} takes it back. */
  public TaskEviction acquire(TaskEviction.Owner owner) {
    return acquire(owner, null);
  }

  /**
   * The same for folios that the policy may unlock in between, as reclaim's.
   *
   * @param keeper takes those that stay, and that the task has not locked; null if none may
   */
  public TaskEviction acquire(TaskEviction.Owner owner, TaskEviction.Owner keeper) {
    for (int i = 0; i < evictions.size(); i++) {
      if (evictions.get(i).isIdle()) {
        evictions.get(i).begin(owner, keeper);
        return evictions.get(i);
      }
    }
    TaskEviction eviction = new TaskEviction(this, cache);
    evictions.add(eviction);
    eviction.begin(owner, keeper);
    return eviction;
  }

  /** Takes an eviction back whose list has been flushed. */
  public void release(TaskEviction eviction) {
    eviction.end();
  }
}
