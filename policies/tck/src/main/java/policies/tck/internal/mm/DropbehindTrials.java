package policies.tck.internal.mm;

import java.util.List;
import mm.core.spi.dropbehind.DropbehindPolicy;
import policies.tck.internal.CommonRules;
import policies.tck.internal.Trial;
import policies.tck.internal.deferral.DeferralTrials;

/** The trials of dropbehind policies. */
public final class DropbehindTrials {
  /** The rules. */
  public static final CommonRules COMMON = DropbehindRules.BY_SUBJECT.common();

  private DropbehindTrials() {}

  /** All trials. On PREEMPT_RT writeback ends in tasks, which drop their folios themselves. */
  public static List<Trial<DropbehindPolicy>> all() {
    return new DeferralTrials<>(
            DropbehindRules.BY_SUBJECT, DeferralTrials.BUILDS, DropbehindBench::new)
        .with(List.of());
  }
}
