package launcher.scenario.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import launcher.scenario.PolicyFaultResponse;
import launcher.scenario.policy.PolicyLookup;
import sim.kernel.Machine;

/** Changes of the policies of one run, and their faults: does them, and writes the journal. */
final class PolicyControl {
  private final Machine machine;
  private final FamilySeats seats;
  private final PolicyLookup lookup;
  private final RunRecorder recorder;
  private final PolicyFaultResponse response;
  private final boolean replays;

  /** Ends the run, and says why. */
  private final Consumer<String> fail;

  private final List<PolicyFault> faults = new ArrayList<>();

  /** What policies did in the middle of an event, for which their layers took them out of use. */
  private final List<Runnable> faultsOfInstant = new ArrayList<>();

  /** Policies that have left and broken since. */
  private final Set<PolicyCode> brokeLate = new HashSet<>();

  private final ForeignCalls foreignCalls;

  /** What the last policy that refused had said. */
  private String refusal = "";

  PolicyControl(
      RunComposition parts,
      FamilySeats seats,
      RunRecorder recorder,
      PolicyFaultResponse response,
      boolean replays,
      Consumer<String> fail) {
    machine = parts.machine;
    this.seats = seats;
    lookup = seats.lookup();
    this.recorder = recorder;
    this.response = response;
    this.replays = replays;
    this.fail = fail;
    for (FamilySeat<?> seat : seats.all()) {
      seat.onFault(what -> tookOut(seat, what));
    }
    machine.setOopsHandler(new PolicyOopses(seats, this::broke));
    foreignCalls = new ForeignCalls(seats);
    machine.setCallers(Thread::currentThread, foreignCalls::refused);
  }

  /** Code of a policy broke in a step of its own, in the middle of an event. */
  private void broke(PolicyCode code, String what) {
    FamilySeat<?> seat = code.seat();
    String id = code.policyId();
    if (!code.isInUse()) {
      // It has left and something of it goes on; what that is called again and again is no news.
      if (brokeLate.add(code)) {
        faultsOfInstant.add(() -> policyFault(seat, id, what + ", after it had left"));
        machine.haltAtThisInstant();
      }
      return;
    }
    FamilySeat.Change change = seat.suspend(id, id + " was taken out of use: " + what);
    String also = change.fault().isEmpty() ? "" : "; " + change.fault();
    faultsOfInstant.add(() -> policyFault(seat, id, what + also));
    machine.haltAtThisInstant();
  }

  /**
   * Answers calls from outside the run that were refused; false if there was none. A replay has the
   * answers in its journal.
   */
  boolean answerForeignCalls() {
    boolean isAnswered = false;
    for (ForeignCalls.Call call : replays ? List.<ForeignCalls.Call>of() : foreignCalls.take()) {
      FamilySeat<?> seat = call.code().seat();
      String id = call.code().policyId();
      String what = "called from outside its run, on thread '" + call.thread() + "'";
      if (call.code().isInUse()) {
        suspend(seat, id, "was taken out of use: " + what);
      }
      policyFault(seat, id, what);
      isAnswered = true;
    }
    return isAnswered;
  }

  /** Rules that policies have broken so far. */
  List<PolicyFault> faults() {
    return Collections.unmodifiableList(faults);
  }

  private void tookOut(FamilySeat<?> seat, String fault) {
    String id = seat.policyId();
    String what = fault.startsWith(id + ": ") ? fault.substring(id.length() + 2) : fault;
    seat.lost(id, id + " was taken out of use: " + what);
    faultsOfInstant.add(() -> policyFault(seat, id, what));
    machine.haltAtThisInstant();
  }

  /** Answers what policies did in the middle of the last event; false if that is nothing. */
  boolean answerFaults() {
    List<Runnable> answers = List.copyOf(faultsOfInstant);
    faultsOfInstant.clear();
    answers.forEach(Runnable::run);
    return !answers.isEmpty();
  }

  /**
   * Something threw that nobody answers for: a layer is in the middle of something, or there is no
   * memory, so the run can't go on.
   */
  void stepThrew(Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    Optional<FamilySeats.Culprit> culprit = seats.culprit(frames);
    if (culprit.isPresent()) {
      PolicyCode code = culprit.get().code();
      String what = "threw " + thrown + " at " + culprit.get().frame();
      recordFault(code.seat(), code.policyId(), what);
      fail.accept(code.policyId() + ": " + what + " at " + machine.nowNs() + " ns");
      return;
    }
    fail.accept(thrown + (frames.length == 0 ? "" : " at " + frames[0]));
  }

  /** A fault that a journal tells of recurs by itself, but for one of a policy not in use. */
  void repeatFault(FamilySeat<?> seat, JournalEntry command) {
    if (!recorder.has(command)) {
      policyFault(seat, command.policyId(), "as the journal says; " + refusal);
    }
  }

