package launcher.validation.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;
import launcher.validation.Figure;
import launcher.validation.Figure.Scale;
import launcher.validation.FigureTerm;
import launcher.validation.FigureTerm.OfRun;
import launcher.validation.KnownMiss;
import launcher.validation.Tolerance;
import launcher.validation.Tolerance.Kind;
import launcher.validation.fold.FigureName;
import launcher.validation.fold.FigureNames;

/** Reads {@code figures}, {@code orders} and {@code known-misses}. */
public final class FiguresReader {
  private static final String FACTOR = "factor ";
  private static final String KIND_DEFAULT = "figure";

  private final Set<String> runs;
  private final Path file;
  private final List<Figure> figures = new ArrayList<>();
  private final Set<String> names = new LinkedHashSet<>();

  /**
   * A reader.
   *
   * @param runs names of the runs that there are
   * @param file the validation's; names of other files begin in its folder
   */
  public FiguresReader(Set<String> runs, Path file) {
    this.runs = runs;
    this.file = file;
  }

  /** The figures, and behind them the orders. */
  public List<Figure> read(Section top) {
    for (TreeNode item : top.items("figures")) {
      top.inner(item, "figures").ifPresent(this::readItem);
    }
    for (TreeNode item : top.items("orders")) {
      top.inner(item, "orders").ifPresent(this::readOrder);
    }
    return figures;
  }

  /** What is known to be off; each pattern has to fit a figure. */
  public List<KnownMiss> readMisses(Section top, List<Figure> all) {
    List<KnownMiss> misses = new ArrayList<>();
    for (TreeNode item : top.items("known-misses")) {
      Optional<Section> section = top.inner(item, "known-misses");
      if (section.isEmpty()) {
        continue;
      }
      Section miss = section.get();
      miss.require("because", "say why it is off");
      miss.require("figures", "name them, or patterns with '*'");
      List<String> patterns = miss.texts("figures");
      for (String pattern : patterns) {
        if (all.stream().noneMatch(figure -> KnownMiss.matches(pattern, figure.name()))) {
          miss.wrong("figures", "no figure is named '" + pattern + "'; remove it");
        }
      }
      misses.add(new KnownMiss(patterns, miss.text("because").orElse(""), miss.origin().text()));
      miss.refuseUnknown();
    }
    return misses;
  }

  private void readItem(Section item) {
    Optional<String> csv = item.text("csv");
    if (csv.isEmpty()) {
      readFigure(item);
      return;
    }
    String because = reason(item);
    item.refuseUnknown();
    new CsvFigures(file.resolveSibling(csv.get()), runs, because)
        .read(item.problems())
        .forEach(figure -> add(item, figure));
  }

  private static String reason(Section item) {
    item.require("because", "say why the tolerance is what it is");
    return item.text("because").orElse("");
  }

  private void add(Section item, Figure figure) {
    if (!names.add(figure.name())) {
      item.problems()
          .add(item.origin(), "figures", "there are two of '" + figure.name() + "'; remove one");
    }
    figures.add(figure);
  }

  private void readFigure(Section item) {
    Optional<FigureTerm> term = term(item);
    String because = reason(item);
    String kind = item.text("kind").orElse(KIND_DEFAULT);
    String spread = item.text("spread").orElse("");
    Optional<String> name = item.text("name");
    item.require("measured", "give the measured value with its unit");
    item.require("tolerance", "such as 10 %, factor 1.5, 20 us or exact");
    Optional<String> measured = item.text("measured");
    Optional<String> tolerance = item.text("tolerance");
    item.refuseUnknown();
    if (term.isEmpty() || measured.isEmpty() || tolerance.isEmpty()) {
      return;
    }
    Unit unit = unitOf(term.get());
    try {
      double value = Quantity.parse(measured.get(), unit).value().doubleValue();
      Tolerance within = tolerance(tolerance.get(), unit, because);
      add(
          item,
          new Figure(
              name.orElse(term.get().text()),
              kind,
              term.get(),
              value,
              spread,
              scaleOf(measured.get(), unit),
              within,
              item.origin().text()));
    } catch (IllegalArgumentException e) {
      item.wrong("measured", e.getMessage());
    }
  }

