package policies.tck.internal.completion;

import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;
import policies.tck.internal.TrialMachine;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.KernelBuild;

/** The trials of completion policies. */
public final class CompletionTrials {
  /** The rules. */
  public static final CommonRules COMMON = CompletionRules.COMMON;

  private static final List<KernelBuild> BUILDS =
      List.of(TrialMachine.DYNAMIC, TrialMachine.FULL, TrialMachine.BLIND);

  /** A swap-in is tried at each of the builds that differ in what a step may be preempted by. */
  private static final List<KernelBuild> PREEMPTION =
      List.of(TrialMachine.DYNAMIC, TrialMachine.FULL);

  private static final long SLOW_HOTPLUG_NS = 20_000;

  /** Before the first bio of a trial. */
  private static final long BEFORE_NS = 9_000;

  private static final int FLOOD = 600;
  private static final int EARLY = 200;
  private static final int LATE = 2_000;
  private static final int GROWTH_MAX = 64;

  private CompletionTrials() {}

  /** All trials. */
  public static List<Trial<CompletionPolicy>> all() {
    return List.of(
        trial(
            CompletionTrials::traffic,
            CompletionRules.EACH_ONCE,
            CompletionRules.IN_TASK,
            CompletionRules.DEFER_ONLY,
            CompletionRules.SOON,
            CompletionRules.IN_ORDER,
            CompletionRules.CLEAN_CONTEXT),
        trial(CompletionTrials::contexts, CompletionRules.WANTS_ATOMIC),
        trial(CompletionTrials::twice, CompletionRules.DETERMINISTIC),
        trial(CompletionTrials::sideBySide, CompletionRules.NOTHING_SHARED),
        trial(CompletionTrials::flood),
        trial(CompletionTrials::longLife),
        trial(CompletionTrials::swapOut, CompletionRules.DETACH),
        trial(CompletionTrials::swapIn, CompletionRules.ATTACH),
        trial(CompletionTrials::swapInWithoutCpu, CompletionRules.ATTACH),
        trial(CompletionTrials::hotplug, CompletionRules.HOTPLUG));
  }

  private static Trial<CompletionPolicy> trial(
      Trial.Body<CompletionPolicy> body, TckRule... judged) {
    return new Trial<>(COMMON, List.of(judged), body);
  }

  private static String place(String what, KernelBuild build) {
    return what + " (" + build.preempt() + (build.preemptCount() ? "" : ", no count") + ")";
  }

