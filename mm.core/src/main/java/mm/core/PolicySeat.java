package mm.core;

import java.util.Objects;
import java.util.function.Consumer;
import sim.kernel.Machine;
import sim.kernel.trace.Tracepoint;

/**
 * What the slots of all families here have in common: which policy a run uses, whether it is
 * missing, and who is told when it breaks. Made by the slots.
 */
public final class PolicySeat {
  /**
   * What came of taking a policy out of use.
   *
   * @param pending folios it had, or tasks that wait for it, all of which go to its successor
   * @param fault names the policy and what it did wrong; empty if nothing
   */
  public record Handover(int pending, String fault) {
    /** Nothing was pending and nothing wrong. */
    public static final Handover NONE = new Handover(0, "");
  }

  private final Machine machine;
  private final String family;
  private String policyId = "";
  private boolean suspended;
  private Consumer<String> faultListener = fault -> {};

  /**
   * A seat without a policy.
   *
   * @param family for the trace
   */
  public PolicySeat(Machine machine, String family) {
    this.machine = machine;
    this.family = family;
  }

  /** Id of the policy in use, or of the one that is missing; empty before the first. */
  public String policyId() {
    return policyId;
  }

  /** Whether the policy named by {@link #policyId} has left and is awaited. */
  public boolean isSuspended() {
    return suspended;
  }

  /** Names who is told that the policy in use broke and was taken out of use. */
  public void onFault(Consumer<String> listener) {
    faultListener = Objects.requireNonNull(listener, "listener");
  }

  /** A policy came into use: ends a suspension, and traces both. */
  public void use(String id, int handedOver) {
    policyId = Objects.requireNonNull(id, "id");
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
            machine.trace().name(family),
            machine.trace().name(id),
            handedOver);
  }

  /**
   * The policy left, and its return is awaited. Without a policy before, there is none to await.
   */
  public void suspend() {
    if (!suspended && !policyId.isEmpty()) {
      suspended = true;
      traceSuspend();
    }
  }

  /** No policy is in use any more, and none is awaited. */
  public void clear() {
    policyId = "";
    if (suspended) {
      suspended = false;
      traceSuspend();
    }
  }

  private void traceSuspend() {
    machine
        .trace()
        .emit(
            machine.nowNs(),
            -1,
            Tracepoint.RUN_SUSPEND,
            suspended ? 1 : 0,
            machine.trace().name(family));
  }

  /**
   * Tells the listener that the policy threw, after it was taken out of use. What else it did wrong
   * then is no news: whether it had taken what it threw at is open.
   */
  public void threw(Throwable cause, Handover handover) {
    report("threw " + cause, new Handover(handover.pending(), ""));
  }

  /** Tells the listener what the policy did, after it was taken out of use. */
  public void report(String what, Handover handover) {
    faultListener.accept(
        "%s: %s at %d ns; %d pending were taken back%s"
            .formatted(
                policyId,
                what,
                machine.nowNs(),
                handover.pending(),
                handover.fault().isEmpty() ? "" : "; " + handover.fault()));
  }
}
