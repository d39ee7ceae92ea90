package launcher.scenario;

import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, as a scenario or an option gives it.
 *
 * @param value in base units: nanoseconds, bytes, per cent
 * @param unit what it measures
 */
public record Quantity(BigDecimal value, Unit unit) {
  private static final Pattern FORM = Pattern.compile("([+-]?[0-9]+(?:\\.[0-9]+)?)\\s*([^0-9].*)?");

  /** Keeps the value without trailing zeros, so that equal quantities are equal. */
  public Quantity {
    Objects.requireNonNull(unit, "unit");
    value = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
  }

  /**
   * Reads a number with its unit.
   *
   * @param text for example {@code 20 us}; the space may be left out
   * @throws IllegalArgumentException if it is no number or has no unit or the wrong one; the
   *     message says what would be right
   */
  public static Quantity parse(String text, Unit unit) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw wrong(text, unit, "");
    }
    String symbol = matcher.group(2) == null ? "" : matcher.group(2).strip();
    for (Unit.Symbol known : unit.symbols()) {
      if (known.text().equals(symbol)) {
        BigDecimal number = new BigDecimal(matcher.group(1));
        return new Quantity(number.multiply(BigDecimal.valueOf(known.factor())), unit);
      }
    }
    throw wrong(text, unit, fault(symbol, unit));
  }

  private static String fault(String symbol, Unit unit) {
    if (symbol.isEmpty()) {
      return " has no unit";
    }
    return unit == Unit.COUNT ? " has a unit" : " has the unit '" + symbol + "'";
  }

  private static IllegalArgumentException wrong(String text, Unit unit, String fault) {
    return new IllegalArgumentException("'" + text + "'" + fault + "; it must be " + unit.form());
  }

  /**
   * The value as a whole number of base units.
   *
   * @throws IllegalArgumentException if it has a fraction or is too large
   */
  public long toLong() {
    try {
      return value.longValueExact();
    } catch (ArithmeticException e) {
      String base = unit == Unit.COUNT ? "whole number" : "whole number of " + base();
      String inBase = (value.toPlainString() + " " + base()).strip();
      throw new IllegalArgumentException(
          "'" + inBase + "' is no " + base + " below 2^63; write it in a smaller unit", e);
    }
  }

  private String base() {
    Unit.Symbol smallest = unit.symbols().get(unit.symbols().size() - 1);
    return smallest.text();
  }

  /** The canonical form: the largest unit that leaves no fraction. */
  @Override
  public String toString() {
    return unit.format(value);
  }
}
