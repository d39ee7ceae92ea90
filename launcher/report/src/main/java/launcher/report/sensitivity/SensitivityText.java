package launcher.report.sensitivity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import launcher.report.Figures;
import launcher.report.Metric;
import launcher.report.TextTable;
import launcher.report.TextTable.Mark;
import launcher.report.TextTable.Side;
import launcher.report.repeat.Bootstrap;
import launcher.report.sensitivity.FigureSensitivity.Change;

/** Writes what a result hangs on: a table a figure, the cost that moves it most first. */
public final class SensitivityText {
  private static final int BAR_LENGTH = 20;
  private static final double LARGEST_PRINTED = 99.99;

  private final SensitivityResult result;
  private final boolean colour;
  private final int width;

  private SensitivityText(SensitivityResult result, boolean colour, int width) {
    this.result = result;
    this.colour = colour;
    this.width = width;
  }

  /**
   * The tables, then what does not move them, what was never charged, and what breaks.
   *
   * @param width characters that a line may have; lists are wrapped, tables that are wider are cut
   */
  public static String of(SensitivityResult result, boolean colour, int width) {
    return new SensitivityText(result, colour, width).text();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    Bootstrap bootstrap = new Bootstrap();
    for (var figure : result.figures()) {
      addFigure(text, new FigureSensitivity(result, figure, bootstrap));
      text.append('\n');
    }
    addBroken(text);
    addList(text, "never charged, and no limit: the trace stays the same", result.neverCharged());
    addList(
        text,
        "not varied",
        result.notVaried().entrySet().stream()
            .map(of -> of.getKey() + " (" + of.getValue() + ")")
            .toList());
    addList(
        text,
        "not run",
        result.effects().stream()
            .filter(effect -> FigureSensitivity.sides(effect).isEmpty())
            .map(CostEffect::key)
            .toList());
    if (result.base().get(0).bySeed().size() == 1) {
      text.append("note: with one seed a small move may be chance; --repeat tells them apart\n");
    }
    return text.toString();
  }

  private void addFigure(StringBuilder text, FigureSensitivity figure) {
    Metric.Kind kind = figure.figure().metric().kind();
    text.append(figure.figure().name());
    if (figure.order().bestFirst().isEmpty()) {
      text.append(": the runs have no such figure\n");
      return;
    }
    text.append(result.base().size() == 1 ? " is " : ": ");
    text.append(
        figure.order().bestFirst().stream()
            .map(
                variant ->
                    (result.variantName(variant)
                            + " "
                            + Figures.of(kind, figure.order().median(variant)))
                        .strip())
            .collect(Collectors.joining(", ")));
    text.append('\n');
    List<CostEffect> moving = figure.moving();
    if (!moving.isEmpty()) {
      text.append(table(figure, moving));
    }
    addList(
        text,
        String.format(
            Locale.ROOT, "moves it by less than %.0f %%", 100 * SensitivityResult.THRESHOLD),
        figure.still().stream().map(CostEffect::key).toList());
    addOrder(text, figure);
  }

  private String table(FigureSensitivity figure, List<CostEffect> moving) {
    TextTable table = new TextTable();
    boolean several = result.base().size() > 1;
    table.column(Side.LEFT, "cost").column(Side.RIGHT, "value");
    for (int variant = 0; variant < result.base().size(); variant++) {
      String[] above = several ? new String[] {result.variantName(variant)} : new String[0];
      table.column(Side.RIGHT, titled(above, "-" + result.percent() + " %"));
      table.column(
          Side.RIGHT, titled(several ? new String[] {""} : above, "+" + result.percent() + " %"));
    }
    table.column(Side.LEFT, "");
    double most = figure.largest(moving.get(0));
    for (CostEffect effect : moving) {
      table.row().cell(effect.key()).cell(effect.value());
      for (int variant = 0; variant < result.base().size(); variant++) {
        addChange(table, figure, effect.lower(), variant);
        addChange(table, figure, effect.higher(), variant);
      }
      table.cell(bar(figure.largest(effect), most));
    }
    return table.text(colour, width, 1);
  }

