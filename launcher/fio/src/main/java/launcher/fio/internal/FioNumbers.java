package launcher.fio.internal;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.fio.internal.OptionSpec.TimeUnit;

/** Reads numbers as fio does: as much of the text as makes sense, and the rest is let be. */
final class FioNumbers {
  private static final BigInteger LONG_MAX = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final Pattern DECIMAL = Pattern.compile("[ \\t]*([+-]?\\d+).*", Pattern.DOTALL);
  private static final Pattern HEX =
      Pattern.compile("[ \\t]*([+-]?)(?:0[xX])?([0-9a-fA-F]+).*", Pattern.DOTALL);
  private static final Pattern FRACTION =
      Pattern.compile("[ \\t]*([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?).*", Pattern.DOTALL);
  private static final String SIZE_LETTERS = "kmgtp";

  static final long US_PER_SECOND = 1_000_000;

  private FioNumbers() {}

  /**
   * A number of bytes, or of anything with a size suffix.
   *
   * @param kbBase 1024 or 1000: what {@code k} stands for; {@code kib} is the other
   * @return unsigned; a share of n percent is -1 - n; empty if there is no number
   */
  static OptionalLong bytes(String text, int kbBase) {
    OptionalLong number = Expression.isOne(text) ? Expression.bytes(text, kbBase) : whole(text);
    if (number.isEmpty()) {
      return number;
    }
    String suffix = suffix(text);
    if (suffix.startsWith("%")) {
      return OptionalLong.of(-1 - number.getAsLong());
    }
    return OptionalLong.of(number.getAsLong() * sizeUnit(suffix, kbBase));
  }

  /** A number of microseconds; empty if there is no number. */
  static OptionalLong time(String text, TimeUnit unit) {
    long bare = unit == TimeUnit.SECONDS ? US_PER_SECOND : 1;
    if (Expression.isOne(text)) {
      return Expression.time(text, bare);
    }
    OptionalLong number = whole(text);
    return number.isEmpty()
        ? number
        : OptionalLong.of(number.getAsLong() * timeUnit(timeSuffix(text), bare));
  }

  /** The leading whole number, in base 16 if there is an {@code 0x} anywhere; suffixes let be. */
  static OptionalLong whole(String text) {
    boolean hex = text.contains("0x") || text.contains("0X");
    Matcher matcher = (hex ? HEX : DECIMAL).matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    BigInteger number =
        hex
            ? new BigInteger(matcher.group(1).replace("+", "") + matcher.group(2), 16)
            : new BigInteger(matcher.group(1).replace("+", ""));
    if (number.compareTo(LONG_MAX) > 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(number.max(LONG_MIN).longValue());
  }

  /** The leading decimal number, or 0; C's atoi. */
  static int leading(String text) {
    Matcher matcher = DECIMAL.matcher(text);
    return matcher.matches() ? new BigInteger(matcher.group(1).replace("+", "")).intValue() : 0;
  }

  /** The leading fraction. */
  static OptionalDouble fraction(String text) {
    if (Expression.isOne(text)) {
      return Expression.plain(text);
    }
    Matcher matcher = FRACTION.matcher(text);
    return matcher.matches()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(1)))
        : OptionalDouble.empty();
  }

  /** What follows the first run of digits, if it is a letter or a percent sign. */
  private static String suffix(String text) {
    int at = 0;
    if (text.length() > 1) {
      boolean digits = false;
      while (at < text.length()) {
        char c = text.charAt(at);
        boolean sign = (c == '+' || c == '-') && !digits;
        if (!isDigit(c) && !sign) {
          break;
        }
        digits |= isDigit(c);
        at++;
      }
    }
    return tail(text, at);
  }

  private static String timeSuffix(String text) {
    int at = 0;
    while (at < text.length() && (isDigit(text.charAt(at)) || "+-".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return tail(text, at);
  }

  private static String tail(String text, int at) {
    if (at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '%')) {
      return text.substring(at).toLowerCase(Locale.ROOT);
    }
    return "";
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static long sizeUnit(String suffix, int kbBase) {
    int power = suffix.isEmpty() ? 0 : SIZE_LETTERS.indexOf(suffix.charAt(0)) + 1;
    long base = suffix.startsWith("ib", 1) ? 2_024 - kbBase : kbBase;
    long unit = 1;
    for (int i = 0; i < power; i++) {
      unit *= base;
    }
    return unit;
  }

  /** Microseconds in a unit. One that fio does not know counts as microseconds. */
  static long timeUnit(String suffix, long bare) {
    if (suffix.isEmpty()) {
      return bare;
    }
    if (suffix.startsWith("ms")) {
      return 1_000;
    }
    return switch (suffix) {
      case "s" -> US_PER_SECOND;
      case "m" -> 60 * US_PER_SECOND;
      case "h" -> 3_600 * US_PER_SECOND;
      case "d" -> 86_400 * US_PER_SECOND;
      default -> 1;
    };
  }
}
