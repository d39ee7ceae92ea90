package policies.tck.internal.completion;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import policies.tck.internal.deferral.Custody;
import sim.kernel.Exec;
import sim.kernel.Machine;

/** Stands between the block layer and a policy, and judges all that passes. */
final class ObservedCompletion implements CompletionPolicy {
  private final CompletionBench bench;
  private final CompletionPolicy policy;

  ObservedCompletion(CompletionBench bench, CompletionPolicy policy) {
    this.bench = bench;
    this.policy = policy;
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    return new Use(host);
  }

  private final class Use implements CompletionHost, CompletionDeferral {
    private final CompletionHost host;
    private final CompletionDeferral deferral;
    private final Custody custody;
    private List<Bio> returned = List.of();

    Use(CompletionHost host) {
      this.host = host;
      deferral = bench.attached(() -> policy.attach(this));
      custody = new Custody(bench, deferral::pending, deferral::drains);
    }

    // What the block layer asks of the policy.

    @Override
    public boolean wants(Exec x, Bio bio) {
      boolean wanted = bench.guarded(() -> deferral.wants(x, bio));
      if (!wanted && !x.maySleep()) {
        bench
            .findings()
            .breach(
                CompletionRules.WANTS_ATOMIC, "does not want " + bio + ", which completed in " + x);
      }
      return wanted;
    }

    @Override
    public boolean wantsFromHandler(Exec x, Bio bio) {
      return bench.guarded(() -> deferral.wantsFromHandler(x, bio));
    }

    @Override
    public boolean drains(int cpu) {
      return bench.guarded(() -> deferral.drains(cpu));
    }

    @Override
    public void defer(Exec x, Bio bio) {
      int kind = bio.has(BioFlag.COMPLETE_IN_RT_THREAD) ? 1 : 0;
      custody.defer(
          x,
          bio.id(),
          bio.toString(),
          kind,
          () -> {
            deferral.defer(x, bio);
            return true;
          });
    }

    @Override
    public List<Bio> detach() {
      custody.detach(this::returnedIds);
      return returned;
    }

    private long[] returnedIds() {
      returned = deferral.detach();
      return returned == null
          ? null
          : returned.stream().mapToLong(bio -> bio == null ? 0 : bio.id()).toArray();
    }

    @Override
    public int pending() {
      return deferral.pending();
    }

    // What the policy asks of the block layer.

    @Override
    public Machine machine() {
      return host.machine();
    }

    @Override
    public void endBio(Exec x, Bio bio) {
      requireOurs(bio);
      custody.end(x, bio.id(), bio.toString());
      host.endBio(x, bio);
    }

    @Override
    public void endBioAsTask(Exec x, Bio bio) {
      requireOurs(bio);
      custody.release(bio.id(), bio.toString());
      host.endBioAsTask(x, bio);
    }

    private void requireOurs(Bio bio) {
      if (CompletionBench.of(bio) != bench) {
        throw bench.stop(
            CompletionRules.BY_SUBJECT.nothingShared(),
            "ended " + bio + ", which belongs to another run");
      }
    }
  }
}
