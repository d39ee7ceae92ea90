package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import mm.core.NodeStat;
import sim.kernel.Machine;
import sim.kernel.trace.DigestSink;

/**
 * One run of a scenario. Confined to one thread at a time, and needs no framework.
 *
 * <p>Whatever comes from outside takes effect between two instants of virtual time: after
 * everything due at or before {@link #nowNs}, and before anything later. So its place is given by
 * its virtual time and its order among others, however the run is advanced, and the journal holds
 * no more. In a suspended run nothing is done before what comes from outside.
 *
 * <p>A run ends at the instant in which its last job ends, as fio does: its trace then has a last
 * record of page cache levels and CPU time, and its digest is made. What is in flight afterwards is
 * finished untraced, so that the invariants can be checked.
 */
public final class SimulationRun {
  private final Scenario scenario;
  private final PolicyLookup lookup;
  private final RunOptions options;
  private final RunComposition parts;
  private final Machine machine;
  private final FamilySeats seats;
  private final ComplaintWitness witness;
  private final RunPlan plan;
  private final RunRecorder recorder;
  private final RunProgress progress;
  private final PolicyControl policies;

  /** How it ended; null before that. */
  private RunState end;

  private long traceEndNs = Long.MAX_VALUE;
  private boolean started;
  private String failure = "";
  private boolean stopped;
  private boolean cutShort;
  private RunOutcome outcome;

  /**
   * Composes a run; nothing has happened in it yet.
   *
   * @param lookup where its policies are found, now and later
   * @throws IllegalArgumentException if a policy is not there, the device is too small for the
   *     jobs' files, or a journal belongs to something else
   * @throws sim.kernel.spi.PolicyRefusedException if a policy can't serve the machine
   */
  public SimulationRun(Scenario scenario, PolicyLookup lookup, RunOptions options) {
    this.scenario = scenario;
    this.lookup = lookup;
    this.options = options;
    options.replay().ifPresent(journal -> journal.requireFor(scenario));
    parts = new RunComposition(scenario, options);
    machine = parts.machine;
    seats = new FamilySeats(parts, lookup);
    witness = new ComplaintWitness(parts, seats);
    plan = new RunPlan(scenario, options.replay());
    recorder = new RunRecorder(scenario, parts.digest);
    progress = new RunProgress(parts);
    policies =
        new PolicyControl(
            parts, seats, recorder, scenario.onPolicyFault(), plan.replays(), this::fail);
    seats.useAtStart(
        scenario.policies(), options.replay().map(Journal::configurations).orElse(Map.of()));
    seats.all().forEach(seat -> recorder.startedWith(seat.policyId(), seat.configuration()));
    parts.workload.onEnd(machine::haltAtThisInstant);
    parts.workload.start();
  }

  /** What is run. */
  public Scenario scenario() {
    return scenario;
  }

  /** Where it is in its life. */
  public RunState state() {
    if (end != null) {
      return end;
    }
    if (seats.anyMissing()) {
      return RunState.SUSPENDED;
    }
    return started ? RunState.RUNNING : RunState.READY;
  }

  private boolean isOver() {
    return end != null;
  }

  /** Its virtual time. */
  public long nowNs() {
    return machine.nowNs();
  }

  /**
   * Runs everything due at or before a virtual time and leaves the clock there, or where the run
   * ended or was suspended.
   *
   * @param timeNs not before {@link #nowNs}
   */
  public RunState advanceToNs(long timeNs) {
    if (timeNs < machine.nowNs()) {
      throw new IllegalArgumentException(
          "run: time is " + timeNs + " ns; it must not be before now, " + machine.nowNs());
    }
    started = true;
    machine.drivenByCaller();
    // Ends: each round comes to timeNs, takes one of the finitely many things planned before it, or
    // answers for a policy that has broken; what that brings at this instant comes before the next.
    while (!isOver()) {
      if (state() == RunState.SUSPENDED) {
        if (!replaySuspended()) {
          return state();
        }
        continue;
      }
      if (!runEvents(Math.min(timeNs, nextNs()))) {
        continue;
      }
      boolean isIdle = state() == RunState.RUNNING && !takePlanned();
      if (isIdle && machine.nowNs() >= timeNs) {
        return state();
      }
    }
    return end;
  }

  /**
   * Runs everything due at the next virtual times at which anything is due.
   *
   * @param count how many times, above 0
   */
  public RunState advanceByInstants(long count) {
    for (long i = 0; i < count && !isOver() && machine.events().size() > 0; i++) {
      if (advanceToNs(machine.events().peekTimeNs()) == RunState.SUSPENDED) {
        return RunState.SUSPENDED;
      }
    }
    return state();
  }

  /** Runs until the run is over or suspended. */
  public RunState runToEnd() {
    return advanceToNs(Long.MAX_VALUE - 1);
  }

