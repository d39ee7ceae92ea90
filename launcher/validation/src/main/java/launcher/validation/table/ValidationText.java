package launcher.validation.table;

import java.util.ArrayList;
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
   * One validation: a line a figure.
   *
   * @param offOnly leaves out the figures that hold
   */
  public static String of(JudgedValidation judged, boolean offOnly, boolean colour) {
    StringBuilder text = new StringBuilder();
    text.append(judged.validation().name()).append(": ").append(judged.validation().source());
    text.append("\nkernel: ").append(judged.validation().kernel()).append("\n\n");
    TextTable table =
        new TextTable()
            .column("figure", Side.LEFT)
            .column("measured", Side.RIGHT)
            .column("tolerance", Side.RIGHT)
            .column("predicted", Side.RIGHT)
            .column("error", Side.RIGHT)
            .column("verdict", Side.LEFT);
    int rows = 0;
    for (Judged one : judged.figures()) {
      if (offOnly && one.verdict() == Verdict.HOLDS) {
        continue;
      }
      rows++;
      table
          .row()
          .cell(one.figure().name())
          .cell(FigureText.measured(one.figure()))
          .cell(FigureText.tolerance(one.figure()))
          .cell(FigureText.predicted(one))
          .cell(FigureText.error(one))
          .cell(one.verdict().word(), markOf(one.verdict()));
    }
    if (rows > 0) {
      text.append(table.text(colour)).append('\n');
    }
    return text.toString();
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
