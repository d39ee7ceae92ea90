package mm.core;

import java.util.Objects;
import java.util.function.Consumer;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import sim.kernel.Exec;
import sim.kernel.IrqAction;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.CustodyWatch;
import sim.kernel.check.Rule;
import sim.kernel.event.EventHandler;
import sim.kernel.spi.PolicyBreachException;

/**
 * The dropbehind policy in use, and custody of the folios that it has taken over. None in use is
 * what kernels without folio-level deferral do: the folio stays.
 *
 * <p>A folio that is taken back from a policy waits here, on the CPU that ended its writeback,
 * until a policy is in use; then an interrupt on that CPU, at the same virtual instant, offers it
 * to that policy as if its writeback had just ended.
 */
public final class DropbehindSlot {
  /** Interrupt number under which folios are handed over, in the trace. */
  public static final int IRQ_HANDOVER = 0xf5;

  private final PageCache cache;
  private final PolicySeat seat;

  /** Folios that no policy has, by CPU. */
  private final FolioCustody[] held;

  private final Step[] handOver;
  private final IrqAction[] irqs;
  private final EventHandler raiseHandOver;
  private CustodyBound bound = CustodyBound.USUAL;
  private Use use;

  DropbehindSlot(PageCache cache) {
    this.cache = cache;
    Machine machine = cache.machine();
    seat = new PolicySeat(machine, "dropbehind");
    held = new FolioCustody[machine.cpuCount()];
    handOver = new Step[held.length];
    irqs = new IrqAction[held.length];
    raiseHandOver = cpu -> irqs[(int) cpu].raise(handOver[(int) cpu]);
  }

  /** How many folios a policy that comes into use from now on may have pending at one time. */
  public void setBound(CustodyBound most) {
    bound = Objects.requireNonNull(most, "most");
  }

  /** Id of the policy in use, or of the one that is missing; empty for none. */
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

  /** Folios taken over, or kept for a policy that is missing, and not dropped yet. */
  public int pending() {
    int sum = use == null ? 0 : use.custody.size();
    for (FolioCustody ofCpu : held) {
      sum += ofCpu == null ? 0 : ofCpu.size();
    }
    return sum;
  }

  /**
   * Puts a policy in use, between two events; what the one before has pending goes to it. If it
   * refuses, nothing changes.
   *
   * @throws sim.kernel.spi.PolicyRefusedException if the policy can't serve this machine
   */
  public PolicySeat.Handover use(String id, DropbehindPolicy policy) {
    Use successor = new Use(id);
    successor.deferral = policy.attach(successor);
    if (successor.deferral == null) {
      throw new IllegalStateException(id + ": attach returned null; it must return a deferral");
    }
    successor.custody.watch(
        new CustodyWatch(cache.machine(), id, "folios", successor.deferral::drains));
    PolicySeat.Handover handover = takeOut();
    successor.foliosMax = bound.withHandedOver(pending());
    use = successor;
    seat.use(id, pending());
    for (int cpu = 0; cpu < held.length; cpu++) {
      if (held[cpu] != null && held[cpu].size() > 0) {
        // By events, since an interrupt raised here might move the clock before the next CPU's.
        cache.machine().events().schedule(cache.machine().nowNs(), raiseHandOver, cpu);
      }
    }
    return handover;
  }

  /**
   * The policy in use leaves, or has left: its folios are held, and so are all whose writeback ends
   * from now on. The run is to be stopped until {@link #use} brings the same id back.
   */
  public PolicySeat.Handover suspend() {
    PolicySeat.Handover handover = takeOut();
    seat.suspend();
    return handover;
  }

  /**
   * Takes the policy out of use for good: folios whose writeback ends outside a task stay cached,
   * as do those that it has pending.
   */
  public PolicySeat.Handover stop() {
    PolicySeat.Handover handover = takeOut();
    for (FolioCustody ofCpu : held) {
      // Ends when none is left; each turn takes one off.
      while (ofCpu != null && ofCpu.size() > 0) {
        int folio = ofCpu.first();
        ofCpu.removeFirst();
        cache.put(folio);
      }
    }
    seat.clear();
    return handover;
  }

