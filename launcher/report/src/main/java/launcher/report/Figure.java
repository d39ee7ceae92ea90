package launcher.report;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure of a run or of one of its jobs, by name: {@code clat-p99}, {@code writer.clat-p99}.
 *
 * @param job the job's name; empty: the run's own
 * @param metric what is measured
 */
public record Figure(Optional<String> job, Metric metric) {
  /** A run's own figure. */
  public static Figure ofRun(Metric metric) {
    return new Figure(Optional.empty(), metric);
  }

  /** A job's figure. */
  public static Figure ofJob(String job, Metric metric) {
    return new Figure(Optional.of(job), metric);
  }

  /**
   * The figure of this name. A job's name may have dots, and so have the names of some figures.
   *
   * @return empty if there is none; whether there is such a job is not asked
   */
  public static Optional<Figure> named(String name) {
    Optional<Metric> ofRun = Metric.of(name);
    if (ofRun.isPresent()) {
      return ofRun.map(Figure::ofRun);
    }
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      Optional<Metric> ofJob = Metric.of(name.substring(dot + 1)).filter(Metric::isOfJob);
      if (ofJob.isPresent() && dot > 0) {
        return Optional.of(ofJob(name.substring(0, dot), ofJob.get()));
      }
    }
    return Optional.empty();
  }

  /** As {@link #named} takes it. */
  public String name() {
    return job.map(name -> name + ".").orElse("") + metric.key();
  }

  /** Its value in a run; empty if the run has no such job, or the figure is absent. */
  public OptionalDouble value(RunSummary run) {
    if (job.isEmpty()) {
      return metric.value(run);
    }
    return run.jobs().stream()
        .filter(of -> of.name().equals(job.get()))
        .findFirst()
        .map(metric::value)
        .orElse(OptionalDouble.empty());
  }
}
