package policies.tck.internal.mm;

import java.util.List;
import mm.core.spi.writeback.WritebackPolicy;
import policies.tck.TckRule;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;
import policies.tck.internal.TrialMachine;
import sim.kernel.CpuMask;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.KernelBuild;

/** The trials of writeback policies. */
public final class WritebackTrials {
  /** The rules. */
  public static final CommonRules COMMON = WritebackRules.COMMON;

  private static final long SLOW_HOTPLUG_NS = 20_000;
  private static final int WRITES = 60;
  private static final int EARLY = 100;
  private static final int LATE = 400;
  private static final int GROWTH_MAX = 64;

  /** The way a file goes once nobody writes any more. */
  private static final long REST_NS = 5_000_000;

  private WritebackTrials() {}

  /** All trials. */
  public static List<Trial<WritebackPolicy>> all() {
    return List.of(
        trial(
            WritebackTrials::traffic,
            WritebackRules.WRITTEN,
            WritebackRules.RETURNS,
            WritebackRules.CLEAN_CONTEXT),
        trial(WritebackTrials::twice, WritebackRules.DETERMINISTIC),
        trial(WritebackTrials::sideBySide, WritebackRules.NOTHING_SHARED),
        trial(WritebackTrials::longLife),
        trial(WritebackTrials::swapOut, WritebackRules.DETACH, WritebackRules.LEAVES_WRITERS),
        trial(WritebackTrials::swapIn, WritebackRules.ATTACH),
        trial(WritebackTrials::hotplug, WritebackRules.HOTPLUG));
  }

  private static Trial<WritebackPolicy> trial(Trial.Body<WritebackPolicy> body, TckRule... judged) {
    return new Trial<>(COMMON, List.of(judged), body);
  }

  /** Writers of several files on several CPUs, some of which write while others are written. */
  private static void traffic(WritebackPolicy policy, Findings findings) {
    for (KernelBuild build : List.of(TrialMachine.DYNAMIC, TrialMachine.FULL)) {
      for (long gapNs : new long[] {1_000, 7_000, 40_000, 130_000}) {
        findings.at("writes every " + gapNs + " ns (" + build.preempt() + ")");
        WritebackBench bench = new WritebackBench(build, findings);
        bench.use(policy);
        for (int i = 0; i < WRITES; i++) {
          bench.writeAt(10_000 + i * gapNs, CpuMask.of(i % 3), i % 2, 1 + i % 5);
        }
        bench.finishReturns();
        if (bench.dirtyPages() > 0) {
          findings.breach(
              WritebackRules.WRITTEN, bench.dirtyPages() + " pages are dirty and stay so");
        } else {
          bench.finish();
        }
      }
    }
  }

  /** A few writes of more than a page; each is alone with its file. */
  private static void scheduleFew(WritebackBench bench) {
    bench.writeAt(10_000, CpuMask.of(1), 0, 4);
    bench.writeAt(12_000, CpuMask.of(2), 1, 2);
    bench.writeAt(30_000, CpuMask.of(1), 2, 3);
  }

  private static void twice(WritebackPolicy policy, Findings findings) {
    findings.at("the same run twice");
    String first = digest(policy, findings);
    String second = digest(policy, findings);
    if (!first.equals(second)) {
      throw findings.stop(
          WritebackRules.DETERMINISTIC, "its digest is " + first + " and " + second);
    }
  }

  private static String digest(WritebackPolicy policy, Findings findings) {
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.trial().recordingDigest();
    bench.use(policy);
    scheduleFew(bench);
    bench.finishReturns();
    return bench.trial().digest();
  }

  private static void sideBySide(WritebackPolicy policy, Findings findings) {
    findings.at("two runs side by side");
    TckRule shared = WritebackRules.NOTHING_SHARED;
    WritebackBench one = new WritebackBench(TrialMachine.DYNAMIC, findings);
    WritebackBench other = new WritebackBench(TrialMachine.DYNAMIC, findings);
    for (WritebackBench bench : List.of(one, other)) {
      bench.blaming(shared, shared);
      bench.use(policy);
      scheduleFew(bench);
    }
    boolean more = true;
    // Ends when neither has an event left; the machines bound these.
    while (more) {
      more = false;
      for (WritebackBench bench : List.of(one, other)) {
        if (bench.trial().machine().events().size() > 0) {
          more = true;
          bench.trial().fireNext();
        }
      }
    }
    one.finishReturns();
    other.finishReturns();
  }

