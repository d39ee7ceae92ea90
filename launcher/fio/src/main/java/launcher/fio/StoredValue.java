package launcher.fio;

import java.util.OptionalDouble;

/**
 * A number that fio stored for an option.
 *
 * @param kind how to read the other two
 * @param bits a whole number; unsigned if the kind says so
 * @param share a fraction
 * @param percentOf for {@link Kind#PERCENT}: which of fio's values became a share; otherwise empty
 */
public record StoredValue(Kind kind, long bits, double share, String percentOf) {
  /** What kind of number. */
  public enum Kind {
    /** fio could not read a number. */
    NONE,
    SIGNED,
    UNSIGNED,
    FRACTION,
    /** The number before was a share: {@code bits} percent of a file. */
    PERCENT
  }

  /** No number could be read. */
  public static final StoredValue NONE = new StoredValue(Kind.NONE, 0, 0, "");

  /** The number as fio prints it, or empty for {@link Kind#NONE} and fractions. */
  public String digits() {
    return switch (kind) {
      case NONE, FRACTION -> "";
      case SIGNED, PERCENT -> Long.toString(bits);
      case UNSIGNED -> Long.toUnsignedString(bits);
    };
  }

  /** The fraction, or empty if this is a whole number. */
  public OptionalDouble fraction() {
    return kind == Kind.FRACTION ? OptionalDouble.of(share) : OptionalDouble.empty();
  }
}