  private static Unit unitOf(FigureTerm term) {
    if (term instanceof OfRun one) {
      return one.name().unit();
    }
    return term instanceof FigureTerm.Difference two ? two.of().name().unit() : Unit.COUNT;
  }

  /** The unit in which the measured value is written. */
  private static Scale scaleOf(String text, Unit unit) {
    String symbol = text.strip().replaceFirst("^[-+0-9.]+\\s*", "");
    return scale(symbol, unit);
  }

  static Scale scale(String symbol, Unit unit) {
    return unit == Unit.COUNT
        ? new Scale(symbol, 1)
        : new Scale(symbol, Quantity.parse("1 " + symbol, unit).value().doubleValue());
  }

  private static Tolerance tolerance(String text, Unit unit, String because) {
    if (text.equals(Kind.EXACT.word())) {
      return new Tolerance(Kind.EXACT, 0, because);
    }
    if (text.startsWith(FACTOR)) {
      double factor =
          Quantity.parse(text.substring(FACTOR.length()), Unit.COUNT).value().doubleValue();
      if (factor <= 1) {
        throw new IllegalArgumentException("'" + text + "'; a factor must be above 1");
      }
      return new Tolerance(Kind.FACTOR, factor, because);
    }
    if (text.endsWith("%")) {
      double percent = Quantity.parse(text, Unit.PERCENT).value().doubleValue();
      return new Tolerance(Kind.RELATIVE, percent / 100, because);
    }
    return new Tolerance(Kind.ABSOLUTE, Quantity.parse(text, unit).value().doubleValue(), because);
  }

  private Optional<FigureTerm> term(Section item) {
    Optional<String> one = item.text("of");
    List<String> ratio = item.texts("ratio");
    List<String> difference = item.texts("difference");
    int given =
        (one.isPresent() ? 1 : 0) + (ratio.isEmpty() ? 0 : 1) + (difference.isEmpty() ? 0 : 1);
    if (given != 1) {
      item.problems()
          .add(item.origin(), "figures", "has not one of: of, ratio, difference; give one");
      return Optional.empty();
    }
    if (one.isPresent()) {
      return ofRun(item, "of", one.get()).map(term -> term);
    }
    String key = ratio.isEmpty() ? "difference" : "ratio";
    List<String> texts = ratio.isEmpty() ? difference : ratio;
    if (texts.size() != 2) {
      item.wrong(key, "holds " + texts.size() + " figures; it must hold two");
      return Optional.empty();
    }
    Optional<OfRun> first = ofRun(item, key, texts.get(0));
    Optional<OfRun> second = ofRun(item, key, texts.get(1));
    if (first.isEmpty() || second.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        ratio.isEmpty()
            ? new FigureTerm.Difference(first.get(), second.get())
            : new FigureTerm.Ratio(first.get(), second.get()));
  }

  private Optional<OfRun> ofRun(Section item, String key, String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      item.wrong(key, "'" + text + "'; it must be RUN:FIGURE");
      return Optional.empty();
    }
    String run = text.substring(0, colon);
    String name = text.substring(colon + 1).strip();
    if (!runs.contains(run)) {
      item.wrong(key, "there is no run '" + run + "'", Suggestion.lines(run, runs));
    }
    Optional<FigureName> figure = FigureNames.of(name);
    if (figure.isEmpty()) {
      item.wrong(key, "there is no figure '" + name + "'", FigureNames.whatExists(name));
    }
    return figure.map(known -> new OfRun(run, known));
  }

  private void readOrder(Section item) {
    item.require("more", "name the larger figure, RUN:FIGURE");
    item.require("than", "name the smaller figure, RUN:FIGURE");
    Optional<OfRun> more = item.text("more").flatMap(text -> ofRun(item, "more", text));
    Optional<OfRun> than = item.text("than").flatMap(text -> ofRun(item, "than", text));
    String because = reason(item);
    Optional<String> name = item.text("name");
    item.refuseUnknown();
    if (more.isEmpty() || than.isEmpty()) {
      return;
    }
    String text = more.get().text() + " > " + than.get().text();
    add(
        item,
        new Figure(
            name.orElse(text),
            Kind.ORDER.word(),
            new FigureTerm.Ratio(more.get(), than.get()),
            Double.NaN,
            "",
            Scale.NONE,
            new Tolerance(Kind.ORDER, 0, because),
            item.origin().text()));
  }
}
