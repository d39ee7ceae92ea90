package launcher.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Writes figures for people: three digits, a unit that suits the size. */
public final class Figures {
  private static final String[] TIMES = {"ns", "us", "ms", "s"};
  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String ABSENT = "-";

  private Figures() {}

  /** A figure as its kind is written; {@code -} if it is absent. */
  public static String of(Metric.Kind kind, OptionalDouble figure) {
    return figure.isEmpty() ? ABSENT : of(kind, figure.getAsDouble());
  }

  /** A figure as its kind is written. */
  public static String of(Metric.Kind kind, double figure) {
    return switch (kind) {
      case NANOSECONDS -> time(figure);
      case BYTES -> scaled(figure, 1024, SIZES, "");
      case BYTES_PER_SECOND -> scaled(figure, 1024, SIZES, "/s");
      case COUNT -> count(Math.round(figure));
      case PER_SECOND -> digits(figure) + " /s";
    };
  }

  /** A duration in nanoseconds. */
  public static String time(double ns) {
    return scaled(ns, 1000, TIMES, "");
  }

  /** An amount of bytes. */
  public static String bytes(double bytes) {
    return scaled(bytes, 1024, SIZES, "");
  }

  /** A whole number, in groups of three digits. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A share in per cent, with one decimal. */
  public static String percent(double part, double whole) {
    return whole == 0 ? ABSENT : String.format(Locale.ROOT, "%.1f %%", 100 * part / whole);
  }

  private static String scaled(double figure, double step, String[] units, String suffix) {
    double rest = figure;
    int unit = 0;
    // 999.5 would be printed as 1000.
    while (Math.abs(rest) >= step - 0.5 * step / 1000 && unit < units.length - 1) {
      rest /= step;
      unit++;
    }
    boolean whole = unit == 0 && rest == Math.rint(rest);
    return (whole ? count((long) rest) : digits(rest)) + " " + units[unit] + suffix;
  }

  private static String digits(double figure) {
    double size = Math.abs(figure);
    if (size >= 99.95) {
      return count(Math.round(figure));
    }
    return String.format(Locale.ROOT, size >= 9.995 || size == 0 ? "%.1f" : "%.2f", figure);
  }
}
