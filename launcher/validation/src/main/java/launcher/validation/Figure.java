package launcher.validation;

/**
 * A measured figure and what is said about it.
 *
 * @param name unique in its validation; patterns of known misses are about it
 * @param kind what sort it is of, such as {@code latency}; figures can be chosen by it
 * @param term what predicts it
 * @param measured in base units; of an order the measured ratio, or NaN
 * @param spread of the measurement, as it was told; may be empty
 * @param scale how its numbers are printed
 * @param tolerance how near a prediction has to be
 * @param where file and line
 */
public record Figure(
    String name,
    String kind,
    FigureTerm term,
    double measured,
    String spread,
    Scale scale,
    Tolerance tolerance,
    String where) {
  /**
   * A unit for people.
   *
   * @param text of the unit; empty if there is none
   * @param baseUnits in one of it
   */
  public record Scale(String text, double baseUnits) {
    /** Of plain numbers. */
    public static final Scale NONE = new Scale("", 1);
  }
}
