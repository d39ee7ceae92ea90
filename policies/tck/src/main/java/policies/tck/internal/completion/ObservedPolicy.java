package policies.tck.internal.completion;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Machine;
import sim.kernel.check.Complaint;
import sim.kernel.spi.PolicyRefusedException;

/** Stands between the block layer and a policy, and judges all that passes. */
final class ObservedPolicy implements CompletionPolicy {
  /** Nanoseconds by which one defer may cost more than the first. */
  private static final long DEFER_EXCESS_NS = 2_000;

  private final CompletionBench bench;
  private final CompletionPolicy policy;
  private Use use;

  ObservedPolicy(CompletionBench bench, CompletionPolicy policy) {
    this.bench = bench;
    this.policy = policy;
  }

  @Override
  public CompletionDeferral attach(CompletionHost host) {
    use = new Use(host);
    return use;
  }

  /** Bios that it has. */
  int taken() {
    return use == null ? 0 : use.taken.size();
  }

  /** The bios that it has. */
  String takenText() {
    return use.taken.values().toString();
  }

  /** Between two events: whether it knows what it has. */
  void verifyPending() {
    if (use != null && !use.detached) {
      use.verifyPending();
    }
  }

  /** A kernel rule was broken, in the middle of a step. */
  void complained(Complaint complaint) {
    boolean inDefer = use != null && use.deferring;
    throw bench.stop(
        inDefer || complaint.context() != ExecContext.TASK
            ? CompletionRules.DEFER_ONLY
            : CompletionRules.CLEAN_CONTEXT,
        complaint.text());
  }

  /**
   * A bio that it has.
   *
   * @param bio the bio
   * @param lane bios of one lane keep their order: CPU, and what they ask for
   * @param cpu where it was deferred
   * @param number how many it had taken before
   */
  private record Taken(Bio bio, String lane, int cpu, long number) {
    @Override
    public String toString() {
      return bio + " of CPU " + cpu;
    }
  }

  private final class Use implements CompletionHost, CompletionDeferral {
    private final CompletionHost host;
    private final CompletionDeferral deferral;
    private final Map<Long, Taken> taken = new LinkedHashMap<>();
    private long number;
    private boolean deferring;
    private boolean detached;
    private long firstDeferNs = -1;
    private Exec lastEndBy;
    private long lastEndNs = -1;

    Use(CompletionHost host) {
      this.host = host;
      deferral = attached();
      if (deferral == null) {
        throw bench.stop(CompletionRules.THROWS_NOTHING, "attach returned null");
      }
    }

    private CompletionDeferral attached() {
      try {
        return policy.attach(this);
      } catch (PolicyRefusedException refused) {
        throw refused;
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
    }

    // What the block layer asks of the policy.

    @Override
    public boolean wants(Exec x, Bio bio) {
      boolean wanted;
      try {
        wanted = deferral.wants(x, bio);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
      if (!wanted && !x.maySleep()) {
        bench
            .findings()
            .breach(
                CompletionRules.WANTS_ATOMIC, "does not want " + bio + ", which completed in " + x);
      }
      return wanted;
    }

    @Override
    public void defer(Exec x, Bio bio) {
      String lane = x.cpu().id() + (CompletionBench.asksForRt(bio) ? " rt" : "");
      taken.put(bio.id(), new Taken(bio, lane, x.cpu().id(), number++));
      long beforeNs = x.chargedNs();
      deferring = true;
      try {
        deferral.defer(x, bio);
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      } finally {
        deferring = false;
      }
      long costNs = x.chargedNs() - beforeNs;
      if (firstDeferNs < 0) {
        firstDeferNs = costNs;
      } else if (costNs > firstDeferNs + DEFER_EXCESS_NS) {
        throw bench.stop(
            CompletionRules.BOUNDED_WORK,
            "defer cost %d ns with %d bios pending, and %d ns for the first"
                .formatted(costNs, taken.size(), firstDeferNs));
      }
    }

    @Override
    public List<Bio> detach() {
      detached = true;
      int pending = deferral.pending();
      List<Bio> returned;
      try {
        returned = deferral.detach();
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
        throw bench.stop(thrown);
      }
      if (returned == null) {
        throw bench.stop(CompletionRules.THROWS_NOTHING, "detach returned null");
      }
      verifyReturned(returned, pending);
      taken.clear();
      return returned;
    }

    private void verifyReturned(List<Bio> returned, int pending) {
      if (pending < taken.size()) {
        throw bench.stop(
            bench.blame().custody(),
            "has %d bios and knows of %d: %s".formatted(taken.size(), pending, takenText()));
      }
      if (returned.size() != taken.size()) {
        throw bench.stop(
            bench.blame().detach(), "detach returned " + returned + " and has " + taken.values());
      }
      Map<String, Long> last = new LinkedHashMap<>();
      int cpu = 0;
      for (Bio bio : returned) {
        Taken it = bio == null ? null : taken.get(bio.id());
        boolean inOrder =
            it != null && it.cpu() >= cpu && it.number() > last.getOrDefault(it.lane(), -1L);
        if (!inOrder) {
          throw bench.stop(
              bench.blame().detach(),
              "detach returned %s, where %s is not its own, returned twice, or not in order"
                  .formatted(returned, bio));
        }
        cpu = it.cpu();
        last.put(it.lane(), it.number());
      }
    }

    void verifyPending() {
      int pending = deferral.pending();
      if (pending != taken.size()) {
        throw bench.stop(
            bench.blame().custody(),
            "pending is %d, and %d bios are: %s".formatted(pending, taken.size(), takenText()));
      }
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
      release(bio);
      if (deferring) {
        bench.findings().breach(CompletionRules.DEFER_ONLY, "ended " + bio + " in defer");
      }
      if (!x.maySleep()) {
        throw bench.stop(CompletionRules.IN_TASK, "ended " + bio + " in " + x);
      }
      if (deferring) {
        throw bench.stop(CompletionRules.DEFER_ONLY, "ended " + bio + " in defer");
      }
      if (lastEndBy == x && lastEndNs == x.nowNs()) {
        throw bench.stop(CompletionRules.BOUNDED_WORK, "ended a second bio in one step: " + bio);
      }
      lastEndBy = x;
      lastEndNs = x.nowNs();
      host.endBio(x, bio);
    }

    @Override
    public void endBioAsTask(Exec x, Bio bio) {
      release(bio);
      host.endBioAsTask(x, bio);
    }

    private void release(Bio bio) {
      if (CompletionBench.of(bio) != bench) {
        throw bench.stop(
            CompletionRules.NOTHING_SHARED, "ended " + bio + ", which belongs to another run");
      }
      if (detached) {
        throw bench.stop(bench.blame().detach(), "ended " + bio + " after detach");
      }
      Taken it = taken.get(bio.id());
      if (it == null) {
        throw bench.stop(
            bench.blame().custody(), "ended " + bio + ", which it has ended before or never took");
      }
      for (Taken other : taken.values()) {
        if (other.lane().equals(it.lane())) {
          if (other != it && bench.ordered()) {
            throw bench.stop(
                CompletionRules.IN_ORDER,
                "ended " + it + " before " + other + ", which came first");
          }
          break;
        }
      }
      taken.remove(bio.id());
    }
  }
}
