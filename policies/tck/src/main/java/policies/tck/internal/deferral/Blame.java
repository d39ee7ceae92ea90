package policies.tck.internal.deferral;

import policies.tck.TckRule;

/**
 * Which rule names a fault, by what the trial is about.
 *
 * @param custody an item is lost, ended twice, or not the policy's to end
 * @param stuck an item is not ended
 * @param detach what detach returned, or did not prevent
 */
record Blame(TckRule custody, TckRule stuck, TckRule detach) {
  /** Nothing but items happens. */
  static Blame plain(DeferralRules rules) {
    return new Blame(rules.custody(), rules.soon(), rules.detach());
  }

  /** Everything is the fault of one circumstance. */
  static Blame all(TckRule rule) {
    return new Blame(rule, rule, rule);
  }
}
