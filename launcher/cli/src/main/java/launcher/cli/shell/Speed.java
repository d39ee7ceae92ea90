package launcher.cli.shell;

/** How fast virtual time passes, as a user writes it. */
final class Speed {
  private static final String MAX = "max";

  private Speed() {}

  /**
   * Virtual seconds a wall second.
   *
   * @throws IllegalArgumentException that says what would be right
   */
  static double parse(String text) {
    if (text.equals(MAX)) {
      return Double.POSITIVE_INFINITY;
    }
    try {
      double speed = Double.parseDouble(text);
      if (speed > 0 && Double.isFinite(speed)) {
        return speed;
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + text + "'; it must be virtual seconds a wall second, above 0, or 'max'");
  }
}
