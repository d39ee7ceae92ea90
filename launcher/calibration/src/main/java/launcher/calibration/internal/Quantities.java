package launcher.calibration.internal;

import java.math.BigDecimal;
import java.util.Locale;

/** Times, sizes and shares as a scenario has them. */
public final class Quantities {
  private Quantities() {}

  /** Nanoseconds in microseconds from 1 us on: {@code 39.5 us}. */
  public static String time(long ns) {
    return ns < 1_000 ? ns + " ns" : plain(BigDecimal.valueOf(ns, 3)) + " us";
  }

  /** Bytes in the largest unit that leaves no fraction. */
  public static String size(long bytes) {
    if (bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    return bytes % (1 << 10) == 0 ? (bytes >> 10) + " KiB" : bytes + " B";
  }

  /** A share in per cent: {@code 99.9 %}. */
  public static String percent(double share) {
    return plain(BigDecimal.valueOf(Math.round(share * 1e6), 4)) + " %";
  }

  /** How far a value is off, with its sign: {@code +3.1 %}. */
  public static String error(double value, double measured) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * (value - measured) / measured);
  }

  private static String plain(BigDecimal number) {
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }
}
