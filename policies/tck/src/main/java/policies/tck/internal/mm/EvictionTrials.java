package policies.tck.internal.mm;

import java.util.List;
import mm.core.spi.eviction.EvictionPolicy;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;
import policies.tck.internal.TrialMachine;
import sim.kernel.CpuMask;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.KernelBuild;

/** The trials of eviction policies. */
public final class EvictionTrials {
  /** The rules. */
  public static final CommonRules COMMON = EvictionRules.COMMON;

  private static final List<KernelBuild> BUILDS = List.of(TrialMachine.DYNAMIC, TrialMachine.FULL);
  private static final long SLOW_HOTPLUG_NS = 20_000;
  private static final int LONG_LIST = 1_200;
  private static final int EARLY = 100;
  private static final int LATE = 400;
  private static final int GROWTH_MAX = 64;
  private static final long START_NS = 10_000;

  private EvictionTrials() {}

  /** All trials. */
  public static List<Trial<EvictionPolicy>> all() {
    return List.of(
        trial(
            EvictionTrials::traffic,
            EvictionRules.EACH_ONCE,
            EvictionRules.FLUSHED,
            EvictionRules.FLUSH,
            EvictionRules.NOTHING_SHARED,
            EvictionRules.GOES_ON,
            EvictionRules.CLEAN_CONTEXT),
        trial(EvictionTrials::touched, EvictionRules.UNTOUCHED),
        trial(EvictionTrials::longList, EvictionRules.BOUNDED_PENDING),
        trial(EvictionTrials::twice, EvictionRules.DETERMINISTIC),
        trial(EvictionTrials::sideBySide, EvictionRules.NOTHING_SHARED),
        trial(EvictionTrials::longLife),
        trial(EvictionTrials::swapOut, EvictionRules.HAND_BACK),
        trial(EvictionTrials::swapIn, EvictionRules.ATTACH),
        trial(EvictionTrials::hotplug, EvictionRules.HOTPLUG));
  }

  private static Trial<EvictionPolicy> trial(Trial.Body<EvictionPolicy> body, TckRule... judged) {
    return new Trial<>(COMMON, List.of(judged), body);
  }

  private static EvictionBench bench(KernelBuild build, Findings findings) {
    return new EvictionBench(build, 0, findings);
  }

  /** Lists of every length, two of them at a time, with and without folios for pageout. */
  private static void traffic(EvictionPolicy policy, Findings findings) {
    for (KernelBuild build : BUILDS) {
      findings.at("lists (" + build.preempt() + ")");
      EvictionBench bench = bench(build, findings);
      bench.use(policy);
      bench.evictAt(START_NS, CpuMask.of(0), 1, 0);
      bench.evictAt(1_000_000, CpuMask.of(0), 70, 0);
      bench.evictAt(1_001_000, CpuMask.of(1), 70, 3);
      bench.evictAt(3_000_000, CpuMask.of(1), 31, 1);
      bench.evictAt(5_000_000, CpuMask.of(2), 32, 2);
      bench.evictAt(7_000_000, CpuMask.of(2), 0, 0);
      bench.finish();
    }
  }

  private static void scheduleFew(EvictionBench bench) {
    bench.evictAt(START_NS, CpuMask.of(1, 2), 8, 3);
  }

  /** Whoever can use a folio does, at every time at which anything happens. */
  private static void touched(EvictionPolicy policy, Findings findings) {
    for (int folios : new int[] {8, 40}) {
      findings.at("nobody touches a folio");
      for (long timeNs : touchedAt(policy, findings, folios, -1)) {
        findings.at("folios are used at " + timeNs + " ns");
        touchedAt(policy, findings, folios, timeNs);
      }
    }
  }

  private static List<Long> touchedAt(
      EvictionPolicy policy, Findings findings, int folios, long touchNs) {
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    bench.evictAt(START_NS, CpuMask.of(1), folios, 1);
    if (touchNs < 0) {
      bench.trial().recordingTimes();
      bench.trial().recordingSteps(START_NS, 1_000_000, 500);
    } else {
      bench.trial().at(touchNs, bench::touchUnlocked);
    }
    bench.finish();
    return bench.trial().timesFrom(START_NS);
  }

  private static void longList(EvictionPolicy policy, Findings findings) {
    findings.at("a list of " + LONG_LIST);
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    bench.evictAt(START_NS, CpuMask.of(1), LONG_LIST, 0);
    bench.trial().recordingSteps(START_NS, 10_000_000, 20_000);
    bench.finish();
  }

  private static void twice(EvictionPolicy policy, Findings findings) {
    findings.at("the same run twice");
    String first = digest(policy, findings);
    String second = digest(policy, findings);
    if (!first.equals(second)) {
      throw findings.stop(EvictionRules.DETERMINISTIC, "its digest is " + first + " and " + second);
    }
  }

