package policies.tck.internal.completion;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.BioList;
import block.bio.BioOp;
import block.bio.BlockLayer;
import block.bio.spi.completion.CompletionPolicy;
import policies.tck.TckRule;
import policies.tck.internal.Findings;
import policies.tck.internal.Stopped;
import policies.tck.internal.TrialMachine;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.KernelBuild;

/** One run of a trial: a machine whose bios complete when the trial says so, without a device. */
final class CompletionBench {
  /** Virtual time that a bio may take to its end. */
  static final long SOON_NS = 1_000_000_000;

  private static final int IRQ = 42;
  private static final long END_NS = 500;
  private static final String ID = "completion.examined";

  private final TrialMachine trial;
  private final Findings findings;
  private final BlockLayer layer;
  private Blame blame = Blame.PLAIN;
  private boolean ordered = true;
  private ObservedPolicy policy;
  private int made;
  private int ended;

  CompletionBench(KernelBuild build, Findings findings) {
    this.findings = findings;
    trial = new TrialMachine(build, CompletionRules.COMMON, findings);
    layer = new BlockLayer(trial.machine());
    trial.onComplaint(
        complaint -> {
          if (policy != null) {
            policy.complained(complaint);
          }
        });
  }

  /** The bench that a bio was made on. */
  static CompletionBench of(Bio bio) {
    return (CompletionBench) bio.privateData();
  }

  static boolean asksForRt(Bio bio) {
    return bio.has(BioFlag.COMPLETE_IN_RT_THREAD);
  }

  /** Names another rule for what goes wrong; bios may then overtake each other, too. */
  CompletionBench blaming(Blame other) {
    blame = other;
    ordered = false;
    return this;
  }

  Blame blame() {
    return blame;
  }

  boolean ordered() {
    return ordered;
  }

  Findings findings() {
    return findings;
  }

  TrialMachine trial() {
    return trial;
  }

  /** Puts the examined policy in use, now. */
  void use(CompletionPolicy examined) {
    policy = new ObservedPolicy(this, examined);
    layer.completions().use(ID, policy);
  }

  /** Puts another policy in use, which is not examined. */
  void useUnobserved(CompletionPolicy other) {
    layer.completions().use("completion.other", other);
  }

  /** An interrupt on that CPU completes bios one after another; every third asks for a thread. */
  void interruptAt(long timeNs, int cpu, int bios) {
    trial.at(timeNs, () -> interrupt(cpu, bios));
  }

  /** As {@link #interruptAt}, now. */
  void interrupt(int cpu, int bios) {
    BioList completed = new BioList();
    for (int i = 0; i < bios; i++) {
      completed.add(newBio());
    }
    trial.machine().cpu(cpu).raiseIrq(IRQ, x -> completeNext(x, completed));
  }

  private void completeNext(Exec x, BioList completed) {
    Bio bio = completed.pop();
    if (bio != null) {
      x.then(y -> completeNext(y, completed));
      layer.endBio(x, bio);
    }
  }

  /** A task completes a bio between two steps of its own. */
  void completeInTaskAt(long timeNs, int cpu, Step before, Step after) {
    trial.taskAt(
        timeNs,
        cpu,
        x -> {
          before.run(x);
          x.then(after);
          layer.endBio(x, newBio());
        });
  }

  private Bio newBio() {
    Bio bio = layer.bios().alloc(BioOp.WRITE, 0);
    bio.setPrivateData(this);
    bio.set(BioFlag.COMPLETE_IN_TASK);
    if (made++ % 3 == 2) {
      bio.set(BioFlag.COMPLETE_IN_RT_THREAD);
    }
    bio.setEndIo(
        (x, ending) -> {
          ended++;
          x.charge(END_NS);
        });
    return bio;
  }

  /** Bios whose owner has been called. */
  int ended() {
    return ended;
  }

  /** Bios that the examined policy has. */
  int taken() {
    return policy == null ? 0 : policy.taken();
  }

  /** Runs up to that time, looking between any two events. */
  void runUntil(long timeNs) {
    var events = trial.machine().events();
    // Ends: each turn fires an event, and the machine bounds these.
    while (events.size() > 0 && events.peekTimeNs() <= timeNs) {
      trial.fireNext();
      if (policy != null) {
        policy.verifyPending();
      }
    }
  }

  /** Fires one event, and looks; false if there is none. */
  boolean step() {
    if (trial.machine().events().size() == 0) {
      return false;
    }
    trial.fireNext();
    policy.verifyPending();
    return true;
  }

  /** Runs until all is done that can be, and sees to it that all bios have ended. */
  void finish() {
    long limitNs = trial.machine().nowNs() + SOON_NS;
    runUntil(limitNs);
    if (policy.taken() > 0) {
      throw stop(blame.stuck(), "still has " + policy.takenText());
    }
    if (ended != made) {
      throw stop(blame.custody(), ended + " of " + made + " bios have ended");
    }
    if (trial.machine().events().size() > 0) {
      throw stop(CompletionRules.BOUNDED_WORK, "goes on for ever though all bios have ended");
    }
  }

  Stopped stop(TckRule rule, String reason) {
    return trial.stop(rule, reason);
  }

  Stopped stop(Throwable thrown) {
    return trial.stop(thrown);
  }
}
