package launcher.validation.table;

import java.util.List;
import java.util.Locale;
import launcher.validation.Figure;
import launcher.validation.Judged;

/** How far off predictions are, in parts of their tolerances, as bars of an SVG drawing. */
final class ErrorChart {
  /** Upper ends of the bars; the first is those that are not off at all. */
  private static final double[] ENDS = {0, 0.25, 0.5, 0.75, 1, 1.5, 2, 4, 8, Double.MAX_VALUE};

  private static final String[] TITLES = {
    "none", "1/4", "1/2", "3/4", "1", "1.5", "2", "4", "8", "more", "no value"
  };

  private static final int INSIDE = 5;
  private static final int BAR_WIDTH = 56;
  private static final int HEIGHT = 180;
  private static final int MARGIN = 24;

  private ErrorChart() {}

  static String of(List<Judged> figures) {
    int[] counts = counts(figures);
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    int width = counts.length * BAR_WIDTH;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"Errors\">%n"
            .formatted(width, HEIGHT + 2 * MARGIN, width));
    for (int i = 0; i < counts.length; i++) {
      int height = (int) Math.round((double) counts[i] * HEIGHT / most);
      int left = i * BAR_WIDTH;
      int top = MARGIN + HEIGHT - height;
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
                  + "<text x=\"%d\" y=\"%d\">%d</text><text x=\"%d\" y=\"%d\">%s</text>%n",
              i < INSIDE ? "inside" : "outside",
              left + 4,
              top,
              BAR_WIDTH - 8,
              height,
              left + BAR_WIDTH / 2,
              top - 4,
              counts[i],
              left + BAR_WIDTH / 2,
              HEIGHT + MARGIN + 16,
              TITLES[i]));
    }
    return svg.append("</svg>\n").toString();
  }

  /** Figures by error, and last those without a prediction. */
  static int[] counts(List<Judged> figures) {
    int[] counts = new int[TITLES.length];
    for (Judged judged : figures) {
      counts[bar(judged)]++;
    }
    return counts;
  }

  private static int bar(Judged judged) {
    if (judged.predicted().isEmpty()) {
      return TITLES.length - 1;
    }
    Figure figure = judged.figure();
    double error =
        figure.tolerance().inTolerances(figure.measured(), judged.predicted().getAsDouble());
    if (judged.verdict().isInside()) {
      // Arithmetic may put what holds a hair beyond 1.
      error = Math.min(error, 1);
    }
    int bar = 0;
    // Ends: the last end is above every number.
    while (!(error <= ENDS[bar]) && bar < ENDS.length - 1) {
      bar++;
    }
    return bar;
  }
}
