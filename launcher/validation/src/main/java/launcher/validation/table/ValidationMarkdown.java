package launcher.validation.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.report.Figures;
import launcher.validation.Judged;
import launcher.validation.Judged.Verdict;
import launcher.validation.JudgedValidation;
import launcher.validation.Tally;

/** Judged validations as Markdown, for a document that has a place for them. */
public final class ValidationMarkdown {
  /** The line before the place. */
  public static final String BEGIN = "<!-- What follows is printed by: deferlab validate -->";

  /** The line behind it. */
  public static final String END = "<!-- End of what is printed. -->";

  private ValidationMarkdown() {}

  /**
   * A document with a new table in its place.
   *
   * @param document has {@link #BEGIN} and {@link #END}, each a line
   * @throws IllegalArgumentException if it has not
   */
  public static String into(String document, String table) {
    int begin = document.indexOf(BEGIN);
    int end = document.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "it has no place for the table; it must hold the lines '"
              + BEGIN
              + "' and '"
              + END
              + "'");
    }
    return document.substring(0, begin + BEGIN.length())
        + "\n\n"
        + table
        + "\n"
        + document.substring(end);
  }

  /** The tables. */
  public static String of(List<JudgedValidation> all) {
    List<Judged> figures = new ArrayList<>();
    all.forEach(judged -> figures.addAll(judged.figures()));
    StringBuilder text = new StringBuilder();
    text.append("| figures | inside | of | share | off | known to be off | of those inside |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n");
    for (JudgedValidation judged : all) {
      tally(text, judged.validation().name(), Tally.of(judged.figures()));
    }
    Tally.byKind(figures).forEach((kind, tally) -> tally(text, "kind " + kind, tally));
    tally(text, "all", Tally.of(figures));
    all.forEach(judged -> append(text, judged));
    return text.toString();
  }

  private static void tally(StringBuilder text, String name, Tally tally) {
    text.append(
        "| %s | %d | %d | %s | %d | %d | %d |\n"
            .formatted(
                name,
                tally.inside(),
                tally.all(),
                Figures.percent(tally.inside(), tally.all()),
                tally.off(),
                tally.known() + tally.better(),
                tally.better()));
  }

  private static void append(StringBuilder text, JudgedValidation judged) {
    text.append("\n### ").append(judged.validation().name()).append("\n\n");
    text.append(judged.validation().source()).append("; ");
    text.append(judged.validation().kernel()).append(".\n\n");
    Map<String, Integer> reasons = new LinkedHashMap<>();
    for (Judged one : judged.figures()) {
      if (one.verdict() == Verdict.KNOWN) {
        reasons.merge(one.known().orElseThrow().because(), 1, Integer::sum);
      }
    }
    if (!reasons.isEmpty()) {
      text.append("| known to be off because | figures |\n| --- | ---: |\n");
      reasons.forEach(
          (why, count) ->
              text.append("| ").append(cell(why)).append(" | ").append(count).append(" |\n"));
      text.append('\n');
    }
    text.append("| figure | measured | tolerance | predicted | error | verdict |\n");
    text.append("| --- | ---: | ---: | ---: | ---: | --- |\n");
    for (Judged one : judged.figures()) {
      text.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  cell(one.figure().name()),
                  FigureText.measured(one.figure()),
                  FigureText.tolerance(one.figure()),
                  FigureText.predicted(one),
                  FigureText.error(one),
                  one.verdict().word()));
    }
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
