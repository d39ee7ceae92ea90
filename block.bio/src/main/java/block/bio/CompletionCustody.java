package block.bio;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.util.List;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.check.CustodyWatch;
import sim.kernel.check.Rule;
import sim.kernel.spi.PolicyBreachException;

/** The host of one use of a policy: knows every bio that this use has and has not ended. */
final class CompletionCustody implements CompletionHost {
  private final CompletionSlot slot;
  private final String policyId;
  private final Step endAsTask = Exec::endAsTask;
  private Bio head;
  private Bio tail;
  private int size;

  /** How many it may have. */
  private int sizeMax = Integer.MAX_VALUE;

  /** Null for what no policy has. */
  private CustodyWatch watch;

  CompletionCustody(CompletionSlot slot, String policyId) {
    this.slot = slot;
    this.policyId = policyId;
  }

  /** The policy has made its deferral, which is asked from now on. */
  void watch(CompletionDeferral deferral) {
    watch = new CustodyWatch(slot.machine(), policyId, "bios", deferral::drains);
  }

  /** Whose it is, for messages. */
  String policyId() {
    return policyId;
  }

  /** It may have so many at one time. */
  void bound(int max) {
    sizeMax = max;
  }

  boolean isFull() {
    return size >= sizeMax;
  }

  @Override
  public Machine machine() {
    slot.machine().requireRunsOwn(policyId);
    return slot.machine();
  }

  int size() {
    return size;
  }

  /** The bio taken first; null if there is none. */
  Bio first() {
    return head;
  }

  @Override
  public void endBio(Exec x, Bio bio) {
    slot.machine().requireRunsOwn(policyId);
    if (!x.maySleep()) {
      // Its owner asked for a task because its end may sleep, whether or not it does this time.
      String what = "CP-2: " + policyId + " ended " + bio + " where it can't sleep";
      slot.machine().checker().report(Rule.SLEEP_IN_ATOMIC, x, what);
    }
    releaseOrRefuse(x, bio);
    slot.end(x, bio);
  }

  @Override
  public void endBioAsTask(Exec x, Bio bio) {
    slot.machine().requireRunsOwn(policyId);
    releaseOrRefuse(x, bio);
    x.then(endAsTask);
    x.beginAsTask();
    slot.end(x, bio);
  }

  private void releaseOrRefuse(Exec x, Bio bio) {
    if (bio.custody != this) {
      String what =
          "CP-1: "
              + policyId
              + " ended "
              + bio
              + ", which it doesn't have: it ended it before, handed it back, or never took it";
      complain(x, what);
      throw new PolicyBreachException(
          what + " (" + x + ", CPU " + x.cpu().id() + ", " + x.nowNs() + " ns)");
    }
    release(bio);
  }

  private void complain(Exec x, String what) {
    slot.machine().checker().report(Rule.DOMAIN, x, what);
  }

  void take(Bio bio) {
    if (bio.custody != null) {
      throw new IllegalStateException(bio + " completed while its end was deferred: ended twice");
    }
    bio.custody = this;
    bio.custodyNext = null;
    bio.custodyPrevious = tail;
    if (tail == null) {
      head = bio;
    } else {
      tail.custodyNext = bio;
    }
    tail = bio;
    size++;
    if (watch != null) {
      watch.taken(bio.deferCpu);
    }
  }

  void release(Bio bio) {
    if (bio.custodyPrevious == null) {
      head = bio.custodyNext;
    } else {
      bio.custodyPrevious.custodyNext = bio.custodyNext;
    }
    if (bio.custodyNext == null) {
      tail = bio.custodyPrevious;
    } else {
      bio.custodyNext.custodyPrevious = bio.custodyPrevious;
    }
    bio.custodyNext = null;
    bio.custodyPrevious = null;
    bio.custody = null;
    size--;
    if (watch != null) {
      watch.released(bio.deferCpu);
    }
  }

  /**
   * Takes every bio back from a deferral, whatever it says, and has the slot hold them in the order
   * they came.
   *
   * @return what the deferral did wrong; empty if nothing
   */
  String takeBack(CompletionDeferral leaving) {
    String fault = faultOfDetach(leaving);
    while (head != null) {
      Bio bio = head;
      if (fault.isEmpty() && !bio.seen) {
        fault = "kept back " + bio;
      }
      bio.seen = false;
      release(bio);
      slot.hold(bio);
    }
    return fault.isEmpty() ? "" : "CP-4: " + policyId + ".detach " + fault;
  }

  private String faultOfDetach(CompletionDeferral leaving) {
    List<Bio> returned;
    try {
      returned = leaving.detach();
    } catch (Throwable thrown) {
      slot.machine().requireSurvivable(thrown);
      return "threw " + thrown;
    }
    if (returned == null) {
      return "returned null";
    }
    for (Bio bio : returned) {
      if (bio == null) {
        return "returned a list with null in it";
      }
      if (bio.custody != this) {
        return "returned " + bio + ", which it doesn't have";
      }
      if (bio.seen) {
        return "returned " + bio + " twice";
      }
      bio.seen = true;
    }
    return "";
  }
}
