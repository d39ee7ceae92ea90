package launcher.scenario;

import java.math.BigDecimal;
import java.util.List;

/** What a number of a scenario measures, and so which units it may carry. */
public enum Unit {
  /** A number of things; carries no unit. */
  COUNT(List.of(new Symbol("", 1)), "a whole number, for example 4"),
  /** Virtual time, in nanoseconds. */
  NANOSECONDS(
      List.of(
          new Symbol("s", 1_000_000_000L),
          new Symbol("ms", 1_000_000L),
          new Symbol("us", 1_000L),
          new Symbol("ns", 1)),
      "a number and ns, us, ms or s, for example 20 us"),
  /** An amount of data or memory, in bytes. */
  BYTES(
      List.of(
          new Symbol("TiB", 1L << 40),
          new Symbol("GiB", 1L << 30),
          new Symbol("MiB", 1L << 20),
          new Symbol("KiB", 1L << 10),
          new Symbol("B", 1)),
      "a number and B, KiB, MiB, GiB or TiB, for example 128 KiB"),
  /** A share, in per cent. */
  PERCENT(List.of(new Symbol("%", 1)), "a number and %, for example 20 %"),
  /** A data rate, in bytes a second. */
  BYTES_PER_SECOND(
      List.of(
          new Symbol("TiB/s", 1L << 40),
          new Symbol("GiB/s", 1L << 30),
          new Symbol("MiB/s", 1L << 20),
          new Symbol("KiB/s", 1L << 10),
          new Symbol("B/s", 1)),
      "a number and B/s, KiB/s, MiB/s, GiB/s or TiB/s, for example 3 GiB/s"),
  /** A frequency, in events a second. */
  PER_SECOND(List.of(new Symbol("/s", 1)), "a number and /s, for example 1000 /s");

  private static final int DECIMALS_MAX = 3;

  private final List<Symbol> symbols;
  private final String form;

  Unit(List<Symbol> symbols, String form) {
    this.symbols = symbols;
    this.form = form;
  }

  /**
   * How a unit is written.
   *
   * @param text after the number
   * @param factor base units in one
   */
  record Symbol(String text, long factor) {}

  /** The ways to write it, the largest first. */
  List<Symbol> symbols() {
    return symbols;
  }

  /** What a right value looks like, for messages. */
  public String form() {
    return form;
  }

  /**
   * The value in the largest unit that leaves no fraction: {@code 1500 ms}, {@code 128 KiB}; of a
   * value that has one in every unit, the largest that leaves a short one: {@code 1.3 GiB/s}.
   */
  public String format(long value) {
    return format(BigDecimal.valueOf(value));
  }

  String format(BigDecimal value) {
    boolean isWhole = value.stripTrailingZeros().scale() <= 0;
    for (Symbol symbol : symbols) {
      BigDecimal inUnit = value.divide(BigDecimal.valueOf(symbol.factor())).stripTrailingZeros();
      boolean fits = isWhole ? isInteger(inUnit) && inUnit.signum() != 0 : isShort(inUnit);
      if (fits || symbol.factor() == 1) {
        String number = inUnit.toPlainString();
        return symbol.text().isEmpty() ? number : number + " " + symbol.text();
      }
    }
    throw new IllegalStateException(this + " has no unit of factor 1");
  }

  private static boolean isInteger(BigDecimal value) {
    return value.scale() <= 0;
  }

  private static boolean isShort(BigDecimal value) {
    return value.compareTo(BigDecimal.ONE) >= 0 && value.scale() <= DECIMALS_MAX;
  }
}