  /** Does what a scenario or a journal says; what is not there is awaited. */
  void usePlanned(FamilySeat<?> seat, String id) {
    usePlanned(seat, id, Map.of());
  }

  /**
   * The same, in the configuration that it had in the run that is repeated.
   *
   * @param configuration empty for the one that it has
   */
  void usePlanned(FamilySeat<?> seat, String id, Map<String, String> configuration) {
    if (seat.find(lookup, id) == null) {
      suspend(seat, id, "is not there");
      return;
    }
    try {
      lookup.configure(seat.family(), id, configuration);
    } catch (IllegalArgumentException | IllegalStateException e) {
      fail.accept("journal: the configuration of " + id + " can't be repeated: " + e.getMessage());
      return;
    }
    try {
      put(seat, id);
    } catch (RuntimeException | LinkageError | AssertionError refused) {
      refusal = "attach threw " + refused;
      if (replays) {
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
   * @throws RuntimeException whatever the policy threw when it was attached; nothing has changed
   */
  void put(FamilySeat<?> seat, String id) {
    boolean wasMissing = seat.isMissing();
    String before = seat.policyId();
    int waiting = seat.pending();
    long record = recorder.record();
    FamilySeat.Change change;
    try {
      change = seat.use(lookup, id);
    } catch (RuntimeException | LinkageError | AssertionError refused) {
      recorder.add(
          new JournalEntry(
              machine.nowNs(),
              record,
              JournalEntry.Kind.REFUSED,
              seat.family().key(),
              id,
              0,
              lookup.configuration(seat.family(), id)));
      throw refused;
    }
    recorder.add(
        new JournalEntry(
            machine.nowNs(),
            record,
            wasMissing ? JournalEntry.Kind.RESUME : JournalEntry.Kind.SWAP,
            seat.family().key(),
            id,
            wasMissing ? waiting : change.handedOver(),
            seat.configuration()));
    if (!change.fault().isEmpty()) {
      policyFault(seat, before, change.fault());
    }
  }

  private void enter(
      long record, JournalEntry.Kind kind, FamilySeat<?> seat, String id, int handedOver) {
    recorder.add(
        new JournalEntry(machine.nowNs(), record, kind, seat.family().key(), id, handedOver));
  }

  /** Goes on with a policy that is back; if it refuses, it is still awaited. */
  void resume(FamilySeat<?> seat, String id) {
    try {
      put(seat, id);
    } catch (RuntimeException | LinkageError | AssertionError refused) {
      seat.lost(id, id + " is back and could not come into use: " + refused);
    }
  }

  /** Takes the policy out of use; the run waits for {@code id}. */
  void suspend(FamilySeat<?> seat, String id, String why) {
    String before = seat.policyId();
    long record = recorder.record();
    FamilySeat.Change change;
    try {
      change = seat.suspend(id, id + " " + why);
    } catch (RuntimeException | LinkageError | AssertionError thrown) {
      recordFault(seat, before, "detach threw " + thrown);
      fail.accept(before + ": detach threw " + thrown + "; what it had can't be taken back");
      return;
    }
    enter(record, JournalEntry.Kind.SUSPEND, seat, id, seat.pending());
    if (!change.fault().isEmpty()) {
      policyFault(seat, before, change.fault());
    }
  }

  private void policyFault(FamilySeat<?> seat, String id, String what) {
    recordFault(seat, id, what);
    Optional<String> fallback = response.fallbackFor(seat.family(), id);
    if (fallback.isPresent()) {
      fallBack(seat, id, fallback.get());
    } else if (response.otherwise() == PolicyFaultResponse.Otherwise.FAIL) {
      fail.accept(faults.get(faults.size() - 1).text());
    }
  }

  /** Ends: a fallback that is faulty itself has none. */
  private void fallBack(FamilySeat<?> seat, String faulty, String fallback) {
    // A policy that lied as it was swapped out has its successor in its place already. In a replay
    // the journal has what became of the fallback as the next entry.
    if (seat.isMissing() && seat.policyId().equals(faulty) && !replays) {
      usePlanned(seat, fallback);
    }
  }

  private void recordFault(FamilySeat<?> seat, String id, String what) {
    faults.add(new PolicyFault(machine.nowNs(), seat.family().key(), id, what));
    enter(recorder.record(), JournalEntry.Kind.FAULT, seat, id, seat.pending());
  }

  /**
   * Takes a policy out of use that keeps what it was given, when nothing happens any more.
   *
   * @return false if there is none
   */
  boolean takeOutWhoeverKeeps() {
    for (FamilySeat<?> seat : seats.all()) {
      if (!seat.isMissing() && seat.pending() > 0) {
        String id = seat.policyId();
        String what = "keeps %d pending and ends none".formatted(seat.pending());
        FamilySeat.Change change = seat.suspend(id, id + " " + what);
        policyFault(seat, id, what + (change.fault().isEmpty() ? "" : "; " + change.fault()));
        return true;
      }
    }
    return false;
  }
}
