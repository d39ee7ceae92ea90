package policies.tck.internal.deferral;

import java.util.ArrayList;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;
import policies.tck.internal.TrialMachine;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.KernelBuild;

/**
 * The trials of policies that defer items.
 *
 * @param <P> the policy interface of the family
 */
public final class DeferralTrials<P> {
  /** Every kind of build on which interrupts are interrupts. */
  public static final List<KernelBuild> BUILDS =
      List.of(TrialMachine.DYNAMIC, TrialMachine.FULL, TrialMachine.BLIND);

  private static final long SLOW_HOTPLUG_NS = 20_000;

  /** Before the first item of a trial. */
  private static final long BEFORE_NS = 9_000;

  private static final int FEW = 20;
  private static final int TRAFFIC = 120;
  private static final int FLOOD = 600;
  private static final int EARLY = 200;
  private static final int LATE = 2_000;
  private static final int GROWTH_MAX = 64;

  private final DeferralRules rules;
  private final BenchMaker<P> benches;
  private final List<KernelBuild> builds;

  /** Builds that differ in what a step may be preempted by. */
  private final List<KernelBuild> preemption;

  /**
   * Makes the machine of a run.
   *
   * @param <P> the policy interface of the family
   */
  @FunctionalInterface
  public interface BenchMaker<P> {
    /**
     * A machine on which nothing has come yet.
     *
     * @param items how many will at most
     */
    DeferralBench<P> make(KernelBuild build, int items, Findings findings);
  }

  /**
   * Trials by these rules.
   *
   * @param builds on which items may be deferred
   */
  public DeferralTrials(DeferralRules rules, List<KernelBuild> builds, BenchMaker<P> benches) {
    this.rules = rules;
    this.builds = builds;
    this.benches = benches;
    preemption = builds.stream().filter(KernelBuild::preemption).toList();
  }

  /** All trials, and some of the family's own. */
  public List<Trial<P>> with(List<Trial<P>> own) {
    List<Trial<P>> all = new ArrayList<>();
    all.add(
        trial(
            this::traffic,
            rules.custody(),
            rules.inTask(),
            rules.deferOnly(),
            rules.soon(),
            rules.inOrder(),
            rules.drains(),
            rules.cleanContext()));
    all.addAll(own);
    all.add(trial(this::twice, rules.deterministic()));
    all.add(trial(this::sideBySide, rules.nothingShared()));
    all.add(trial(this::flood));
    all.add(trial(this::longLife));
    all.add(trial(this::swapOut, rules.detach()));
    all.add(trial(this::swapIn, rules.attach()));
    all.add(trial(this::swapInBesideHotplug, rules.attach()));
    all.add(trial(this::hotplug, rules.hotplug()));
    return List.copyOf(all);
  }

  private Trial<P> trial(Trial.Body<P> body, TckRule... judged) {
    return new Trial<>(rules.common(), List.of(judged), body);
  }

  /** A place for findings: what is tried, and on which build. */
  public static String place(String what, KernelBuild build) {
    return what + " (" + build.preempt() + (build.preemptCount() ? "" : ", no count") + ")";
  }

  /** Single items, bursts, and a burst that interrupts its own end, on three CPUs. */
  private void traffic(P policy, Findings findings) {
    for (KernelBuild build : builds) {
      findings.at(place("traffic", build));
      DeferralBench<P> bench = benches.make(build, TRAFFIC, findings);
      bench.use(policy);
      bench.interruptAt(10_000, 0, 1);
      bench.interruptAt(100_000, 0, 40);
      bench.interruptAt(115_000, 0, 3);
      bench.interruptAt(116_000, 1, 5);
      bench.interruptAt(118_200, 0, 1);
      bench.interruptAt(200_000, 2, 33);
      bench.interruptAt(201_000, 2, 33);
      bench.interruptAt(9_000_000, 1, 1);
      bench.finish();
    }
  }

  /** Fewer items than anybody's batch holds, for trials of something else. */
  private static void scheduleFew(DeferralBench<?> bench) {
    bench.interruptAt(10_000, 1, 2);
    bench.interruptAt(11_000, 2, 1);
    bench.interruptAt(14_500, 1, 3);
    bench.interruptAt(17_000, 0, 1);
  }

  private void twice(P policy, Findings findings) {
    findings.at("the same run twice");
    String first = digest(policy, findings);
    String second = digest(policy, findings);
    if (!first.equals(second)) {
      throw findings.stop(rules.deterministic(), "its digest is " + first + " and " + second);
    }
  }

  private String digest(P policy, Findings findings) {
    DeferralBench<P> bench = benches.make(TrialMachine.DYNAMIC, FEW, findings);
    bench.trial().recordingDigest();
    bench.use(policy);
    scheduleFew(bench);
    bench.finish();
    return bench.trial().digest();
  }

  /** Two machines with one policy object, an event of one and an event of the other. */
  private void sideBySide(P policy, Findings findings) {
    findings.at("two runs side by side");
    DeferralBench<P> one = benches.make(TrialMachine.DYNAMIC, FEW, findings);
    DeferralBench<P> other = benches.make(TrialMachine.DYNAMIC, FEW, findings);
    for (DeferralBench<P> bench : List.of(one, other)) {
      bench.blaming(rules.nothingShared());
      bench.use(policy);
      scheduleFew(bench);
    }
    boolean more = true;
    // Ends when neither has an event left; the machines bound these.
    while (more) {
      more = one.step() | other.step();
    }
    one.finish();
    other.finish();
  }

  /** More items than anybody has room for, faster than they are ended. */
  private void flood(P policy, Findings findings) {
    findings.at("flood");
    DeferralBench<P> bench = benches.make(TrialMachine.DYNAMIC, FLOOD, findings);
    bench.use(policy);
    bench.interruptAt(10_000, 1, FLOOD);
    bench.finish();
  }