  private static String digest(EvictionPolicy policy, Findings findings) {
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings);
    bench.trial().recordingDigest();
    bench.use(policy);
    scheduleFew(bench);
    bench.evictAt(1_000_000, CpuMask.of(1), 3, 0);
    bench.finish();
    return bench.trial().digest();
  }

  private static void sideBySide(EvictionPolicy policy, Findings findings) {
    findings.at("two runs side by side");
    EvictionBench one = new EvictionBench(TrialMachine.DYNAMIC, 0, findings);
    EvictionBench other = new EvictionBench(TrialMachine.DYNAMIC, 1, findings);
    for (EvictionBench bench : List.of(one, other)) {
      bench.blaming(EvictionRules.NOTHING_SHARED);
      bench.use(policy);
      scheduleFew(bench);
      bench.trial().recordingSteps(START_NS, 60_000, 500);
    }
    boolean more = true;
    // Ends when neither has an event left; the machines bound these.
    while (more) {
      more = one.step() | other.step();
    }
    one.finish();
    other.finish();
  }

  private static void longLife(EvictionPolicy policy, Findings findings) {
    findings.at("long life");
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    for (int i = 1; i <= LATE; i++) {
      bench.evictAt(i * 1_000_000L, CpuMask.of(1), 3, 2);
    }
    Machine machine = bench.trial().machine();
    bench.runUntil(EARLY * 1_000_000L + 500_000);
    // Every list has a task, too.
    int tasks = machine.tasks().size() - EARLY;
    bench.runUntil(LATE * 1_000_000L + 500_000);
    int later = machine.tasks().size() - LATE;
    if (later > tasks + GROWTH_MAX) {
      throw bench.stop(
          EvictionRules.BOUNDED_STATE,
          "%d tasks after %d lists, %d after %d".formatted(tasks, EARLY, later, LATE));
    }
    if (machine.events().size() > GROWTH_MAX) {
      throw bench.stop(
          EvictionRules.BOUNDED_STATE,
          "%d events are pending after %d lists".formatted(machine.events().size(), LATE));
    }
  }

  /** Taken out at every time at which anything happens. */
  private static void swapOut(EvictionPolicy policy, Findings findings) {
    findings.at("no swap");
    for (long timeNs : swapAt(policy, new PlainEviction(), findings, -1, null)) {
      findings.at("swap out at " + timeNs + " ns");
      swapAt(policy, new PlainEviction(), findings, timeNs, null);
    }
  }

  /** Comes in at every time at which anything happens. */
  private static void swapIn(EvictionPolicy policy, Findings findings) {
    findings.at("swap in before the list");
    swapAt(new PlainEviction(), policy, findings, 1_000, EvictionRules.ATTACH);
    for (long timeNs : swapAt(new PlainEviction(), policy, findings, -1, EvictionRules.ATTACH)) {
      findings.at("swap in at " + timeNs + " ns");
      swapAt(new PlainEviction(), policy, findings, timeNs, EvictionRules.ATTACH);
    }
  }

  private static List<Long> swapAt(
      EvictionPolicy first,
      EvictionPolicy second,
      Findings findings,
      long swapNs,
      TckRule instead) {
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings).blaming(instead);
    bench.use(first);
    scheduleFew(bench);
    if (swapNs < 0) {
      bench.trial().recordingTimes();
      bench.trial().recordingSteps(START_NS, 60_000, 250);
    } else {
      bench.trial().at(swapNs, () -> bench.use(second));
      bench.evictAt(2_000_000, CpuMask.of(0), 2, 2);
    }
    bench.finish();
    return bench.trial().timesFrom(START_NS);
  }

  /** A list is evicted at every time of a CPU's way down and up, refused at every state. */
  private static void hotplug(EvictionPolicy policy, Findings findings) {
    hotplug(policy, findings, -1);
    for (CpuHotplugState state : CpuHotplugState.values()) {
      if (state.teardownCanFail()) {
        hotplug(policy, findings, state.number());
      }
    }
  }

  private static void hotplug(EvictionPolicy policy, Findings findings, int failAt) {
    String refused = failAt < 0 ? "" : ", refused at state " + failAt;
    findings.at("hotplug" + refused);
    for (long timeNs : walk(policy, findings, failAt, -1)) {
      findings.at("hotplug" + refused + ", list at " + timeNs + " ns");
      walk(policy, findings, failAt, timeNs);
    }
  }

  private static List<Long> walk(
      EvictionPolicy policy, Findings findings, int failAt, long listNs) {
    EvictionBench bench = bench(TrialMachine.DYNAMIC, findings);
    bench.blaming(EvictionRules.HOTPLUG);
    bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
    bench.use(policy);
    bench.trial().downAt(20_000, failAt);
    bench.trial().upAt(500_000);
    if (listNs < 0) {
      bench.trial().recordingTimes();
    } else {
      bench.evictAt(listNs, CpuMask.of(1, 2), 4, 2);
    }
    bench.evictAt(3_000_000, CpuMask.of(1), 2, 2);
    bench.finish();
    return bench.trial().timesFrom(20_000).stream().filter(timeNs -> timeNs < 2_000_000).toList();
  }
}
