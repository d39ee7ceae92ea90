package policies.tck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import policies.tck.internal.Findings;
import policies.tck.internal.Trial;

/**
 * One policy under examination by the rules of its family. Each trial is run once, when the first
 * rule that it tells of is asked for. Made by {@link TckFamily#examine}.
 *
 * <p>A policy that loops inside a step, or allocates there without end, does so here too: whoever
 * calls guards the call with a time limit, and takes {@link TckFamily#boundedWork} for broken if it
 * does not come back.
 *
 * @param <P> the policy interface of the family
 */
public final class TckExamination<P> {
  private final TckFamily<P> family;
  private final P policy;
  private final Map<Trial<P>, Findings> done = new LinkedHashMap<>();

  TckExamination(TckFamily<P> family, P policy) {
    this.family = family;
    this.policy = policy;
  }

  /** Runs the trials that tell of a rule, as far as they have not been run. */
  public TckVerdict judge(TckRule rule) {
    String hindrance = "";
    boolean ended = false;
    for (Trial<P> trial : family.trials()) {
      if (!trial.judges(rule)) {
        continue;
      }
      Findings findings = done.computeIfAbsent(trial, t -> t.run(policy));
      if (!findings.reasonOf(rule).isEmpty()) {
        return new TckVerdict(rule, TckOutcome.BREACH, findings.reasonOf(rule));
      }
      ended |= findings.hindrance().isEmpty();
      if (hindrance.isEmpty()) {
        hindrance = findings.hindrance();
      }
    }
    // Every trial tells of the rules that are common to all; it is enough if one came to its end.
    return hindrance.isEmpty() || ended && family.isCommon(rule)
        ? new TckVerdict(rule, TckOutcome.PASS, "")
        : new TckVerdict(rule, TckOutcome.UNJUDGED, hindrance);
  }

  /** Judges by every rule of the family, in order. */
  public List<TckVerdict> judgeAll() {
    List<TckVerdict> verdicts = new ArrayList<>();
    family.rules().forEach(rule -> verdicts.add(judge(rule)));
    return verdicts;
  }
}
