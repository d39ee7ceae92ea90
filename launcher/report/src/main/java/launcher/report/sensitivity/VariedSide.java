package launcher.report.sensitivity;

import java.util.List;
import launcher.report.repeat.RepeatedRuns;

/**
 * What came of one cost's being lower, or higher.
 *
 * @param value what the cost was, with its unit
 * @param variants the runs of each variant; a scenario that is not varied is one variant
 * @param brokenExpectations what held before and did not any more
 */
public record VariedSide(
    String value, List<RepeatedRuns> variants, List<String> brokenExpectations) {
  /** Copies the lists. */
  public VariedSide {
    variants = List.copyOf(variants);
    brokenExpectations = List.copyOf(brokenExpectations);
  }
}
