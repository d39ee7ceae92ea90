package launcher.trace.event;

/** Numbers of block devices as the kernel packs them: major above 20 bits of minor. */
public final class DeviceNumber {
  /** No device, or one without a number. */
  public static final int NONE = -1;

  private static final int MINOR_BITS = 20;
  private static final int MINOR_MASK = (1 << MINOR_BITS) - 1;

  private DeviceNumber() {}

  /** Packs a pair; {@link #NONE} if it does not fit. */
  public static int of(long major, long minor) {
    boolean fits = major >= 0 && major < 1 << 11 && minor >= 0 && minor <= MINOR_MASK;
    return fits ? (int) major << MINOR_BITS | (int) minor : NONE;
  }

  /** The major number. */
  public static int major(int device) {
    return device >>> MINOR_BITS;
  }

  /** The minor number. */
  public static int minor(int device) {
    return device & MINOR_MASK;
  }

  /** As {@code 259:0}; {@code -} for none. */
  public static String text(int device) {
    return device == NONE ? "-" : major(device) + ":" + minor(device);
  }

  /** Reads {@code 259:0} or {@code 259,0}; {@link #NONE} if it is neither. */
  public static int parse(String text) {
    String[] part = text.split("[:,]", -1);
    if (part.length != 2 || !part[0].matches("\\d{1,4}") || !part[1].matches("\\d{1,7}")) {
      return NONE;
    }
    return of(Long.parseLong(part[0]), Long.parseLong(part[1]));
  }
}
