package launcher.fio.internal;

/** A number of bytes in four significant digits, as fio prints it. */
final class PrintedSize {
  private static final int DIGITS_MAX = 4;
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private PrintedSize() {}

  static String of(long bytes) {
    long number = bytes;
    long rest = -1;
    int unit = 0;
    while (Long.toUnsignedString(number).length() > DIGITS_MAX) {
      rest = number & 1023;
      number >>>= 10;
      unit++;
    }
    int decimals = DIGITS_MAX - Long.toString(number).length() - 1;
    if (rest < 0 || decimals < 1) {
      return (rest >= 512 ? number + 1 : number) + UNITS[unit];
    }
    double rounded = number + rest / 1024.0;
    return String.format(java.util.Locale.ROOT, "%." + decimals + "f", rounded) + UNITS[unit];
  }
}
