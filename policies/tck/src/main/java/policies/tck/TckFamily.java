package policies.tck;

import block.bio.spi.completion.CompletionPolicy;
import java.util.List;
import java.util.Optional;
import mm.core.spi.dropbehind.DropbehindPolicy;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.writeback.WritebackPolicy;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Trial;
import policies.tck.internal.completion.CompletionTrials;
import policies.tck.internal.mm.DropbehindTrials;
import policies.tck.internal.mm.EvictionTrials;
import policies.tck.internal.mm.WritebackTrials;

/**
 * The rules of one family of policies.
 *
 * @param <P> the policy interface of the family
 */
public final class TckFamily<P> {
  /** CP: policies that end bios. */
  public static final TckFamily<CompletionPolicy> COMPLETION =
      new TckFamily<>(
          "completion", CompletionPolicy.class, CompletionTrials.COMMON, CompletionTrials.all());

  /** DP: policies that drop folios. */
  public static final TckFamily<DropbehindPolicy> DROPBEHIND =
      new TckFamily<>(
          "dropbehind", DropbehindPolicy.class, DropbehindTrials.COMMON, DropbehindTrials.all());

  /** WP: policies that have DONTCACHE writes written. */
  public static final TckFamily<WritebackPolicy> WRITEBACK =
      new TckFamily<>(
          "writeback", WritebackPolicy.class, WritebackTrials.COMMON, WritebackTrials.all());

  /** EP: policies that unmap folios and flush TLBs. */
  public static final TckFamily<EvictionPolicy> EVICTION =
      new TckFamily<>(
          "eviction", EvictionPolicy.class, EvictionTrials.COMMON, EvictionTrials.all());

  private static final List<TckFamily<?>> ALL =
      List.of(COMPLETION, DROPBEHIND, WRITEBACK, EVICTION);

  private final String key;
  private final Class<P> type;
  private final CommonRules common;
  private final List<Trial<P>> trials;

  private TckFamily(String key, Class<P> type, CommonRules common, List<Trial<P>> trials) {
    this.key = key;
    this.type = type;
    this.common = common;
    this.trials = trials;
  }

  /** All families. */
  public static List<TckFamily<?>> all() {
    return ALL;
  }

  /** The family of this name. */
  public static Optional<TckFamily<?>> of(String key) {
    return ALL.stream().filter(family -> family.key.equals(key)).findFirst();
  }

  /** Its name: the part of a policy's id before the dot. */
  public String key() {
    return key;
  }

  /** What its policies implement. */
  public Class<P> type() {
    return type;
  }

  /** Its rules, by number. */
  public List<TckRule> rules() {
    return common.all();
  }

  /**
   * The rule that a policy breaks whose call does not come back: work without end. For whoever
   * guards an examination with a time limit.
   */
  public TckRule boundedWork() {
    return common.boundedWork();
  }

  /** The rule that a policy breaks which allocates without end. */
  public TckRule boundedState() {
    return common.boundedState();
  }

  /** Begins to examine a policy; nothing of it is called yet. */
  public TckExamination<P> examine(P policy) {
    return new TckExamination<>(this, policy);
  }

  boolean isCommon(TckRule rule) {
    return common.isCommon(rule);
  }

  List<Trial<P>> trials() {
    return trials;
  }

  @Override
  public String toString() {
    return key;
  }
}