  private PolicySeat.Handover takeOut() {
    if (use == null) {
      return PolicySeat.Handover.NONE;
    }
    Use leaving = use;
    use = null;
    return leaving.takeBack();
  }

  private void hold(int folio, int cpu) {
    if (held[cpu] == null) {
      held[cpu] = new FolioCustody();
      handOver[cpu] = x -> handOver(x, cpu);
      irqs[cpu] = cache.machine().requestIrq(IRQ_HANDOVER, "handover", cache.machine().cpu(cpu));
    }
    held[cpu].add(folio, cpu);
  }

  private void handOver(Exec x, int cpu) {
    if (use == null || held[cpu].size() == 0) {
      return;
    }
    x.then(handOver[cpu]);
    int folio = held[cpu].first();
    held[cpu].removeFirst();
    if (!offer(x, folio, cpu)) {
      cache.dropbehind().notDeferred(x, folio);
      cache.put(folio);
    }
  }

  /** Offers a folio whose writeback ended outside task context; true if it was taken over. */
  boolean defer(Exec x, int folio) {
    if (use == null && !seat.isSuspended()) {
      return false;
    }
    cache.folios().get(folio);
    boolean taken = offer(x, folio, x.cpu().id());
    if (!taken) {
      cache.put(folio);
    }
    return taken;
  }

  /** The folio comes with a reference, which is the policy's if it takes it. */
  private boolean offer(Exec x, int folio, int cpu) {
    if (use == null) {
      hold(folio, cpu);
      return true;
    }
    Use current = use;
    if (current.custody.size() >= current.foliosMax) {
      hold(folio, cpu);
      seat.report(CustodyBound.exceeded(current.custody.size(), "folios"), suspend());
      return true;
    }
    int before = current.custody.size();
    current.custody.add(folio, cpu);
    long mark = x.markAtomic();
    try {
      if (current.deferral.defer(x, folio)) {
        return true;
      }
    } catch (Throwable thrown) {
      cache.machine().requireSurvivable(thrown);
      if (current.custody.size() <= before) {
        // Its end was begun: what threw is not the policy's question any more.
        throw thrown;
      }
      seat.threw(thrown, suspend());
      x.releaseAtomicTo(mark, current.id);
      return true;
    } finally {
      x.markedReturned();
    }
    return !current.custody.remove(folio);
  }

  /** One use of a policy, and every folio that this use has and has not ended. */
  private final class Use implements DropbehindHost {
    private final String id;
    private final FolioCustody custody = new FolioCustody();
    private DropbehindDeferral deferral;
    private int foliosMax;

    Use(String id) {
      this.id = id;
    }

    @Override
    public Machine machine() {
      cache.machine().requireRunsOwn(id);
      return cache.machine();
    }

    @Override
    public void endDropbehind(Exec x, int folio) {
      cache.machine().requireRunsOwn(id);
      if (!x.maySleep()) {
        complain(x, id + " ended " + cache.folios().describe(folio) + " where it can't sleep");
      }
      if (!custody.remove(folio)) {
        String what =
            id
                + " ended "
                + cache.folios().describe(folio)
                + ", which it doesn't have: it ended it before, handed it back, or never took it";
        complain(x, what);
        throw new PolicyBreachException(what);
      }
      cache.dropbehind().endDeferred(x, folio);
    }

    private void complain(Exec x, String what) {
      cache.machine().checker().report(Rule.DOMAIN, x, what);
    }

    /** Takes every folio back, whatever the policy says, in the order they came. */
    PolicySeat.Handover takeBack() {
      String fault = faultOfDetach();
      int count = custody.size();
      // Ends when none is left; each turn takes one off.
      while (custody.size() > 0) {
        int folio = custody.first();
        int cpu = custody.firstCpu();
        custody.removeFirst();
        hold(folio, cpu);
      }
      return new PolicySeat.Handover(count, fault.isEmpty() ? "" : id + ".detach " + fault);
    }

    private String faultOfDetach() {
      try {
        int[] back = deferral.detach();
        return back == null ? "returned null" : custody.faultOf(back);
      } catch (Throwable thrown) {
        cache.machine().requireSurvivable(thrown);
        return "threw " + thrown;
      }
    }
  }
}
