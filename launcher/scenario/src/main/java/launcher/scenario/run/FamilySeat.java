package launcher.scenario.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;

/**
 * The policy of one family in a run, and how its layer is told.
 *
 * @param <P> the policy interface of the family
 */
final class FamilySeat<P> {
  /**
   * What came of a change.
   *
   * @param handedOver bios or folios that the policy before had
   * @param fault what the policy before did wrong; empty if nothing
   */
  record Change(int handedOver, String fault) {
    static final Change NONE = new Change(0, "");
  }

  private final PolicyFamily<P> family;
  private final BiFunction<String, P, Change> put;
  private final Supplier<Change> takeOut;
  private final Consumer<Consumer<String>> onFault;
  private final IntSupplier pending;
  private final IntSupplier unanswered;
  private String policyId = "";
  private P policy;
  private Map<String, String> configuration = Map.of();
  private String why = "";

  /** Code of all policies that it was ever given, the latest first; read by any thread. */
  private final List<PolicyCode> codes = new CopyOnWriteArrayList<>();

  FamilySeat(
      PolicyFamily<P> family,
      BiFunction<String, P, Change> put,
      Supplier<Change> takeOut,
      Consumer<Consumer<String>> onFault,
      IntSupplier pending,
      IntSupplier unanswered) {
    this.family = family;
    this.put = put;
    this.takeOut = takeOut;
    this.onFault = onFault;
    this.pending = pending;
    this.unanswered = unanswered;
  }

  PolicyFamily<P> family() {
    return family;
  }

  /** Has somebody told, in the middle of an event, that the layer took a faulty policy out. */
  void onFault(Consumer<String> listener) {
    onFault.accept(listener);
  }

  /** Id of the policy in use, or of the one that is awaited. */
  String policyId() {
    return policyId;
  }

  /** The policy in use; null if it is missing. */
  Object policy() {
    return policy;
  }

  /** The configuration of the policy that came into use last. */
  Map<String, String> configuration() {
    return configuration;
  }

  boolean isMissing() {
    return policy == null;
  }

  String why() {
    return why;
  }

  int pending() {
    return pending.getAsInt();
  }

  /** The policy that has this id now; null if there is none. */
  Object find(PolicyLookup lookup, String id) {
    return lookup.find(family, id).orElse(null);
  }

  /**
   * Puts a policy in use. One that is in use already goes before it comes, as when its bundle is
   * updated: a hotplug state has room for one of them.
   *
   * @throws IllegalArgumentException if it is not there
   * @throws RuntimeException whatever its attach threw; nothing has changed then, but that a policy
   *     which was in use already is missing
   */
  Change use(PolicyLookup lookup, String id) {
    P found =
        lookup
            .find(family, id)
            .orElseThrow(
                () -> new IllegalArgumentException("policies: there is no '" + id + "' any more"));
    Map<String, String> itsConfiguration = lookup.configuration(family, id);
    boolean comesBack = policy != null && id.equals(policyId);
    Change gone = comesBack ? suspend(id, id + " comes back") : Change.NONE;
    know(PolicyCode.of(this, id, found.getClass()));
    Change change = put.apply(id, found);
    policy = found;
    configuration = itsConfiguration;
    policyId = id;
    why = "";
    return comesBack ? gone : change;
  }

  /** Takes the policy out of use; the run waits for {@code id}. */
  Change suspend(String id, String reason) {
    Change change = policy == null ? Change.NONE : takeOut.get();
    lost(id, reason);
    return change;
  }

  /** The layer has taken the policy out of use by itself. */
  void lost(String id, String reason) {
    policy = null;
    policyId = id;
    why = reason;
  }

  private void know(PolicyCode code) {
    codes.remove(code);
    codes.add(0, code);
  }

  /**
   * The code of all policies that were ever put here, the latest first. May be asked by any thread.
   */
  List<PolicyCode> codes() {
    return codes;
  }

  PolicySeatSnapshot snapshot() {
    return new PolicySeatSnapshot(
        family.key(), policyId, isMissing(), pending(), unanswered.getAsInt());
  }
}
