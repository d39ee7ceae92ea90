package launcher.validation.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;
import launcher.validation.Figure;
import launcher.validation.Judged;
import launcher.validation.Tolerance;

/** The cells of a figure's line. */
final class FigureText {
  private static final String ABSENT = "-";
  private static final MathContext DIGITS = new MathContext(5, RoundingMode.HALF_EVEN);

  private FigureText() {}

  /** Measured, in the unit in which it was told. */
  static String measured(Figure figure) {
    return Double.isNaN(figure.measured()) ? ABSENT : number(figure, figure.measured(), true);
  }

  static String predicted(Judged judged) {
    OptionalDouble value = judged.predicted();
    return value.isEmpty() ? ABSENT : number(judged.figure(), value.getAsDouble(), true);
  }

  static String tolerance(Figure figure) {
    Tolerance tolerance = figure.tolerance();
    return switch (tolerance.kind()) {
      case EXACT -> "exact";
      case ORDER -> "> 1";
      case RELATIVE -> plain(tolerance.amount() * 100) + " %";
      case FACTOR -> "x" + plain(tolerance.amount());
      case ABSOLUTE -> number(figure, tolerance.amount(), true);
    };
  }

  static String error(Judged judged) {
    Figure figure = judged.figure();
    if (judged.predicted().isEmpty() || Double.isNaN(figure.measured())) {
      return ABSENT;
    }
    double predicted = judged.predicted().getAsDouble();
    double measured = figure.measured();
    boolean asDifference = measured == 0 || figure.tolerance().kind() == Tolerance.Kind.ABSOLUTE;
    if (asDifference) {
      return signed(number(figure, predicted - measured, false), predicted - measured);
    }
    if (figure.tolerance().kind() == Tolerance.Kind.FACTOR) {
      return "x" + String.format(Locale.ROOT, "%.2f", predicted / measured);
    }
    double percent = 100 * (predicted - measured) / measured;
    return signed(String.format(Locale.ROOT, "%.1f %%", percent), percent);
  }

  private static String signed(String text, double value) {
    return value > 0 ? "+" + text : text;
  }

  private static String number(Figure figure, double baseUnits, boolean withUnit) {
    String number = plain(baseUnits / figure.scale().baseUnits());
    String unit = figure.scale().text();
    return unit.isEmpty() || !withUnit ? number : number + " " + unit;
  }

  /** Five digits, whole numbers whole. */
  static String plain(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    return (rounded.scale() < 0 ? rounded.setScale(0) : rounded).toPlainString();
  }
}