  /** Single bios, bursts, and a burst that interrupts its own end, on three CPUs. */
  private static void traffic(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : BUILDS) {
      findings.at(place("traffic", build));
      CompletionBench bench = new CompletionBench(build, findings);
      bench.use(policy);
      schedule(bench);
      bench.finish();
    }
  }

  private static void schedule(CompletionBench bench) {
    bench.interruptAt(10_000, 0, 1);
    bench.interruptAt(100_000, 0, 40);
    bench.interruptAt(115_000, 0, 3);
    bench.interruptAt(116_000, 1, 5);
    bench.interruptAt(118_200, 0, 1);
    bench.interruptAt(200_000, 2, 33);
    bench.interruptAt(201_000, 2, 33);
    bench.interruptAt(9_000_000, 1, 1);
  }

  /** Fewer bios than anybody's batch holds, for trials of something else. */
  private static void scheduleFew(CompletionBench bench) {
    bench.interruptAt(10_000, 1, 2);
    bench.interruptAt(11_000, 2, 1);
    bench.interruptAt(14_500, 1, 3);
    bench.interruptAt(17_000, 0, 1);
  }

  /** Completion in every context that a kernel has. */
  private static void contexts(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : BUILDS) {
      findings.at(place("contexts", build));
      CompletionBench bench = new CompletionBench(build, findings);
      bench.use(policy);
      bench.interruptAt(10_000, 0, 1);
      bench.completeInTaskAt(100_000, 1, x -> {}, x -> {});
      bench.completeInTaskAt(200_000, 1, x -> x.preemptDisable(), x -> x.preemptEnable());
      bench.completeInTaskAt(300_000, 1, x -> x.irqDisable(), x -> x.irqEnable());
      bench.completeInTaskAt(400_000, 1, x -> x.bhDisable(), x -> x.bhEnable());
      bench.completeInTaskAt(500_000, 1, x -> x.rcuReadLock(), x -> x.rcuReadUnlock());
      bench.finish();
    }
  }

  private static void twice(CompletionPolicy policy, Findings findings) {
    findings.at("the same run twice");
    String first = digest(policy, findings);
    String second = digest(policy, findings);
    if (!first.equals(second)) {
      throw findings.stop(
          CompletionRules.DETERMINISTIC, "the same run has digest " + first + " and " + second);
    }
  }

  private static String digest(CompletionPolicy policy, Findings findings) {
    CompletionBench bench = new CompletionBench(TrialMachine.DYNAMIC, findings);
    bench.trial().recordingDigest();
    bench.use(policy);
    scheduleFew(bench);
    bench.finish();
    return bench.trial().digest();
  }

  /** Two machines with one policy object, an event of one and an event of the other. */
  private static void sideBySide(CompletionPolicy policy, Findings findings) {
    findings.at("two runs side by side");
    CompletionBench one = new CompletionBench(TrialMachine.DYNAMIC, findings);
    CompletionBench other = new CompletionBench(TrialMachine.DYNAMIC, findings);
    for (CompletionBench bench : List.of(one, other)) {
      bench.blaming(Blame.all(CompletionRules.NOTHING_SHARED));
      bench.use(policy);
      scheduleFew(bench);
    }
    boolean more = true;
    while (more) {
      more = one.step() | other.step();
    }
    one.finish();
    other.finish();
  }

  /** More bios than anybody has room for, faster than they are ended. */
  private static void flood(CompletionPolicy policy, Findings findings) {
    findings.at("flood");
    CompletionBench bench = new CompletionBench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    bench.interruptAt(10_000, 1, FLOOD);
    bench.finish();
  }

  private static void longLife(CompletionPolicy policy, Findings findings) {
    findings.at("long life");
    CompletionBench bench = new CompletionBench(TrialMachine.DYNAMIC, findings);
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
          CompletionRules.BOUNDED_STATE,
          "%d tasks after %d bios, %d after %d"
              .formatted(tasks, EARLY, machine.tasks().size(), LATE));
    }
    if (machine.events().size() > GROWTH_MAX) {
      throw bench.stop(
          CompletionRules.BOUNDED_STATE,
          "%d events are pending after %d bios".formatted(machine.events().size(), LATE));
    }
    bench.finish();
  }

  /** Taken out at every time at which anything happens, for a successor that keeps everything. */
  private static void swapOut(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : PREEMPTION) {
      findings.at(place("no swap", build));
      CompletionBench whole = outAt(policy, findings, build, -1);
      for (long timeNs : whole.trial().timesFrom(10_000)) {
        for (long atNs = timeNs; atNs <= timeNs + 1; atNs++) {
          findings.at(place("swap out at " + atNs + " ns", build));
          outAt(policy, findings, build, atNs);
        }
      }
    }
  }

  private static CompletionBench outAt(
      CompletionPolicy policy, Findings findings, KernelBuild build, long swapNs) {
    CompletionBench bench = new CompletionBench(build, findings);
    bench.blaming(
        new Blame(CompletionRules.DETACH, CompletionRules.DETACH, CompletionRules.DETACH));
    bench.use(policy);
    scheduleFew(bench);
    if (swapNs < 0) {
      bench.trial().recordingTimes();
    } else {
      bench.trial().at(swapNs, () -> bench.useUnobserved(new Keeper()));
    }
    bench.runUntil(CompletionBench.SOON_NS);
    return bench;
  }

  /** Comes in at every time of a run whose predecessor has kept everything. */
  private static void swapIn(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : PREEMPTION) {
      findings.at(place("swap in at 9000 ns", build));
      List<Long> times = inAt(policy, findings, build, BEFORE_NS, false).trial().timesFrom(10_000);
      for (long timeNs : times) {
        findings.at(place("swap in at " + timeNs + " ns", build));
        inAt(policy, findings, build, timeNs, false);
      }
    }
  }

  /** Comes in at every time of a CPU's way down and up. */
  private static void swapInWithoutCpu(CompletionPolicy policy, Findings findings) {
    KernelBuild build = TrialMachine.DYNAMIC;
    findings.at(place("swap in at 9000 ns, before hotplug", build));
    List<Long> times = inAt(policy, findings, build, BEFORE_NS, true).trial().timesFrom(10_000);
    for (long timeNs : times) {
      findings.at(place("swap in beside hotplug at " + timeNs + " ns", build));
      inAt(policy, findings, build, timeNs, true);
    }
  }

  private static CompletionBench inAt(
      CompletionPolicy policy,
      Findings findings,
      KernelBuild build,
      long swapNs,
      boolean withHotplug) {
    CompletionBench bench = new CompletionBench(build, findings);
    bench.blaming(Blame.all(CompletionRules.ATTACH));
    bench.useUnobserved(new Keeper());
    scheduleFew(bench);
    if (swapNs == BEFORE_NS) {
      bench.trial().recordingTimes();
    }
    if (withHotplug) {
      bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
      bench.trial().downAt(20_000, -1);
      bench.trial().upAt(400_000);
    }
    bench.trial().at(swapNs, () -> bench.use(policy));
    bench.interruptAt(2_000_000, 1, 2);
    bench.finish();
    return bench;
  }

  /** Bios complete on a CPU at every time of its way down and up, refused at every state. */
  private static void hotplug(CompletionPolicy policy, Findings findings) {
    for (KernelBuild build : PREEMPTION) {
      hotplug(policy, findings, build, -1);
    }
    for (CpuHotplugState state : CpuHotplugState.values()) {
      if (state.teardownCanFail()) {
        hotplug(policy, findings, TrialMachine.DYNAMIC, state.number());
      }
    }
  }

  private static void hotplug(
      CompletionPolicy policy, Findings findings, KernelBuild build, int failAt) {
    String refused = failAt < 0 ? "" : ", refused at state " + failAt;
    findings.at(place("hotplug" + refused, build));
    List<Long> times = walk(policy, findings, build, failAt, -1).trial().timesFrom(20_000);
    for (long timeNs : times) {
      findings.at(place("hotplug" + refused + ", bios at " + timeNs + " ns", build));
      walk(policy, findings, build, failAt, timeNs);
    }
  }

  private static CompletionBench walk(
      CompletionPolicy policy, Findings findings, KernelBuild build, int failAt, long biosNs) {
    CompletionBench bench = new CompletionBench(build, findings);
    bench.blaming(Blame.all(CompletionRules.HOTPLUG));
    bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
    bench.use(policy);
    bench.trial().downAt(20_000, failAt);
    bench.trial().upAt(500_000);
    if (biosNs < 0) {
      bench.trial().recordingTimes();
    } else {
      bench.interruptAt(biosNs, 1, 3);
      bench.interruptAt(biosNs + 3_000, 1, 1);
    }
    // And that all goes on as before.
    bench.interruptAt(3_000_000, 1, 2);
    bench.finish();
    return bench;
  }
}
