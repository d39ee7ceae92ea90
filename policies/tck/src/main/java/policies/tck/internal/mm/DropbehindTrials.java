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

  /** All trials. */
  public static List<Trial<DropbehindPolicy>> all() {
    return new DeferralTrials<>(DropbehindRules.BY_SUBJECT, DropbehindBench::new).with(List.of());
  }
}
