package block.bio;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionPolicy;
import java.util.Objects;
import java.util.function.Consumer;
import sim.kernel.Exec;
import sim.kernel.IrqAction;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.check.CustodyBound;
import sim.kernel.check.Rule;
import sim.kernel.event.EventHandler;
import sim.kernel.trace.Tracepoint;

/**
 * Holds the completion policy in use and has custody of every bio it defers.
 *
 * <p>All methods but {@link #complete} are for whoever composes the run, between two events. A bio
 * that is taken back from a policy waits here, on the CPU it was pending on, until a policy is in
 * use; then an interrupt on that CPU, at the same virtual instant, offers it to that policy as if
 * it had just completed. Nothing is lost if a policy keeps a bio back or throws: custody has it.
 */
public final class CompletionSlot {
  /** Interrupt number under which bios are handed over, in the trace. */
  public static final int IRQ_HANDOVER = 0xf6;

  private static final String FAMILY = "completion";

  /** Times a bio's handler may ask for a task before that is a livelock; once is right. */
  private static final int HANDLER_DEFERRALS_MAX = 1_000;

  /**
   * What came of taking a policy out of use.
   *
   * @param bios bios it had pending, all of which are handed over
   * @param fault names the policy and what it did wrong; empty if nothing
   */
  public record Handover(int bios, String fault) {}

  private final Machine machine;
  private final Step[] handOver;
  private final IrqAction[] irqs;
  private final EventHandler raiseHandOver;

  /** Bios that no policy has, by CPU. */
  private final CompletionCustody[] held;

  private CompletionCustody custody;
  private CompletionDeferral deferral;
  private String policyId = "";
  private boolean suspended;
  private CustodyBound bound = CustodyBound.USUAL;
  private Consumer<String> faultListener = fault -> {};

  CompletionSlot(Machine machine) {
    this.machine = machine;
    held = new CompletionCustody[machine.cpuCount()];
    handOver = new Step[held.length];
    irqs = new IrqAction[held.length];
    raiseHandOver = cpu -> irqs[(int) cpu].raise(handOver[(int) cpu]);
    for (int cpu = 0; cpu < held.length; cpu++) {
      held[cpu] = new CompletionCustody(this, "nobody");
      irqs[cpu] = machine.requestIrq(IRQ_HANDOVER, "handover", machine.cpu(cpu));
      int number = cpu;
      handOver[cpu] = x -> handOver(x, number);
    }
  }

  /** Told, in the middle of an event, that the policy in use threw and was taken out of use. */
  public void onFault(Consumer<String> listener) {
    faultListener = Objects.requireNonNull(listener, "listener");
  }

  /** How many bios a policy that comes into use from now on may have pending at one time. */
  public void setBound(CustodyBound most) {
    bound = Objects.requireNonNull(most, "most");
  }

  /** Id of the policy in use, or of the one that is missing; empty before the first. */
  public String policyId() {
    return policyId;
  }

  /** Whether the policy named by {@link #policyId} has left and is awaited. */
  public boolean isSuspended() {
    return suspended;
  }

  /** Bios that are deferred or held now. */
  public int pending() {
    return (custody == null ? 0 : custody.size()) + heldCount();
  }

  private int heldCount() {
    int sum = 0;
    for (CompletionCustody ofCpu : held) {
      sum += ofCpu.size();
    }
    return sum;
  }

  /**
   * Puts a policy into use, in the place of the one before. If it refuses, nothing changes.
   *
   * @param id the policy's id, for the trace and for messages
   * @return what the one before handed over
   * @throws sim.kernel.spi.PolicyRefusedException if the policy can't serve this machine
   */
  public Handover use(String id, CompletionPolicy policy) {
    CompletionCustody newCustody = new CompletionCustody(this, Objects.requireNonNull(id, "id"));
    CompletionDeferral newDeferral = policy.attach(newCustody);
    if (newDeferral == null) {
      throw new IllegalStateException(id + ": attach returned null; it must return a deferral");
    }
    newCustody.watch(newDeferral);
    Handover handover = takeOut();
    newCustody.bound(bound.withHandedOver(heldCount()));
    policyId = id;
    custody = newCustody;
    deferral = newDeferral;
    if (suspended) {
      suspended = false;
      traceSuspend();
    }
    machine
        .trace()
        .emit(
            machine.nowNs(),
            -1,
            Tracepoint.POLICY_USE,
            machine.trace().name(FAMILY),
            machine.trace().name(id),
            heldCount());
    for (int cpu = 0; cpu < held.length; cpu++) {
      if (held[cpu].size() > 0) {
        // By events, since an interrupt raised here might move the clock before the next CPU's.
        machine.events().schedule(machine.nowNs(), raiseHandOver, cpu);
      }
    }
    return handover;
  }

  /**
   * The policy in use leaves, or has left: its bios are held, and so are all that complete from now
   * on. The run is to be stopped until {@link #use} brings the same id back.
   */
  public Handover suspend() {
    Handover handover = takeOut();
    suspended = true;
    traceSuspend();
    return handover;
  }

  private void traceSuspend() {
    machine
        .trace()
        .emit(
            machine.nowNs(),
            -1,
            Tracepoint.RUN_SUSPEND,
            suspended ? 1 : 0,
            machine.trace().name(FAMILY));
  }

