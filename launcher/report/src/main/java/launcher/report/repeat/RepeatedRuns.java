package launcher.report.repeat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import launcher.report.Figure;
import launcher.report.JobSummary;
import launcher.report.RunSummary;

/**
 * What the runs of one scenario came to that differ by their seed only.
 *
 * @param bySeed those that came to their end
 */
public record RepeatedRuns(Map<Long, RunSummary> bySeed) {
  /** Copies the map, in its order. */
  public RepeatedRuns {
    bySeed = Collections.unmodifiableMap(new LinkedHashMap<>(bySeed));
  }

  /** Names of the jobs, in the order of their first I/Os. */
  public List<String> jobs() {
    return bySeed.values().stream()
        .flatMap(run -> run.jobs().stream())
        .map(JobSummary::name)
        .distinct()
        .toList();
  }

  /** A figure's median; empty if no run has it. Runs that don't have it are left out. */
  public Optional<Estimate> estimate(Figure figure, Bootstrap bootstrap) {
    return estimate(
        bySeed.values().stream().map(figure::value).flatMapToDouble(OptionalDouble::stream),
        bootstrap);
  }

  /**
   * The median of what this figure is more here than there, seed by seed: runs of one seed have the
   * same chance, so that most of what chance does is in both and falls out.
   *
   * @return empty if no seed has the figure on both sides
   */
  public Optional<Estimate> difference(RepeatedRuns others, Figure figure, Bootstrap bootstrap) {
    DoubleStream.Builder differences = DoubleStream.builder();
    for (Entry<Long, RunSummary> run : bySeed.entrySet()) {
      RunSummary other = others.bySeed.get(run.getKey());
      OptionalDouble here = figure.value(run.getValue());
      OptionalDouble there = other == null ? OptionalDouble.empty() : figure.value(other);
      if (here.isPresent() && there.isPresent()) {
        differences.add(here.getAsDouble() - there.getAsDouble());
      }
    }
    return estimate(differences.build(), bootstrap);
  }

  private static Optional<Estimate> estimate(DoubleStream values, Bootstrap bootstrap) {
    double[] all = values.toArray();
    return all.length == 0 ? Optional.empty() : Optional.of(bootstrap.median(all));
  }
}
