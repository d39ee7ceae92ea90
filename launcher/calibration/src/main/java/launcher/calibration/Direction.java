package launcher.calibration;

import java.util.Locale;

/** What a command does with the device's data. */
public enum Direction {
  /** Reads it. */
  READ,
  /** Writes it. */
  WRITE;

  /** Its word in a machine file: {@code read}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