  private Handover takeOut() {
    CompletionCustody leaving = custody;
    if (leaving == null) {
      return new Handover(0, "");
    }
    int bios = leaving.size();
    String fault = leaving.takeBack(deferral);
    custody = null;
    deferral = null;
    return new Handover(bios, fault);
  }

  /** Keeps a bio until a policy is in use. */
  void hold(Bio bio) {
    held[bio.deferCpu].take(bio);
  }

  private void handOver(Exec x, int cpu) {
    if (deferral == null) {
      return;
    }
    Bio bio = held[cpu].first();
    if (bio != null) {
      x.then(handOver[cpu]);
      held[cpu].release(bio);
      offer(x, bio);
    }
  }

  /** The last step of {@code bio_endio}: defers the bio's end, or ends it here. */
  void complete(Exec x, Bio bio) {
    if (!bio.has(BioFlag.COMPLETE_IN_TASK) || deferral == null && !suspended) {
      bio.deferredAtNs = x.nowNs();
      end(x, bio);
      return;
    }
    bio.deferredAtNs = x.nowNs();
    bio.deferCpu = x.cpu().id();
    offer(x, bio);
  }

  /**
   * {@code bio_complete_in_task()}: called first thing in a bio's {@link BioEndIo}, which returns
   * at once if the answer is true and is called again in a task.
   *
   * @param bio whose end this is
   * @return false if this is the place to end it: a task, or no policy defers it
   */
  public boolean completeInTask(Exec x, Bio bio) {
    CompletionCustody current = custody;
    long mark = x.markAtomic();
    try {
      if (deferral == null ? !suspended || !x.inAtomic() : !deferral.wantsFromHandler(x, bio)) {
        return false;
      }
      traceAgain(x, bio);
      bio.set(BioFlag.COMPLETE_IN_TASK);
      bio.ended = false;
      bio.deferredAtNs = x.nowNs();
      bio.deferCpu = x.cpu().id();
      if (deferral == null) {
        hold(bio);
      } else if (++bio.handlerDeferrals == HANDLER_DEFERRALS_MAX) {
        livelocked(x, current, bio);
      } else {
        defer(x, current, bio);
      }
    } catch (Throwable fault) {
      machine.requireSurvivable(fault);
      bio.ended = false;
      giveUp(current, bio, "threw " + fault);
      x.releaseAtomicTo(mark, current.policyId());
    } finally {
      x.markedReturned();
    }
    return true;
  }

  private void traceAgain(Exec x, Bio bio) {
    machine
        .trace()
        .emit(x.nowNs(), x.cpu().id(), Tracepoint.BIO_END_AGAIN, bio.id(), bio.status().errno());
  }

  /** Virtual time goes on in this, so that no watchdog of tasks or pools would end it. */
  private void livelocked(Exec x, CompletionCustody current, Bio bio) {
    String what =
        "deferred %s from its own end %d times, and would for ever"
            .formatted(bio, HANDLER_DEFERRALS_MAX);
    machine.checker().report(Rule.LIVELOCK, x, policyId + ": " + what);
    giveUp(current, bio, what);
  }

  private void offer(Exec x, Bio bio) {
    if (deferral == null) {
      hold(bio);
      return;
    }
    CompletionCustody current = custody;
    long mark = x.markAtomic();
    try {
      if (deferral.wants(x, bio)) {
        defer(x, current, bio);
        return;
      }
    } catch (Throwable fault) {
      machine.requireSurvivable(fault);
      boolean wasEnded = bio.custody == null && bio.ended;
      if (wasEnded) {
        throw fault;
      }
      giveUp(current, bio, "threw " + fault);
      x.releaseAtomicTo(mark, current.policyId());
      return;
    } finally {
      x.markedReturned();
    }
    end(x, bio);
  }

  private void defer(Exec x, CompletionCustody current, Bio bio) {
    if (current.isFull()) {
      giveUp(current, bio, CustodyBound.exceeded(current.size(), "bios"));
      return;
    }
    machine.trace().emit(x.nowNs(), x.cpu().id(), Tracepoint.BIO_DEFER, bio.id());
    current.take(bio);
    deferral.defer(x, bio);
  }

  /** The policy in use is at fault: its bios are held, and this one too. */
  private void giveUp(CompletionCustody current, Bio bio, String what) {
    boolean wasTaken = bio.custody == current;
    String id = policyId;
    Handover handover = suspend();
    if (!wasTaken) {
      hold(bio);
    }
    faultListener.accept(
        "%s: %s at %d ns; %d bios were taken back%s"
            .formatted(
                id,
                what,
                machine.nowNs(),
                handover.bios() + (wasTaken ? 0 : 1),
                handover.fault().isEmpty() ? "" : "; " + handover.fault()));
  }

  /** Calls the owner of a bio that nobody has custody of any more. */
  void end(Exec x, Bio bio) {
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BIO_END,
            bio.id(),
            x.context().ordinal(),
            x.nowNs() - bio.deferredAtNs,
            bio.status().errno());
    BioEndIo owner = bio.endIo();
    bio.ended = true;
    if (owner != null) {
      owner.endIo(x, bio);
    }
  }

  Machine machine() {
    return machine;
  }
}
