package policies.tck.internal.completion;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.BioList;
import block.bio.BioOp;
import block.bio.BlockLayer;
import block.bio.spi.completion.CompletionPolicy;
import policies.tck.internal.Findings;
import policies.tck.internal.deferral.DeferralBench;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.KernelBuild;

/** A machine whose bios complete when the trial says so, without a device. */
final class CompletionBench extends DeferralBench<CompletionPolicy> {
  private static final long END_NS = 500;

  private final BlockLayer layer;

  CompletionBench(KernelBuild build, Findings findings) {
    super(CompletionRules.BY_SUBJECT, build, findings);
    layer = new BlockLayer(trial().machine());
  }

  /** The bench that a bio was made on. */
  static CompletionBench of(Bio bio) {
    return (CompletionBench) bio.privateData();
  }

  @Override
  protected void use(CompletionPolicy examined) {
    layer.completions().use("completion.examined", new ObservedCompletion(this, examined));
  }

  @Override
  protected void useKeeper() {
    layer.completions().use("completion.keeper", new KeepingCompletion());
  }

  /** Every third bio asks for a real-time thread. */
  @Override
  protected void interrupt(int cpu, int bios) {
    BioList completed = new BioList();
    for (int i = 0; i < bios; i++) {
      completed.add(newBio());
    }
    raise(cpu, x -> completeNext(x, completed));
  }

  private void completeNext(Exec x, BioList completed) {
    Bio bio = completed.pop();
    if (bio != null) {
      x.then(y -> completeNext(y, completed));
      layer.endBio(x, bio);
    }
  }

  /** An interrupt completes a bio. */
  void completeInInterruptAt(long timeNs, int cpu) {
    trial().at(timeNs, () -> interrupt(cpu, 1));
  }

  /** A task completes a bio between two steps of its own. */
  void completeInTaskAt(long timeNs, int cpu, Step before, Step after) {
    trial()
        .taskAt(
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
    if (made() % 3 == 2) {
      bio.set(BioFlag.COMPLETE_IN_RT_THREAD);
    }
    countMade();
    bio.setEndIo(
        (x, ending) -> {
          countEnded();
          x.charge(END_NS);
        });
    return bio;
  }
}