  private void longLife(P policy, Findings findings) {
    findings.at("long life");
    DeferralBench<P> bench = benches.make(TrialMachine.DYNAMIC, LATE, findings);
    bench.use(policy);
    for (int i = 1; i <= LATE; i++) {
      bench.interruptAt(i * 50_000L, 1, 1);
    }
    bench.runUntil(EARLY * 50_000L + 1);
    Machine machine = bench.trial().machine();
    int tasks = machine.tasks().size();
    bench.runUntil(LATE * 50_000L + 1);
    if (machine.tasks().size() > tasks + GROWTH_MAX) {
      throw bench.stop(
          rules.common().boundedState(),
          "%d tasks after %d items, %d after %d"
              .formatted(tasks, EARLY, machine.tasks().size(), LATE));
    }
    if (machine.events().size() > GROWTH_MAX) {
      throw bench.stop(
          rules.common().boundedState(),
          "%d events are pending after %d items".formatted(machine.events().size(), LATE));
    }
    bench.finish();
  }

  /** Taken out at every time at which anything happens, for a successor that keeps everything. */
  private void swapOut(P policy, Findings findings) {
    for (KernelBuild build : preemption) {
      findings.at(place("no swap", build));
      for (long timeNs : outAt(policy, findings, build, -1)) {
        for (long atNs = timeNs; atNs <= timeNs + 1; atNs++) {
          findings.at(place("swap out at " + atNs + " ns", build));
          outAt(policy, findings, build, atNs);
        }
      }
    }
  }

  private List<Long> outAt(P policy, Findings findings, KernelBuild build, long swapNs) {
    DeferralBench<P> bench = benches.make(build, FEW, findings);
    bench.blaming(rules.detach());
    bench.use(policy);
    scheduleFew(bench);
    if (swapNs < 0) {
      bench.trial().recordingTimes();
    } else {
      bench.trial().at(swapNs, bench::useKeeper);
    }
    bench.runUntil(DeferralBench.SOON_NS);
    return bench.trial().timesFrom(bench.startNs() + BEFORE_NS);
  }

  /** Comes in at every time of a run whose predecessor has kept everything. */
  private void swapIn(P policy, Findings findings) {
    for (KernelBuild build : preemption) {
      swapIn(policy, findings, build, false);
    }
  }

  /** Comes in at every time of a CPU's way down and up. */
  private void swapInBesideHotplug(P policy, Findings findings) {
    swapIn(policy, findings, TrialMachine.DYNAMIC, true);
  }

  private void swapIn(P policy, Findings findings, KernelBuild build, boolean besideHotplug) {
    String what = besideHotplug ? "swap in beside hotplug at " : "swap in at ";
    findings.at(place(what + "the beginning", build));
    for (long timeNs : inAt(policy, findings, build, -1, besideHotplug)) {
      findings.at(place(what + timeNs + " ns", build));
      inAt(policy, findings, build, timeNs, besideHotplug);
    }
  }

  private List<Long> inAt(
      P policy, Findings findings, KernelBuild build, long swapNs, boolean besideHotplug) {
    DeferralBench<P> bench = benches.make(build, FEW, findings);
    bench.blaming(rules.attach());
    bench.useKeeper();
    scheduleFew(bench);
    if (besideHotplug) {
      bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
      bench.trial().downAt(bench.startNs() + 20_000, -1);
      bench.trial().upAt(bench.startNs() + 400_000);
    }
    if (swapNs < 0) {
      bench.trial().recordingTimes();
    }
    bench.trial().at(swapNs < 0 ? bench.startNs() + BEFORE_NS : swapNs, () -> bench.use(policy));
    bench.interruptAt(2_000_000, 1, 2);
    bench.runUntil(BEFORE_NS);
    bench.finish();
    return bench.trial().timesFrom(bench.startNs() + BEFORE_NS);
  }

  /** Items come on a CPU at every time of its way down and up, refused at every state. */
  private void hotplug(P policy, Findings findings) {
    for (KernelBuild build : preemption) {
      hotplug(policy, findings, build, -1);
    }
    for (CpuHotplugState state : CpuHotplugState.values()) {
      if (state.teardownCanFail()) {
        hotplug(policy, findings, TrialMachine.DYNAMIC, state.number());
      }
    }
  }

  private void hotplug(P policy, Findings findings, KernelBuild build, int failAt) {
    String refused = failAt < 0 ? "" : ", refused at state " + failAt;
    findings.at(place("hotplug" + refused, build));
    for (long timeNs : walk(policy, findings, build, failAt, -1)) {
      findings.at(place("hotplug" + refused + ", items at " + timeNs + " ns", build));
      walk(policy, findings, build, failAt, timeNs);
    }
  }

  private List<Long> walk(
      P policy, Findings findings, KernelBuild build, int failAt, long itemsNs) {
    DeferralBench<P> bench = benches.make(build, FEW, findings);
    bench.blaming(rules.hotplug());
    bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
    bench.use(policy);
    bench.trial().downAt(bench.startNs() + 20_000, failAt);
    bench.trial().upAt(bench.startNs() + 500_000);
    if (itemsNs < 0) {
      bench.trial().recordingTimes();
    } else {
      bench.interruptAt(itemsNs - bench.startNs(), 1, 3);
      bench.interruptAt(itemsNs - bench.startNs() + 3_000, 1, 1);
    }
    // And that all goes on as before.
    bench.interruptAt(3_000_000, 1, 2);
    bench.finish();
    return bench.trial().timesFrom(bench.startNs() + 20_000);
  }
}
