package policies.tck.internal;

import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import policies.tck.TckRule;
import sim.kernel.CpuMask;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.check.Complaint;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.hotplug.HotplugCallback;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.DigestSink;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** The machine of one run of a trial. */
public final class TrialMachine {
  /** A distribution's kernel: dynamic preemption, booted with none. */
  public static final KernelBuild DYNAMIC = KernelBuild.DEFAULT;

  /** Preempted wherever it can be. */
  public static final KernelBuild FULL = new KernelBuild(PreemptModel.FULL, false, false, 1_000);

  /** PREEMPT_RT: handlers of devices run in threads. */
  public static final KernelBuild RT = new KernelBuild(PreemptModel.RT, false, false, 1_000);

  /** Without a preempt count: nobody can tell what is atomic. */
  public static final KernelBuild BLIND = new KernelBuild(PreemptModel.NONE, false, false, 250);

  /** Events that the largest trial needs not a hundredth of. */
  private static final long EVENTS_MAX = 2_000_000;

  private static final int CPUS = 4;

  private final CommonRules common;
  private final Findings findings;
  private final Machine machine;
  private final DigestSink digest = new DigestSink();
  private final TreeSet<Long> times = new TreeSet<>();

  /** A machine of four CPUs with all costs. */
  public TrialMachine(KernelBuild build, CommonRules common, Findings findings) {
    this.common = common;
    this.findings = findings;
    machine = new Machine(MachineProfile.ofCpus(CPUS).with(build), 1, new Trace());
  }

  /** Has {@link #timesFrom} know the times from now on. */
  public TrialMachine recordingTimes() {
    machine.trace().addSink(new Times());
    return this;
  }

  /** Puts an event every so often into a span, so that something can come in between. */
  public void recordingSteps(long fromNs, long spanNs, long everyNs) {
    for (long timeNs = fromNs; timeNs < fromNs + spanNs; timeNs += everyNs) {
      machine.events().schedule(timeNs, times::add, timeNs);
    }
  }

  /** Has {@link #digest} know the trace from now on. */
  public TrialMachine recordingDigest() {
    machine.trace().addSink(digest);
    return this;
  }

  private final class Times implements TraceSink {
    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      times.add(timeNs);
    }
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** Told of the first complaint of each kernel rule, in the middle of the step. */
  public void onComplaint(Consumer<Complaint> listener) {
    machine.checker().onFirst(listener);
  }

  /** Runs something between two events at that time. */
  public void at(long timeNs, Runnable action) {
    machine.events().schedule(timeNs, arg -> action.run(), 0);
  }

  /** A task on that CPU that runs one step, and what it names, from that time on. */
  public void taskAt(long timeNs, int cpu, Step step) {
    at(timeNs, () -> machine.spawn("trial", CpuMask.of(cpu), step));
  }

  /** At that time, a task on CPU 0 takes CPU 1 down; it comes back if {@code failAt} is a state. */
  public void downAt(long timeNs, int failAt) {
    taskAt(timeNs, 0, x -> machine.hotplug().down(x, 1, failAt));
  }

  /** At that time, a task on CPU 0 brings CPU 1 up. */
  public void upAt(long timeNs) {
    taskAt(timeNs, 0, x -> machine.hotplug().up(x, 1, -1));
  }

  /**
   * Makes every walk of hotplug rest between the callbacks of a policy that comes later and the
   * CPU's birth and death, so that something can come in between.
   */
  public TrialMachine withSlowHotplug(long ns) {
    HotplugCallback pause =
        (x, cpu) -> {
          x.charge(ns);
          x.setResult(0);
        };
    for (CpuHotplugState state :
        List.of(CpuHotplugState.BP_PREPARE_DYN, CpuHotplugState.AP_ONLINE_DYN)) {
      machine.hotplug().register(state, "trial:pause", pause, pause);
    }
    return this;
  }

  /** Runs up to that time, or until nothing is left to do. */
  public void runUntil(long timeNs) {
    // Ends: each turn fires an event, and there is a bound on these.
    while (machine.events().size() > 0 && machine.events().peekTimeNs() <= timeNs) {
      fireNext();
    }
  }

  /** Fires one event. */
  public void fireNext() {
    machine.events().fireNext();
    if (machine.events().fired() > EVENTS_MAX) {
      throw findings.stop(
          common.boundedWork(),
          "more than %d events up to %d ns".formatted(EVENTS_MAX, machine.nowNs()));
    }
  }

  /** The times at which anything was traced, from one on. */
  public List<Long> timesFrom(long fromNs) {
    return List.copyOf(times.tailSet(fromNs));
  }

  /** Ends the run; the digest of its trace. */
  public String digest() {
    machine.trace().end(machine.nowNs());
    return digest.hex();
  }

  /** Breaks a rule at this time, which ends the trial. */
  public Stopped stop(TckRule rule, String reason) {
    return findings.stop(rule, reason + " (" + machine.nowNs() + " ns)");
  }

  /** What came out of a policy's code breaks the rule that names it, and ends the trial. */
  public Stopped stop(Throwable thrown) {
    return stop(common.brokenBy(thrown), Trial.describe(thrown));
  }
}
