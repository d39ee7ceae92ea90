package launcher.validation.fold;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.report.Metric;

/**
 * Every figure that can be named. Names that hold keys have them behind bars: {@code
 * complete_ctx_share|virtio|W|softirq/ksoftirqd}. Figures of reports have the names that {@code
 * expect} of a scenario uses.
 */
public final class FigureNames {
  private static final FigureTable TABLE = new FigureTable();

  static {
    CacheFigures.addTo(TABLE);
    BlockFigures.addTo(TABLE);
    WritebackFigures.addTo(TABLE);
    JobFigures.addTo(TABLE);
  }

  private FigureNames() {}

  /** The figure of a name; empty if there is none. */
  public static Optional<FigureName> of(String text) {
    return TABLE.of(text);
  }

  /** The lines that follow a message about a name that is not there. */
  public static String[] whatExists(String text) {
    List<String> lines = new ArrayList<>();
    lines.add("of a trace: " + String.join(", ", forms()));
    lines.add(FigureTable.POINT + ": " + FigureTable.points(", "));
    lines.add("of a report: the figures that 'expect' of a scenario knows; see docs/reports.md");
    lines.addAll(TABLE.keyLines(text));
    TABLE.nearest(text).ifPresent(near -> lines.add("did you mean '" + near + "'?"));
    return lines.toArray(new String[0]);
  }

  /** Names that a trace answers for, with one place-holder a key. */
  public static List<String> forms() {
    return TABLE.forms().stream().filter(name -> Metric.of(name).isEmpty()).toList();
  }
}
