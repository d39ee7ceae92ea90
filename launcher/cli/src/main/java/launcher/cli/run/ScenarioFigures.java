package launcher.cli.run;

import java.util.LinkedHashMap;
import java.util.Map;
import launcher.report.Metric;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Unit;
import launcher.scenario.policy.PolicyLookup;

/** Tells the reader of scenarios which figures there are: scenarios know no reports. */
public final class ScenarioFigures {
  private ScenarioFigures() {}

  /** A reader that knows every figure. */
  public static ScenarioReader reader(PolicyLookup policies) {
    Map<String, Unit> ofRun = new LinkedHashMap<>();
    Map<String, Unit> ofJob = new LinkedHashMap<>();
    for (Metric metric : Metric.all()) {
      ofRun.put(metric.key(), unit(metric.kind()));
      if (metric.isOfJob()) {
        ofJob.put(metric.key(), unit(metric.kind()));
      }
    }
    return new ScenarioReader(policies, ofRun, ofJob);
  }

  /** The unit of a figure of this kind. */
  static Unit unit(Metric.Kind kind) {
    return switch (kind) {
      case NANOSECONDS -> Unit.NANOSECONDS;
      case BYTES -> Unit.BYTES;
      case BYTES_PER_SECOND -> Unit.BYTES_PER_SECOND;
      case COUNT -> Unit.COUNT;
      case PER_SECOND -> Unit.PER_SECOND;
    };
  }
}