  private static String[] titled(String[] above, String title) {
    List<String> lines = new ArrayList<>(List.of(above));
    lines.add(title);
    return lines.toArray(String[]::new);
  }

  private static void addChange(
      TextTable table, FigureSensitivity figure, Optional<VariedSide> side, int variant) {
    Optional<Change> change = side.flatMap(of -> figure.change(of, variant));
    if (change.isEmpty()) {
      table.cell("-");
      return;
    }
    Metric.Kind kind = figure.figure().metric().kind();
    double share = change.get().share();
    String moved =
        Math.abs(share) > LARGEST_PRINTED
            ? Figures.of(kind, change.get().now())
            : String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    table.cell(moved, change.get().isNoise() && share != 0 ? Mark.NOISE : Mark.NONE);
  }

  private static String bar(double largest, double most) {
    double length = Double.isInfinite(largest) ? BAR_LENGTH : BAR_LENGTH * largest / most;
    return "#".repeat((int) Math.max(1, Math.round(length)));
  }

  /** Whether the variants keep their order, whatever the cost. */
  private void addOrder(StringBuilder text, FigureSensitivity figure) {
    if (result.base().size() < 2) {
      return;
    }
    List<String> turned = new ArrayList<>();
    List<String> tied = new ArrayList<>();
    for (CostEffect effect : result.effects()) {
      effect.lower().ifPresent(side -> addPairs(figure, effect, side, "-", turned, tied));
      effect.higher().ifPresent(side -> addPairs(figure, effect, side, "+", turned, tied));
    }
    if (turned.isEmpty()) {
      text.append("order: no cost turns it\n");
    } else {
      text.append("order: TURNS with\n");
      turned.forEach(line -> text.append("  ").append(line).append('\n'));
    }
    addList(text, "order: some that were told are not any more with", tied);
  }

  private void addPairs(
      FigureSensitivity figure,
      CostEffect effect,
      VariedSide side,
      String sign,
      List<String> turned,
      List<String> tied) {
    String cost = effect.key() + " " + sign + result.percent() + " %";
    VariantOrder now = figure.order(side);
    for (int[] pair : figure.order().turnedIn(now)) {
      turned.add(
          cost + ": " + named(figure, now, pair[1]) + " before " + named(figure, now, pair[0]));
    }
    if (!figure.order().tiedIn(now).isEmpty()) {
      tied.add(cost);
    }
  }

  private String named(FigureSensitivity figure, VariantOrder now, int variant) {
    Metric.Kind kind = figure.figure().metric().kind();
    return result.variantName(variant) + " (" + Figures.of(kind, now.median(variant)) + ")";
  }

  private void addBroken(StringBuilder text) {
    List<String> broken = new ArrayList<>();
    for (CostEffect effect : result.effects()) {
      effect.lower().ifPresent(side -> addBroken(broken, effect, "-", side));
      effect.higher().ifPresent(side -> addBroken(broken, effect, "+", side));
    }
    if (!broken.isEmpty()) {
      text.append("expectations that don't hold any more with\n");
      broken.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  private void addBroken(List<String> broken, CostEffect effect, String sign, VariedSide side) {
    for (String expectation : side.brokenExpectations()) {
      broken.add(effect.key() + " " + sign + result.percent() + " %: " + expectation);
    }
  }

  /** Wrapped at the width, indented by two. */
  private void addList(StringBuilder text, String title, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    StringBuilder line = new StringBuilder(title).append(':');
    for (int i = 0; i < names.size(); i++) {
      String word = " " + names.get(i) + (i < names.size() - 1 ? "," : "");
      if (line.length() + word.length() > width) {
        text.append(line).append('\n');
        line = new StringBuilder(" ");
      }
      line.append(word);
    }
    text.append(line).append('\n');
  }
}
