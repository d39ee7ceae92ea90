package launcher.validation.internal;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Suggestion;
import launcher.validation.Figure;
import launcher.validation.FigureTerm.OfRun;
import launcher.validation.Tolerance;
import launcher.validation.Tolerance.Kind;
import launcher.validation.fold.FigureName;
import launcher.validation.fold.FigureNames;

/** Reads a table of measured figures, one a line, each with its own tolerance. */
public final class CsvFigures {
  /** The first line, which names the columns. */
  public static final String HEADER =
      "scenario,variant,metric,unit,kind,expected,tolerance_kind,tolerance,runs,source";

  /** Words for plain numbers, and how they are printed. */
  private static final Map<String, String> PLAIN_UNITS =
      Map.of("pages", "pages", "folios", "folios", "sectors", "sectors", "count", "", "ratio", "");

  private final Path file;
  private final Set<String> runs;
  private final String because;
  private Problems problems;

  /**
   * A reader.
   *
   * @param file the table
   * @param runs those that its lines may name
   * @param because the reason of all its tolerances
   */
  public CsvFigures(Path file, Set<String> runs, String because) {
    this.file = file;
    this.runs = runs;
    this.because = because;
  }

  /** The figures of all lines that are right. */
  public List<Figure> read(Problems into) {
    problems = into;
    List<Figure> figures = new ArrayList<>();
    List<String> lines;
    try {
      lines = TextFile.of(file).lines().toList();
    } catch (IOException e) {
      into.add(new Origin(file.toString()), "", "can't be read: " + TextFile.why(e));
      return figures;
    }
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      into.add(new Origin(file + ":1"), "", "the first line must be " + HEADER);
      return figures;
    }
    for (int i = 1; i < lines.size(); i++) {
      Origin origin = new Origin(file + ":" + (i + 1));
      row(lines.get(i).split(",", -1), origin).ifPresent(figures::add);
    }
    return figures;
  }

  private Optional<Figure> row(String[] row, Origin origin) {
    int columns = HEADER.split(",").length;
    if (row.length != columns) {
      problems.add(origin, "", "has " + row.length + " columns; it must have " + columns);
      return Optional.empty();
    }
    String run = row[0] + "." + row[1];
    if (!runs.contains(run)) {
      problems.add(origin, "", "there is no run '" + run + "'", Suggestion.lines(run, runs));
      return Optional.empty();
    }
    Optional<FigureName> name = FigureNames.of(row[2]);
    if (name.isEmpty()) {
      problems.add(
          origin, "", "there is no figure '" + row[2] + "'", FigureNames.whatExists(row[2]));
      return Optional.empty();
    }
    try {
      return Optional.of(figure(run, row, name.get(), origin));
    } catch (IllegalArgumentException e) {
      problems.add(origin, "", e.getMessage());
      return Optional.empty();
    }
  }

  private Figure figure(String run, String[] row, FigureName name, Origin origin) {
    Unit unit = name.unit();
    String symbol = symbol(row[3]);
    Tolerance tolerance = tolerance(row, symbol, unit);
    OfRun term = new OfRun(run, name);
    return new Figure(
        term.text(),
        row[4],
        term,
        value(row[5], symbol, unit),
        row[8] + " runs, " + row[9],
        new Figure.Scale(
            PLAIN_UNITS.getOrDefault(row[3], symbol),
            FiguresReader.scale(symbol, unit).baseUnits()),
        tolerance,
        origin.text());
  }

  private static String symbol(String unit) {
    if (PLAIN_UNITS.containsKey(unit)) {
      return "";
    }
    return unit.equals("bytes") ? "B" : unit;
  }

  private static double value(String number, String symbol, Unit unit) {
    try {
      String plain = new BigDecimal(number).toPlainString();
      return Quantity.parse(plain + " " + symbol, unit).value().doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + number + "' is no number", e);
    }
  }

  private Tolerance tolerance(String[] row, String symbol, Unit unit) {
    String kind = row[6];
    Kind of;
    try {
      of = Kind.valueOf(kind.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + kind + "' is no kind of tolerance; it must be exact, relative, absolute or factor",
          e);
    }
    if (of == Kind.EXACT) {
      return new Tolerance(of, rounding(row[5], symbol, unit), because);
    }
    boolean hasUnit = of == Kind.ABSOLUTE;
    double value = value(row[7], hasUnit ? symbol : "", hasUnit ? unit : Unit.COUNT);
    return new Tolerance(of, value, because);
  }

  /** A number that is printed with an exponent was rounded: by half of its last digit at most. */
  private static double rounding(String number, String symbol, Unit unit) {
    if (number.indexOf('e') < 0) {
      return 0;
    }
    BigDecimal half = new BigDecimal(number).ulp().divide(BigDecimal.valueOf(2));
    return value(half.toPlainString(), symbol, unit);
  }
}
