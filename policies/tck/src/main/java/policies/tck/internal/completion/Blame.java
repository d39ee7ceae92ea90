package policies.tck.internal.completion;

import policies.tck.TckRule;

/**
 * Which rule names a fault, by what the trial is about.
 *
 * @param custody a bio is lost, ended twice, or not the policy's to end
 * @param stuck a bio is not ended
 * @param detach what detach returned, or did not prevent
 */
record Blame(TckRule custody, TckRule stuck, TckRule detach) {
  /** Nothing but bios happens. */
  static final Blame PLAIN =
      new Blame(CompletionRules.EACH_ONCE, CompletionRules.SOON, CompletionRules.DETACH);

  /** Everything is the fault of one circumstance. */
  static Blame all(TckRule rule) {
    return new Blame(rule, rule, rule);
  }
}
