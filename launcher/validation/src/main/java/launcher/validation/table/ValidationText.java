package launcher.validation.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.report.Figures;
import launcher.report.TextTable;
import launcher.report.TextTable.Mark;
import launcher.report.TextTable.Side;
import launcher.validation.Judged;
import launcher.validation.Judged.Verdict;
import launcher.validation.JudgedValidation;
import launcher.validation.Tally;

/** Judged validations as tables for a terminal. */
public final class ValidationText {
  private ValidationText() {}

  /**
   * One validation: a line a figure, or two where one is too narrow.
   *
   * @param offOnly leaves out the figures that hold, and says why others are known to be off
   * @param columns characters that a line may have
   */
  public static String of(JudgedValidation judged, boolean offOnly, boolean colour, int columns) {
    StringBuilder text = new StringBuilder();
    text.append(judged.validation().name()).append(": ").append(judged.validation().source());
    text.append("\nkernel: ").append(judged.validation().kernel()).append("\n\n");
    List<Judged> figures =
        judged.figures().stream()
            .filter(one -> !offOnly || one.verdict() != Verdict.HOLDS)
            .toList();
    if (figures.isEmpty()) {
      return text.toString();
    }
    String wide = table(figures, true, false);
    if (wide.lines().mapToInt(String::length).max().orElse(0) <= columns) {
      text.append(table(figures, true, colour));
    } else {
      List<String> values = table(figures, false, colour).lines().toList();
      text.append("figure\n  ").append(values.get(0)).append('\n');
      for (int i = 0; i < figures.size(); i++) {
        text.append(figures.get(i).figure().name()).append("\n  ");
        text.append(values.get(i + 1)).append('\n');
      }
    }
    text.append('\n');
    if (offOnly) {
      appendReasons(text, figures, columns);
    }
    return text.toString();
  }

  private static String table(List<Judged> figures, boolean named, boolean colour) {
    TextTable table = named ? new TextTable().column("figure", Side.LEFT) : new TextTable();
    table
        .column("measured", Side.RIGHT)
        .column("tolerance", Side.RIGHT)
        .column("predicted", Side.RIGHT)
        .column("error", Side.RIGHT)
        .column("verdict", Side.LEFT);
    for (Judged one : figures) {
      table.row();
      if (named) {
        table.cell(one.figure().name());
      }
      table
          .cell(FigureText.measured(one.figure()))
          .cell(FigureText.tolerance(one.figure()))
          .cell(FigureText.predicted(one))
          .cell(FigureText.error(one))
          .cell(one.verdict().word(), markOf(one.verdict()));
    }
    return table.text(colour);
  }

  /** Each reason once, with the number of figures that it is about. */
  private static void appendReasons(StringBuilder text, List<Judged> figures, int columns) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Judged one : figures) {
      one.known().ifPresent(miss -> counts.merge(miss.because(), 1, Integer::sum));
    }
    counts.forEach(
        (because, count) -> {
          String line = "known, " + count + (count == 1 ? " figure: " : " figures: ");
          StringBuilder filled = new StringBuilder(line.strip());
          int length = filled.length();
          for (String word : because.split(" ")) {
            boolean fits = length + 1 + word.length() <= columns;
            filled.append(fits ? " " : "\n  ").append(word);
            length = (fits ? length + 1 : 2) + word.length();
          }
          text.append(filled).append('\n');
        });
    text.append(counts.isEmpty() ? "" : "\n");
  }

  private static Mark markOf(Verdict verdict) {
    return switch (verdict) {
      case HOLDS, BETTER -> Mark.BEST;
      case OFF -> Mark.WORST;
      case KNOWN -> Mark.NONE;
    };
  }

  /** How many figures hold, by validation, by kind, and in all. */
  public static String summary(List<JudgedValidation> all, boolean colour) {
    TextTable table =
        new TextTable()
            .column("figures", Side.LEFT)
            .column("inside", Side.RIGHT)
            .column("of", Side.RIGHT)
            .column("share", Side.RIGHT)
            .column("off", Side.RIGHT)
            .column("known to be off", Side.RIGHT)
            .column("of those inside", Side.RIGHT);
    List<Judged> figures = new ArrayList<>();
    for (JudgedValidation judged : all) {
      figures.addAll(judged.figures());
      row(table, judged.validation().name(), Tally.of(judged.figures()));
    }
    for (Map.Entry<String, Tally> kind : Tally.byKind(figures).entrySet()) {
      row(table, "kind " + kind.getKey(), kind.getValue());
    }
    row(table, "all", Tally.of(figures));
    return table.text(colour);
  }

  private static void row(TextTable table, String name, Tally tally) {
    table
        .row()
        .cell(name)
        .cell(Integer.toString(tally.inside()))
        .cell(Integer.toString(tally.all()))
        .cell(Figures.percent(tally.inside(), tally.all()))
        .cell(Integer.toString(tally.off()))
        .cell(Integer.toString(tally.known() + tally.better()))
        .cell(Integer.toString(tally.better()));
  }
}