  /** False if a policy was answered for: what is due may have changed. */
  private boolean runEvents(long untilNs) {
    try {
      machine.runUntil(untilNs);
    } catch (RuntimeException | Error thrown) {
      policies.stepThrew(thrown);
      return true;
    }
    if (policies.answerFaults() || policies.answerForeignCalls()) {
      return false;
    }
    if (parts.workload.isEnded() && isTracedToItsEnd()) {
      finish(RunState.ENDED);
    }
    return true;
  }

  /** Whether the time is over for which the trace goes on after the last job. */
  private boolean isTracedToItsEnd() {
    if (traceEndNs == Long.MAX_VALUE) {
      traceEndNs = machine.nowNs() + options.traceAfterNs();
    }
    return machine.nowNs() >= traceEndNs;
  }

  /** When the next thing is due that is no event of the machine. */
  private long nextNs() {
    return Math.min(plan.nextNs(), traceEndNs);
  }

  /**
   * Whether no event is left. Told of the run at the looks only, whose times don't depend on how
   * far it was advanced at a time.
   */
  private boolean nothingIsDue() {
    return machine.events().size() == 0 && !plan.hasSwapsAfter(machine.nowNs());
  }

  /**
   * The next virtual time at which anything is done, if nothing could be watched on the way to it;
   * otherwise {@link #nowNs}.
   */
  long emptyUntilNs() {
    long nowNs = machine.nowNs();
    if (state() != RunState.RUNNING) {
      return nowNs;
    }
    long eventNs = machine.events().size() == 0 ? Long.MAX_VALUE : machine.events().peekTimeNs();
    long nextNs = Math.min(eventNs, nextNs());
    return progress.standsStillUntil(nextNs) ? nextNs : nowNs;
  }

  /** Jobs have not ended, and nothing moves them. */
  private void nothingHappens() {
    if (!policies.takeOutWhoeverKeeps()) {
      fail("nothing happens any more and jobs have not ended:\n  " + progress.report());
    }
  }

  /** Does one planned thing that is due; false if none is. */
  private boolean takePlanned() {
    long nowNs = machine.nowNs();
    if (plan.takeStop(nowNs)) {
      stopped = true;
      parts.workload.stop();
      return true;
    }
    if (plan.takeWatch(nowNs)) {
      if (!parts.workload.isEnded() && (nothingIsDue() || progress.isStuck(stopped))) {
        nothingHappens();
      }
      return true;
    }
    return takeCommand(nowNs);
  }

  private boolean takeCommand(long nowNs) {
    JournalEntry command = plan.takeCommand(nowNs);
    if (command == null) {
      return false;
    }
    if (command.kind() == JournalEntry.Kind.FAULT) {
      policies.repeatFault(seatOf(command), command);
      return true;
    }
    if (command.record() >= 0
        && recorder.record() >= 0
        && (command.record() != recorder.record() || command.timeNs() != nowNs)) {
      fail(
          "journal: at %d ns it was written after record %d; this run is at %d ns, after record %d"
              .formatted(command.timeNs(), command.record(), nowNs, recorder.record()));
      return true;
    }
    switch (command.kind()) {
      case STOP -> stopNow();
      case SUSPEND -> policies.suspend(seatOf(command), command.policyId(), "is not there");
      default -> policies.usePlanned(seatOf(command), command.policyId(), command.configuration());
    }
    return true;
  }

  private FamilySeat<?> seatOf(JournalEntry command) {
    return seats.seat(PolicyFamily.of(command.family()).orElseThrow());
  }

  /** A suspended run that repeats another goes on with what that did; false if there is nothing. */
  private boolean replaySuspended() {
    return plan.replays() && takeCommand(machine.nowNs());
  }

  /**
   * Puts a policy in use, in the place of the one before or of one that is missing.
   *
   * @throws IllegalArgumentException if there is none of this id
   * @throws IllegalStateException if the run is over, or repeats a journal
   * @throws RuntimeException whatever the policy threw when it was attached; nothing has changed
   */
  public void use(PolicyFamily<?> family, String id) {
    machine.drivenByCaller();
    settle();
    requireCommandable();
    FamilySeat<?> seat = seats.seat(family);
    if (seat.find(lookup, id) == null) {
      throw seats.noSuchPolicy(family, id);
    }
    policies.put(seat, id);
  }

  private void requireCommandable() {
    if (isOver() || plan.replays()) {
      throw new IllegalStateException(
          "run: it "
              + (plan.replays() ? "repeats a journal" : "is over")
              + "; no policy can be put in use");
    }
  }

  /** Commands come after everything due now, unless the clock stands. */
  private void settle() {
    if (state() != RunState.SUSPENDED && !isOver()) {
      advanceToNs(machine.nowNs());
    }
  }

