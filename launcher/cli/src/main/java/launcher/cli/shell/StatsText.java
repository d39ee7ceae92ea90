package launcher.cli.shell;

import java.util.Locale;
import java.util.stream.Collectors;
import launcher.report.Counters;
import launcher.report.Figures;
import launcher.report.Metric;
import launcher.scenario.run.RunSnapshot;

/** What a run has counted, as a table of names, or as a line of what came since the line before. */
final class StatsText {
  /** Title of the lines. */
  static final String TITLE =
      String.format(
          Locale.ROOT,
          "%10s %9s %10s %12s %10s %10s %10s %16s %9s",
          "time",
          "speed",
          "IOPS",
          "throughput",
          "cached",
          "dirty",
          "writeback",
          "pending",
          "wake-ups");

  private static final double NS_PER_S = 1e9;
  private static final double PAGE_BYTES = 4096;

  private StatsText() {}

  /** Everything since the run's begin. */
  static String of(RunSnapshot now, Counters counters) {
    StringBuilder text = new StringBuilder();
    double seconds = now.nowNs() / NS_PER_S;
    add(text, "time", StatusText.line(now));
    add(
        text,
        "I/Os",
        "%s, %s; %s, %s"
            .formatted(
                Figures.count(counters.ios()),
                perSecond(Metric.Kind.PER_SECOND, counters.ios(), seconds),
                Figures.bytes(counters.bytes()),
                perSecond(Metric.Kind.BYTES_PER_SECOND, counters.bytes(), seconds)));
    add(
        text,
        "page cache",
        "cached %s, dirty %s, under writeback %s, dropped %s"
            .formatted(
                pages(now.cachedPages()),
                pages(now.dirtyPages()),
                pages(now.writebackPages()),
                pages(counters.droppedPages())));
    add(
        text,
        "bios",
        "%s submitted, %s deferred, %s in flight"
            .formatted(
                Figures.count(counters.bios()),
                Figures.count(counters.deferred()),
                Figures.count(now.biosInUse())));
    add(
        text,
        "pending",
        now.policies().stream()
            .map(seat -> seat.policyId() + " " + Figures.count(seat.pending()))
            .collect(Collectors.joining(", ")));
    add(
        text,
        "CPUs",
        "%s worker wake-ups, %s context switches, %s interrupts"
            .formatted(
                Figures.count(counters.workerWakeUps()),
                Figures.count(counters.contextSwitches()),
                Figures.count(counters.interrupts())));
    return text.toString().stripTrailing();
  }

  /**
   * What came since the line before; rates are a second of virtual time.
   *
   * @param virtualNs virtual time that passed
   * @param wallNs wall time that passed
   * @param since what was counted in it
   */
  static String line(RunSnapshot now, long virtualNs, long wallNs, Counters since) {
    double seconds = virtualNs / NS_PER_S;
    return String.format(
        Locale.ROOT,
        "%10s %9s %10s %12s %10s %10s %10s %16s %9s",
        Figures.time(now.nowNs()),
        wallNs == 0 ? "-" : String.format(Locale.ROOT, "%.3g", (double) virtualNs / wallNs),
        perSecond(Metric.Kind.COUNT, since.ios(), seconds),
        perSecond(Metric.Kind.BYTES_PER_SECOND, since.bytes(), seconds),
        pages(now.cachedPages()),
        pages(now.dirtyPages()),
        pages(now.writebackPages()),
        now.policies().stream()
            .map(seat -> String.valueOf(seat.pending()))
            .collect(Collectors.joining("/")),
        Figures.count(since.workerWakeUps()));
  }

  /** What the numbers under {@code pending} are. */
  static String legend(RunSnapshot now) {
    return "pending: "
        + now.policies().stream().map(seat -> seat.family()).collect(Collectors.joining("/"))
        + "; speed: virtual seconds a second of wall time";
  }

  private static String perSecond(Metric.Kind kind, long count, double seconds) {
    return seconds <= 0 ? "-" : Figures.of(kind, count / seconds);
  }

  private static String pages(long pages) {
    return Figures.bytes(pages * PAGE_BYTES);
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-12s%s%n", name, value));
  }
}
