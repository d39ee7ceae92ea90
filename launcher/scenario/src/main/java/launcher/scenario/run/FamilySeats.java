package launcher.scenario.run;

import block.bio.CompletionSlot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.tree.Suggestion;
import mm.core.DropbehindSlot;
import mm.core.PolicySeat;
import mm.core.reclaim.EvictionSlot;
import mm.core.writeback.WritebackSlot;

/** Where a run's policies sit: one seat a family, all treated alike. */
final class FamilySeats {
  private final PolicyLookup lookup;
  private final List<FamilySeat<?>> seats = new ArrayList<>();

  FamilySeats(RunComposition parts, PolicyLookup lookup) {
    this.lookup = lookup;
    seats.add(seatOf(parts.blockLayer.completions()));
    seats.add(seatOf(parts.cache.dropbehindSlot()));
    seats.add(seatOf(parts.cache.writebackSlot()));
    seats.add(seatOf(parts.cache.evictionSlot()));
    for (PolicyFamily<?> family : PolicyFamily.all()) {
      seat(family);
    }
  }

  private static FamilySeat<?> seatOf(CompletionSlot slot) {
    return new FamilySeat<>(
        PolicyFamily.COMPLETION,
        (id, policy) -> change(slot.use(id, policy)),
        () -> change(slot.suspend()),
        slot::onFault,
        slot::pending,
        () -> 0);
  }

  private static FamilySeat<?> seatOf(DropbehindSlot slot) {
    return new FamilySeat<>(
        PolicyFamily.DROPBEHIND,
        (id, policy) -> change(slot.use(id, policy)),
        () -> change(slot.suspend()),
        slot::onFault,
        slot::pending,
        () -> 0);
  }

  private static FamilySeat<?> seatOf(WritebackSlot slot) {
    return new FamilySeat<>(
        PolicyFamily.WRITEBACK,
        (id, policy) -> change(slot.use(id, policy)),
        () -> change(slot.suspend()),
        slot::onFault,
        slot::pending,
        slot::unanswered);
  }

  private static FamilySeat<?> seatOf(EvictionSlot slot) {
    return new FamilySeat<>(
        PolicyFamily.EVICTION,
        (id, policy) -> change(slot.use(id, policy)),
        () -> change(slot.suspend()),
        slot::onFault,
        slot::pending,
        () -> 0);
  }

  private static FamilySeat.Change change(CompletionSlot.Handover handover) {
    return new FamilySeat.Change(handover.bios(), handover.fault());
  }

  private static FamilySeat.Change change(PolicySeat.Handover handover) {
    return new FamilySeat.Change(handover.pending(), handover.fault());
  }

  /**
   * Puts the policies of the start in use.
   *
   * @param configurations what they are to be configured with in a run that repeats another, by id
   */
  void useAtStart(Map<String, String> ids, Map<String, Map<String, String>> configurations) {
    for (FamilySeat<?> seat : seats) {
      String id = ids.get(seat.family().key());
      if (id == null) {
        throw new IllegalArgumentException(
            "policies: there is none for "
                + seat.family()
                + "; name the policy that answers: "
                + seat.family().question());
      }
      lookup.configure(seat.family(), id, configurations.getOrDefault(id, Map.of()));
      seat.use(lookup, id);
    }
  }

  /** Where policies are found. */
  PolicyLookup lookup() {
    return lookup;
  }

  FamilySeat<?> seat(PolicyFamily<?> family) {
    for (FamilySeat<?> seat : seats) {
      if (seat.family() == family) {
        return seat;
      }
    }
    throw new IllegalStateException("policies: family " + family + " has no seat in a run");
  }

  List<FamilySeat<?>> all() {
    return seats;
  }

  /**
   * Whose code is on a stack, nearest to its top.
   *
   * @param code of which policy
   * @param frame which of its methods was in the middle of something
   */
  record Culprit(PolicyCode code, StackTraceElement frame) {}

  /** The code of all policies that this run has used. May be asked by any thread. */
  List<PolicyCode> codes() {
    return seats.stream().flatMap(seat -> seat.codes().stream()).toList();
  }

  /**
   * The policy that a class belongs to: one that lies in it, else the one whose package is nearest;
   * empty if it is nobody's. May be asked by any thread.
   */
  Optional<PolicyCode> owner(String className) {
    PolicyCode nearest = null;
    for (PolicyCode code : codes()) {
      if (code.isOf(className)) {
        return Optional.of(code);
      }
      int nearness = code.nearness(className);
      if (nearness > 0 && (nearest == null || nearness > nearest.nearness(className))) {
        nearest = code;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** The policy whose code is on a stack; empty if there is none. May be asked by any thread. */
  Optional<Culprit> culprit(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      Optional<PolicyCode> owner = owner(frame.getClassName());
      if (owner.isPresent()) {
        return Optional.of(new Culprit(owner.get(), frame));
      }
    }
    return Optional.empty();
  }

  boolean anyMissing() {
    return seats.stream().anyMatch(FamilySeat::isMissing);
  }

  /** Why the run is suspended; empty if it isn't. */
  String whyMissing() {
    return seats.stream()
        .filter(FamilySeat::isMissing)
        .map(FamilySeat::why)
        .collect(Collectors.joining("; "));
  }

  List<PolicySeatSnapshot> snapshot() {
    List<PolicySeatSnapshot> snapshots = new ArrayList<>();
    for (FamilySeat<?> seat : seats) {
      snapshots.add(seat.snapshot());
    }
    return snapshots;
  }

  /** A message for an id that is not there. */
  IllegalArgumentException noSuchPolicy(PolicyFamily<?> family, String id) {
    List<String> registered =
        lookup.registered().stream()
            .filter(policy -> policy.family().equals(family.key()))
            .map(RegisteredPolicy::id)
            .toList();
    String refused =
        lookup.refused().stream()
            .filter(policy -> policy.id().startsWith(family.key() + "."))
            .map(policy -> "\n  refused: " + policy.id() + " (" + policy.reason() + ")")
            .collect(Collectors.joining());
    int prefix = family.key().length() + 1;
    String meant =
        Suggestion.nearest(
                family.idOf(id).substring(prefix),
                registered.stream().map(known -> known.substring(prefix)).toList())
            .map(name -> "\n  did you mean '" + family.idOf(name) + "'?")
            .orElse("");
    return new IllegalArgumentException(
        "policies."
            + family
            + ": no policy '"
            + id
            + "'\n  registered: "
            + (registered.isEmpty() ? "none" : String.join(", ", registered))
            + refused
            + meant);
  }
}
