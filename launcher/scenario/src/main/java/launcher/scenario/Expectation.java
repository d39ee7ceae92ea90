package launcher.scenario;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Something that a scenario says its result will show.
 *
 * @param job the job whose result is meant; empty: the run's
 * @param metric name of the figure
 * @param comparison how it is compared
 * @param bound what it is compared with; the lower end of a range
 * @param upper the upper end of a range; otherwise equal to {@code bound}
 * @param where {@code file:line:column}
 */
public record Expectation(
    Optional<String> job,
    String metric,
    Comparison comparison,
    Quantity bound,
    Quantity upper,
    String where) {

  /** How a figure is compared. */
  public enum Comparison {
    /** The figure is the bound. */
    EQUAL("="),
    /** The figure is below the bound. */
    LESS("<"),
    /** The figure is at most the bound. */
    AT_MOST("<="),
    /** The figure is above the bound. */
    MORE(">"),
    /** The figure is at least the bound. */
    AT_LEAST(">="),
    /** The figure lies between two bounds, both included. */
    RANGE("to");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }

    /** As it is written. */
    public String sign() {
      return sign;
    }
  }

  /** Whether a figure is as expected. */
  public boolean holds(double value) {
    int order = new BigDecimal(value).compareTo(bound.value());
    return switch (comparison) {
      case EQUAL -> order == 0;
      case LESS -> order < 0;
      case AT_MOST -> order <= 0;
      case MORE -> order > 0;
      case AT_LEAST -> order >= 0;
      case RANGE -> order >= 0 && new BigDecimal(value).compareTo(upper.value()) <= 0;
    };
  }

  /** The condition as it is written: {@code < 5 ms}. */
  public String condition() {
    return switch (comparison) {
      case EQUAL -> bound.toString();
      case RANGE -> bound + " to " + upper;
      default -> comparison.sign() + " " + bound;
    };
  }
}