  /**
   * A policy can be used from now on: a run that waits for it goes on. If it refuses, the run waits
   * on.
   */
  public void policyArrived(PolicyFamily<?> family, String id) {
    machine.drivenByCaller();
    FamilySeat<?> seat = seats.seat(family);
    if (isOver() || plan.replays() || !seat.isMissing() || !seat.policyId().equals(id)) {
      return;
    }
    if (seat.find(lookup, id) != null) {
      policies.resume(seat, id);
    }
  }

  /** A policy has come and refuses to work: a run that waits for it waits on, and says why. */
  public void policyRefused(PolicyFamily<?> family, String id, String reason) {
    FamilySeat<?> seat = seats.seat(family);
    if (!isOver() && seat.isMissing() && seat.policyId().equals(id)) {
      seat.lost(id, id + " is refused: " + reason);
    }
  }

  /**
   * A policy must not be used any more once this returns: if it is in use, the run is suspended,
   * unless a successor of the same id is there already.
   *
   * @param policy the object that goes
   */
  public void policyLeaving(PolicyFamily<?> family, String id, Object policy) {
    machine.drivenByCaller();
    FamilySeat<?> seat = seats.seat(family);
    if (seat.policy() != policy || isOver()) {
      return;
    }
    settle();
    if (isOver() || seat.policy() != policy) {
      return;
    }
    policies.suspend(seat, id, "has left");
    Object successor = seat.find(lookup, id);
    boolean waits = !isOver() && !plan.replays() && seat.isMissing();
    if (waits && successor != null && successor != policy) {
      policies.resume(seat, id);
    }
  }

  /** Ends the run now, whatever its jobs have done; its trace and figures are of what was done. */
  public void stop() {
    machine.drivenByCaller();
    settle();
    if (!isOver()) {
      stopNow();
    }
  }

  private void stopNow() {
    recorder.add(
        new JournalEntry(machine.nowNs(), recorder.record(), JournalEntry.Kind.STOP, "", "", 0));
    cutShort = true;
    finish(RunState.ENDED);
  }

  private void fail(String why) {
    if (!isOver()) {
      failure = why;
      finish(RunState.FAILED);
    }
  }

  private void finish(RunState as) {
    end = as;
    policies.answerForeignCalls();
    long endNs = machine.nowNs();
    parts.traceEnd();
    String digest = parts.digest.map(DigestSink::hex).orElse("");
    List<String> broken = new ArrayList<>();
    options
        .replay()
        .map(Journal::digest)
        .filter(hex -> !hex.isEmpty() && !digest.isEmpty() && !hex.equals(digest))
        .ifPresent(hex -> broken.add("journal: digest is " + hex + "; this run's is " + digest));
    if (end == RunState.ENDED && !cutShort) {
      broken.addAll(new RunEnd(parts).verify());
      seats.all().stream().filter(FamilySeat::isMissing).map(FamilySeat::why).forEach(broken::add);
    }
    outcome =
        new RunOutcome(
            end,
            endNs,
            cutShort,
            digest,
            failure,
            machine.checker().complaints(),
            machine.checker().count(),
            witness.reports(),
            broken,
            policies.faults(),
            parts.notes(),
            parts.workload.fileBytes());
  }

  /**
   * What came of it.
   *
   * @throws IllegalStateException if it is not over
   */
  public RunOutcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException(
          "run: it is " + state() + "; only a run that is over has one");
    }
    return outcome;
  }

  /**
   * A number that changes whenever anything happens. May be asked by any thread, which may see an
   * older one.
   */
  long progressMark() {
    return 31 * machine.events().fired() + machine.nowNs();
  }

  /** The policy whose code is on this run's stack; empty if there is none. For any thread. */
  Optional<PolicyFault> culprit(StackTraceElement[] stack, String what) {
    return seats
        .culprit(stack)
        .map(
            culprit ->
                new PolicyFault(
                    machine.nowNs(),
                    culprit.code().seat().family().key(),
                    culprit.code().policyId(),
                    what + " at " + culprit.frame()));
  }

  /** What has happened to it from outside so far; has a digest once it is over. */
  public Journal journal() {
    return recorder.journal(outcome == null ? "" : outcome.digest());
  }

  /** What it looks like now. */
  public RunSnapshot snapshot() {
    RunState state = state();
    return new RunSnapshot(
        state,
        machine.nowNs(),
        seats.snapshot(),
        parts.workload.bytesDone(),
        parts.workload.bytesPlanned(),
        parts.pages(NodeStat.FILE_PAGES),
        parts.pages(NodeStat.FILE_DIRTY),
        parts.pages(NodeStat.WRITEBACK),
        parts.blockLayer.completions().pending(),
        parts.blockLayer.bios().inUse(),
        machine.checker().count(),
        state == RunState.SUSPENDED ? seats.whyMissing() : failure);
  }
}
