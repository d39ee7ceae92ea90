package launcher.report;

import java.util.Arrays;
import java.util.Locale;

/** The unit in which all figures of one column are written, so that they compare at a glance. */
public final class ColumnScale {
  private static final String[] TIMES = {"ns", "us", "ms", "s"};
  private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final String[] NONE = {""};

  /** Beyond five digits before the point a larger unit is taken. */
  private static final double LARGEST = 99_999.5;

  private static final double SMALLEST = 0.01;

  private final String unit;
  private final double divisor;

  private ColumnScale(String unit, double divisor) {
    this.unit = unit;
    this.divisor = divisor;
  }

  /**
   * The largest unit of which the smallest figure has at least one; a larger one if the largest
   * figure would be too long.
   */
  public static ColumnScale of(Metric.Kind kind, double[] figures) {
    double step = kind == Metric.Kind.NANOSECONDS ? 1000 : 1024;
    String[] units =
        switch (kind) {
          case NANOSECONDS -> TIMES;
          case BYTES, BYTES_PER_SECOND -> SIZES;
          case COUNT, PER_SECOND -> NONE;
        };
    double low = Arrays.stream(figures).map(Math::abs).filter(f -> f > 0).min().orElse(0);
    double high = Arrays.stream(figures).map(Math::abs).max().orElse(0);
    int unit = 0;
    double divisor = 1;
    while (unit < units.length - 1 && (low >= divisor * step || high / divisor >= LARGEST)) {
      divisor *= step;
      unit++;
    }
    String suffix =
        switch (kind) {
          case BYTES_PER_SECOND, PER_SECOND -> "/s";
          default -> "";
        };
    return new ColumnScale(units[unit] + suffix, divisor);
  }

  /** As it stands in the title. */
  public String unit() {
    return unit;
  }

  /** A figure without its unit: three digits, more before the point if it has them. */
  public String text(double figure) {
    double scaled = figure / divisor;
    double size = Math.abs(scaled);
    if (size == 0 || size >= 99.95 || divisor == 1 && scaled == Math.rint(scaled)) {
      return Figures.count(Math.round(scaled));
    }
    if (size < SMALLEST) {
      return "<" + SMALLEST;
    }
    return String.format(Locale.ROOT, size >= 9.995 ? "%.1f" : "%.2f", scaled);
  }
}
