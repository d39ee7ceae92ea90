package launcher.scenario.policy;

import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import java.util.Optional;
import mm.core.spi.dropbehind.DropbehindPolicy;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.writeback.WritebackPolicy;

/**
 * A question that policies answer; each family is one service type.
 *
 * @param <P> the policy interface of the family
 */
public final class PolicyFamily<P> {
  /** Which task ends a bio that completed in atomic context? */
  public static final PolicyFamily<CompletionPolicy> COMPLETION =
      new PolicyFamily<>(
          "completion",
          CompletionPolicy.class,
          "which task ends a bio that completed in atomic context?");

  /** Who drops a folio whose writeback ended in atomic context, where the bio level does not? */
  public static final PolicyFamily<DropbehindPolicy> DROPBEHIND =
      new PolicyFamily<>(
          "dropbehind",
          DropbehindPolicy.class,
          "who drops a folio whose writeback ended in atomic context, where the bio level does not?");

  /** Who submits writeback of DONTCACHE folios, and when? */
  public static final PolicyFamily<WritebackPolicy> WRITEBACK =
      new PolicyFamily<>(
          "writeback",
          WritebackPolicy.class,
          "who submits writeback of DONTCACHE folios, and when?");

  /** When are dropped folios unmapped and the TLBs flushed? */
  public static final PolicyFamily<EvictionPolicy> EVICTION =
      new PolicyFamily<>(
          "eviction",
          EvictionPolicy.class,
          "when are dropped folios unmapped and the TLBs flushed?");

  private static final List<PolicyFamily<?>> ALL =
      List.of(COMPLETION, DROPBEHIND, WRITEBACK, EVICTION);

  private final String key;
  private final Class<P> type;
  private final String question;

  private PolicyFamily(String key, Class<P> type, String question) {
    this.key = key;
    this.type = type;
    this.question = question;
  }

  /** All families, in the order in which they are listed. */
  public static List<PolicyFamily<?>> all() {
    return ALL;
  }

  /** The family of this name. */
  public static Optional<PolicyFamily<?>> of(String key) {
    return ALL.stream().filter(family -> family.key.equals(key)).findFirst();
  }

  /** Name: the part of an id before its dot, and the key in a scenario. */
  public String key() {
    return key;
  }

  /** Service type. */
  public Class<P> type() {
    return type;
  }

  /** The question its policies answer. */
  public String question() {
    return question;
  }

  /** A policy's whole id, from its id or from the part after the family's name. */
  public String idOf(String nameOrId) {
    return nameOrId.startsWith(key + ".") ? nameOrId : key + "." + nameOrId;
  }

  @Override
  public String toString() {
    return key;
  }
}
