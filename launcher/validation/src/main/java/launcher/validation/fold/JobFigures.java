package launcher.validation.fold;

import static launcher.validation.fold.FigureTable.NUMBER;

import java.util.List;
import java.util.function.Function;
import launcher.report.DirectionSummary;
import launcher.report.JobSummary;
import launcher.report.Metric;
import launcher.scenario.Unit;

/** What fio tells of its jobs, and every figure that {@code expect} of a scenario can name. */
final class JobFigures {
  private static final String MIB_PER_SECOND = "MiB/s";
  private static final List<String> DIRECTIONS = List.of("read", "write");

  private JobFigures() {}

  static void addTo(FigureTable table) {
    direction(table, "read", run -> jobs(run).read());
    direction(table, "write", run -> jobs(run).write());
    table.count("sync.ios", "", run -> jobs(run).sync().clat().count());
    table.latency("sync.", run -> jobs(run).sync().clat());
    table.keyed(
        "bytes_in_second",
        List.of(DIRECTIONS, NUMBER),
        Unit.BYTES_PER_SECOND,
        MIB_PER_SECOND,
        JobFigures::bytesInSecond);
    List<String> shapes = FigureTable.words(CurveShape.values(), shape -> shape.text);
    table.keyedCount("curve", List.of(DIRECTIONS, NUMBER, shapes), "", JobFigures::curve);
    for (Metric metric : Metric.all()) {
      table.plain(
          metric.key(),
          unit(metric.kind()),
          unitText(metric.kind()),
          run -> metric.value(run.summary()).orElse(Double.NaN));
    }
  }

  private static void direction(
      FigureTable table, String name, Function<FoldedRun, DirectionSummary> of) {
    table.plain(
        name + ".throughput",
        Unit.BYTES_PER_SECOND,
        MIB_PER_SECOND,
        run -> perSecond(of.apply(run), run.counts().runtimeNs()));
    table.time(name + ".runtime", "ms", run -> run.counts().runtimeNs());
    table.count(name + ".ios", "", run -> of.apply(run).ios());
    table.latency(name + ".clat_", run -> of.apply(run).clat());
  }

  /** All jobs, or the only one beside the one that prepares. */
  private static JobSummary jobs(FoldedRun run) {
    JobSummary only = null;
    for (JobSummary job : run.summary().jobs()) {
      if (!job.name().equals(run.counts().afterJob())) {
        if (only != null) {
          return run.summary().total();
        }
        only = job;
      }
    }
    return only == null ? run.summary().total() : only;
  }

  private static double perSecond(DirectionSummary direction, double ns) {
    return direction.ios() == 0 || ns <= 0 ? Double.NaN : direction.bytes() * 1e9 / ns;
  }

  private static double bytesInSecond(FoldedRun run, String[] keys) {
    return run.counts().bytesInSecond(DIRECTIONS.indexOf(keys[0]), Integer.parseInt(keys[1]));
  }

  private static double curve(FoldedRun run, String[] keys) {
    CurveShape shape = FigureTable.one(CurveShape.values(), keys[2], value -> value.text);
    return run.counts().curve(DIRECTIONS.indexOf(keys[0]), Integer.parseInt(keys[1]), shape);
  }

  private static Unit unit(Metric.Kind kind) {
    return switch (kind) {
      case NANOSECONDS -> Unit.NANOSECONDS;
      case BYTES -> Unit.BYTES;
      case BYTES_PER_SECOND -> Unit.BYTES_PER_SECOND;
      case COUNT -> Unit.COUNT;
      case PER_SECOND -> Unit.PER_SECOND;
    };
  }

  private static String unitText(Metric.Kind kind) {
    return switch (kind) {
      case NANOSECONDS -> "us";
      case BYTES -> "MiB";
      case BYTES_PER_SECOND -> MIB_PER_SECOND;
      case COUNT -> "";
      case PER_SECOND -> "/s";
    };
  }
}