  private static void longLife(WritebackPolicy policy, Findings findings) {
    findings.at("long life");
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    // Apart from each other, so that only the number differs.
    for (int i = 1; i <= LATE; i++) {
      bench.writeAt(i * 2_000_000L, CpuMask.of(1), i % 4, 2);
    }
    Machine machine = bench.trial().machine();
    bench.trial().runUntil(EARLY * 2_000_000L + 1_000_000);
    // Every write is a task, too.
    int tasks = machine.tasks().size() - EARLY;
    bench.trial().runUntil(LATE * 2_000_000L + 1_000_000);
    int later = machine.tasks().size() - LATE;
    if (later > tasks + GROWTH_MAX) {
      throw bench.stop(
          WritebackRules.BOUNDED_STATE,
          "%d tasks after %d writes, %d after %d".formatted(tasks, EARLY, later, LATE));
    }
    if (machine.events().size() > GROWTH_MAX) {
      throw bench.stop(
          WritebackRules.BOUNDED_STATE,
          "%d events are pending after %d writes".formatted(machine.events().size(), LATE));
    }
  }

  /** Taken out at every time at which anything happens. */
  private static void swapOut(WritebackPolicy policy, Findings findings) {
    findings.at("no swap");
    for (long timeNs : outAt(policy, findings, -1)) {
      for (long atNs = timeNs; atNs <= timeNs + 1; atNs++) {
        findings.at("swap out at " + atNs + " ns");
        outAt(policy, findings, atNs);
      }
    }
  }

  private static List<Long> outAt(WritebackPolicy policy, Findings findings, long swapNs) {
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.blaming(WritebackRules.WRITTEN, WritebackRules.LEAVES_WRITERS);
    bench.use(policy);
    scheduleFew(bench);
    if (swapNs < 0) {
      bench.trial().recordingTimes();
      bench.trial().runUntil(WritebackBench.SOON_NS);
    } else {
      bench.trial().at(swapNs, bench::useInline);
      bench.finishReturns();
    }
    return bench.trial().timesFrom(10_000);
  }

  /** What is not written in a run without any disturbance is not the fault of one. */
  private static void undisturbed(WritebackPolicy policy, Findings findings) {
    findings.at("undisturbed");
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.use(policy);
    scheduleFew(bench);
    bench.writeAt(REST_NS, CpuMask.of(0), 3, 2);
    bench.finish();
  }

  /** Comes in at every time of a run whose predecessor leaves before the first write ends. */
  private static void swapIn(WritebackPolicy policy, Findings findings) {
    undisturbed(policy, findings);
    findings.at("swap in before the first write");
    for (long timeNs : inAt(policy, findings, -1)) {
      findings.at("swap in at " + timeNs + " ns");
      inAt(policy, findings, timeNs);
    }
  }

  private static List<Long> inAt(WritebackPolicy policy, Findings findings, long swapNs) {
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.blaming(WritebackRules.ATTACH, WritebackRules.ATTACH);
    bench.useInline();
    bench.trial().at(9_000, bench::suspend);
    scheduleFew(bench);
    if (swapNs < 0) {
      bench.trial().recordingTimes();
    }
    bench.trial().at(Math.max(9_500, swapNs), () -> bench.use(policy));
    bench.writeAt(REST_NS, CpuMask.of(0), 3, 2);
    bench.finish();
    return bench.trial().timesFrom(10_000).stream().filter(timeNs -> timeNs < REST_NS).toList();
  }

  /** Writes end on a CPU at every time of its way down and up, refused at every state. */
  private static void hotplug(WritebackPolicy policy, Findings findings) {
    undisturbed(policy, findings);
    hotplug(policy, findings, -1);
    for (CpuHotplugState state : CpuHotplugState.values()) {
      if (state.teardownCanFail()) {
        hotplug(policy, findings, state.number());
      }
    }
  }

  private static void hotplug(WritebackPolicy policy, Findings findings, int failAt) {
    String refused = failAt < 0 ? "" : ", refused at state " + failAt;
    findings.at("hotplug" + refused);
    for (long timeNs : walk(policy, findings, failAt, -1)) {
      findings.at("hotplug" + refused + ", write at " + timeNs + " ns");
      walk(policy, findings, failAt, timeNs);
    }
  }

  private static List<Long> walk(
      WritebackPolicy policy, Findings findings, int failAt, long writeNs) {
    WritebackBench bench = new WritebackBench(TrialMachine.DYNAMIC, findings);
    bench.blaming(WritebackRules.HOTPLUG, WritebackRules.HOTPLUG);
    bench.trial().withSlowHotplug(SLOW_HOTPLUG_NS);
    bench.use(policy);
    bench.trial().downAt(20_000, failAt);
    bench.trial().upAt(500_000);
    if (writeNs < 0) {
      bench.trial().recordingTimes();
    } else {
      // On the CPU that goes while it is there, and on another while it is not.
      bench.writeAt(writeNs, CpuMask.of(1, 2), 0, 3);
    }
    bench.writeAt(REST_NS, CpuMask.of(1), 1, 2);
    bench.finish();
    return bench.trial().timesFrom(20_000).stream().filter(timeNs -> timeNs < REST_NS).toList();
  }
}
