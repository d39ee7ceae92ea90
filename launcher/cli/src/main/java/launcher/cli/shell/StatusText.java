package launcher.cli.shell;

import java.util.Locale;
import launcher.cli.run.ProgressLine;
import launcher.report.Figures;
import launcher.scenario.Scenario;
import launcher.scenario.Unit;
import launcher.scenario.run.PolicySeatSnapshot;
import launcher.scenario.run.RunSnapshot;

/** What a run looks like between two instants. */
final class StatusText {
  private static final double PAGE_BYTES = 4096;

  private StatusText() {}

  /** State and virtual time: the answer to most commands. */
  static String line(RunSnapshot now) {
    String line = state(now) + " at " + Unit.NANOSECONDS.format(now.nowNs());
    return now.message().isEmpty() ? line : line + ": " + now.message();
  }

  static String state(RunSnapshot now) {
    return now.state().name().toLowerCase(Locale.ROOT);
  }

  /** Everything. */
  static String of(String name, Scenario scenario, RunSnapshot now) {
    StringBuilder text = new StringBuilder();
    String of = name.equals(scenario.name()) ? "" : " (" + scenario.name() + ")";
    add(text, "run", name + of + ", " + line(now));
    for (PolicySeatSnapshot seat : now.policies()) {
      String pending = seat.pending() > 0 ? ", " + Figures.count(seat.pending()) + " pending" : "";
      add(text, seat.family(), seat.policyId() + (seat.missing() ? " (missing)" : "") + pending);
    }
    double share = ProgressLine.share(scenario, now);
    add(
        text,
        "done",
        Figures.bytes(now.bytesDone()) + (share < 0 ? "" : " (" + Figures.percent(share, 1) + ")"));
    add(
        text,
        "page cache",
        "cached %s, dirty %s, under writeback %s"
            .formatted(
                pages(now.cachedPages()), pages(now.dirtyPages()), pages(now.writebackPages())));
    add(
        text,
        "bios",
        Figures.count(now.biosInUse())
            + " in flight, "
            + Figures.count(now.biosPending())
            + " with a deferred end");
    if (now.complaints() > 0) {
      add(text, "complaints", Figures.count(now.complaints()) + " rules broken");
    }
    return text.toString().stripTrailing();
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-12s%s%n", name, value));
  }

  private static String pages(long pages) {
    return Figures.bytes(pages * PAGE_BYTES);
  }
}
