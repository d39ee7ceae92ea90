package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.PolicyFaultResponse;
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
  private final RunPlan plan;
  private final RunRecorder recorder;
  private final RunProgress progress;
  private final List<PolicyFault> faults = new ArrayList<>();
  private RunState state = RunState.READY;
  private String failure = "";

  /** What policies did in the middle of an event, for which their layers took them out of use. */
  private final List<Runnable> faultsOfInstant = new ArrayList<>();

  /** What the last policy that refused had said. */
  private String refusal = "";

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
    plan = new RunPlan(scenario, options.replay());
    recorder = new RunRecorder(scenario, parts.digest);
    progress = new RunProgress(parts);
    for (FamilySeat<?> seat : seats.all()) {
      seat.onFault(what -> tookOut(seat, what));
    }
    seats.useAtStart(scenario.policies());
    parts.workload.onEnd(machine::haltAtThisInstant);
    parts.workload.start();
  }

  /** What is run. */
  public Scenario scenario() {
    return scenario;
  }

  /** Where it is in its life. */
  public RunState state() {
    return state;
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
    if (state == RunState.READY) {
      state = RunState.RUNNING;
    }
    // Ends: each round comes to timeNs or takes one of the finitely many things planned before it.
    while (!state.isOver()) {
      if (state == RunState.SUSPENDED) {
        if (!replaySuspended()) {
          return state;
        }
        continue;
      }
      runEvents(Math.min(timeNs, plan.nextNs()));
      boolean isIdle = state == RunState.RUNNING && !takePlanned();
      if (isIdle && machine.nowNs() >= timeNs) {
        return state;
      }
    }
    return state;
  }

  /**
   * Runs everything due at the next virtual times at which anything is due.
   *
   * @param count how many times, above 0
   */
  public RunState advanceByInstants(long count) {
    for (long i = 0; i < count && !state.isOver() && machine.events().size() > 0; i++) {
      if (advanceToNs(machine.events().peekTimeNs()) == RunState.SUSPENDED) {
        return state;
      }
    }
    return state;
  }

  /** Runs until the run is over or suspended. */
  public RunState runToEnd() {
    return advanceToNs(Long.MAX_VALUE - 1);
  }

  private void runEvents(long untilNs) {
    boolean isMoreToCome;
    try {
      isMoreToCome = machine.runUntil(untilNs);
    } catch (RuntimeException thrown) {
      stepThrew(thrown);
      return;
    }
    if (!faultsOfInstant.isEmpty()) {
      List<Runnable> responses = List.copyOf(faultsOfInstant);
      faultsOfInstant.clear();
      responses.forEach(Runnable::run);
    } else if (parts.workload.isEnded()) {
      finish(RunState.ENDED);
    } else if (!isMoreToCome && !plan.hasCommands()) {
      nothingHappens();
    }
  }

  private void tookOut(FamilySeat<?> seat, String fault) {
    String id = seat.policyId();
    String what = fault.startsWith(id + ": ") ? fault.substring(id.length() + 2) : fault;
    seat.lost(id, id + " was taken out of use: " + what);
    faultsOfInstant.add(() -> policyFault(seat, id, what));
    machine.haltAtThisInstant();
  }

  /** A step threw: the CPU is in the middle of something, so the run can't go on. */
  private void stepThrew(RuntimeException thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      for (FamilySeat<?> seat : seats.all()) {
        if (seat.owns(frame.getClassName())) {
          String what = "threw " + thrown + " at " + frame;
          recordFault(seat, seat.policyId(), what);
          fail(seat.policyId() + ": " + what + " at " + machine.nowNs() + " ns");
          return;
        }
      }
    }
    StackTraceElement[] frames = thrown.getStackTrace();
    fail(thrown + (frames.length == 0 ? "" : " at " + frames[0]));
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
      if (progress.isStuck(stopped)) {
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
      repeatFault(command);
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
      case SUSPEND -> suspend(seatOf(command), command.policyId(), "is not there");
      default -> usePlanned(seatOf(command), command.policyId());
    }
    return true;
  }

  /** A fault that a journal tells of recurs by itself, but for one of a policy not in use. */
  private void repeatFault(JournalEntry command) {
    if (!recorder.has(command)) {
      policyFault(seatOf(command), command.policyId(), "as the journal says; " + refusal);
    }
  }

  private FamilySeat<?> seatOf(JournalEntry command) {
    return seats.seat(
        PolicyFamily.of(command.family())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "journal: there is no family '" + command.family() + "'")));
  }

  /** A suspended run that repeats another goes on with what that did; false if there is nothing. */
  private boolean replaySuspended() {
    return plan.replays() && takeCommand(machine.nowNs());
  }

  private void usePlanned(FamilySeat<?> seat, String id) {
    if (seat.find(lookup, id) == null) {
      suspend(seat, id, "is not there");
      return;
    }
    try {
      put(seat, id);
    } catch (RuntimeException refused) {
      refusal = "attach threw " + refused;
      if (plan.replays()) {
        // Whether this suspended the run, as a scenario's swap does, or not is the next entry.
        return;
      }
      // What the scenario names can't be had, and nothing else may take its place.
      suspend(seat, id, "could not come into use: " + refused);
      policyFault(seat, id, refusal);
    }
  }

  /**
   * Puts a policy in use, in the place of the one before or of one that is missing.
   *
   * @throws IllegalArgumentException if there is none of this id
   * @throws IllegalStateException if the run is over, or repeats a journal
   * @throws RuntimeException whatever the policy threw when it was attached; nothing has changed
   */
  public void use(PolicyFamily<?> family, String id) {
    settle();
    requireCommandable();
    FamilySeat<?> seat = seats.seat(family);
    if (seat.find(lookup, id) == null) {
      throw seats.noSuchPolicy(family, id);
    }
    put(seat, id);
  }

  private void requireCommandable() {
    if (state.isOver() || plan.replays()) {
      throw new IllegalStateException(
          "run: it "
              + (plan.replays() ? "repeats a journal" : "is over")
              + "; no policy can be put in use");
    }
  }

  /** Commands come after everything due now, unless the clock stands. */
  private void settle() {
    if (state != RunState.SUSPENDED && !state.isOver()) {
      advanceToNs(machine.nowNs());
    }
  }

  private void put(FamilySeat<?> seat, String id) {
    boolean wasMissing = seat.isMissing();
    String before = seat.policyId();
    int waiting = seat.pending();
    long record = recorder.record();
    FamilySeat.Change change;
    try {
      change = seat.use(lookup, id);
    } catch (RuntimeException refused) {
      enter(record, JournalEntry.Kind.REFUSED, seat, id, 0);
      throw refused;
    }
    if (wasMissing) {
      enter(record, JournalEntry.Kind.RESUME, seat, id, waiting);
    } else {
      enter(record, JournalEntry.Kind.SWAP, seat, id, change.handedOver());
    }
    if (state == RunState.SUSPENDED && !seats.anyMissing()) {
      state = RunState.RUNNING;
    }
    if (!change.fault().isEmpty()) {
      policyFault(seat, before, change.fault());
    }
  }

  private void enter(
      long record, JournalEntry.Kind kind, FamilySeat<?> seat, String id, int handedOver) {
    recorder.add(
        new JournalEntry(machine.nowNs(), record, kind, seat.family().key(), id, handedOver));
  }

  /**
   * A policy can be used from now on: a run that waits for it goes on. If it refuses, the run waits
   * on.
   */
  public void policyArrived(PolicyFamily<?> family, String id) {
    FamilySeat<?> seat = seats.seat(family);
    if (state.isOver() || plan.replays() || !seat.isMissing() || !seat.policyId().equals(id)) {
      return;
    }
    if (seat.find(lookup, id) != null) {
      resume(seat, id);
    }
  }

  private void resume(FamilySeat<?> seat, String id) {
    try {
      put(seat, id);
    } catch (RuntimeException refused) {
      seat.lost(id, id + " is back and could not come into use: " + refused);
    }
  }

  /**
   * A policy must not be used any more once this returns: if it is in use, the run is suspended,
   * unless a successor of the same id is there already.
   *
   * @param policy the object that goes
   */
  public void policyLeaving(PolicyFamily<?> family, String id, Object policy) {
    FamilySeat<?> seat = seats.seat(family);
    if (seat.policy() != policy || outcome != null) {
      return;
    }
    settle();
    if (state.isOver() || seat.policy() != policy) {
      return;
    }
    suspend(seat, id, "has left");
    Object successor = seat.find(lookup, id);
    if (!state.isOver() && !plan.replays() && successor != null && successor != policy) {
      resume(seat, id);
    }
  }

  private void suspend(FamilySeat<?> seat, String id, String why) {
    String before = seat.policyId();
    long record = recorder.record();
    FamilySeat.Change change;
    try {
      change = seat.suspend(id, id + " " + why);
    } catch (RuntimeException thrown) {
      recordFault(seat, before, "detach threw " + thrown);
      fail(before + ": detach threw " + thrown + "; what it had can't be taken back");
      return;
    }
    enter(record, JournalEntry.Kind.SUSPEND, seat, id, seat.pending());
    state = RunState.SUSPENDED;
    if (!change.fault().isEmpty()) {
      policyFault(seat, before, change.fault());
    }
  }

  private void policyFault(FamilySeat<?> seat, String id, String what) {
    recordFault(seat, id, what);
    if (scenario.onPolicyFault() == PolicyFaultResponse.END) {
      fail(faults.get(faults.size() - 1).text());
    } else if (seats.anyMissing()) {
      state = RunState.SUSPENDED;
    }
  }

  private void recordFault(FamilySeat<?> seat, String id, String what) {
    faults.add(new PolicyFault(machine.nowNs(), seat.family().key(), id, what));
    enter(recorder.record(), JournalEntry.Kind.FAULT, seat, id, seat.pending());
  }

  /** Jobs have not ended, and nothing moves them. */
  private void nothingHappens() {
    for (FamilySeat<?> seat : seats.all()) {
      if (!seat.isMissing() && seat.pending() > 0) {
        String id = seat.policyId();
        String what = "keeps %d pending and ends none".formatted(seat.pending());
        FamilySeat.Change change = seat.suspend(id, id + " " + what);
        policyFault(seat, id, what + (change.fault().isEmpty() ? "" : "; " + change.fault()));
        return;
      }
    }
    fail("nothing happens any more and jobs have not ended:\n  " + progress.report());
  }

  /** Ends the run now, whatever its jobs have done; its trace and figures are of what was done. */
  public void stop() {
    settle();
    if (!state.isOver()) {
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
    if (!state.isOver()) {
      failure = why;
      finish(RunState.FAILED);
    }
  }

  private void finish(RunState end) {
    state = end;
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
            broken,
            faults,
            parts.workload.notes());
  }

  /**
   * What came of it.
   *
   * @throws IllegalStateException if it is not over
   */
  public RunOutcome outcome() {
    if (outcome == null) {
      throw new IllegalStateException("run: it is " + state + "; only a run that is over has one");
    }
    return outcome;
  }

  /** What has happened to it from outside so far; has a digest once it is over. */
  public Journal journal() {
    return recorder.journal(outcome == null ? "" : outcome.digest());
  }

  /** What it looks like now. */
  public RunSnapshot snapshot() {
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
