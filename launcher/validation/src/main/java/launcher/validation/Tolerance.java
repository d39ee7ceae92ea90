package launcher.validation;

import java.util.Locale;

/**
 * How near a prediction has to be, and why not nearer.
 *
 * @param kind what is compared
 * @param amount 0.05 for 5 per cent of {@link Kind#RELATIVE}; a difference in base units; a factor;
 *     of {@link Kind#EXACT} what the measured value was rounded by
 * @param because the reason
 */
public record Tolerance(Kind kind, double amount, String because) {
  /** What is compared. */
  public enum Kind {
    /** The same value. */
    EXACT,
    /** The difference, as a share of what was measured. */
    RELATIVE,
    /** The difference. */
    ABSOLUTE,
    /** The larger over the smaller. */
    FACTOR,
    /** The first of two is the larger one, whatever by. */
    ORDER;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Differences below this share are those of arithmetic. */
  private static final double ARITHMETIC = 1e-9;

  /** Whether a prediction is near enough. */
  public boolean holds(double measured, double predicted) {
    double room = amount + ARITHMETIC * Math.max(1, Math.abs(amount));
    return switch (kind) {
      case EXACT ->
          Math.abs(predicted - measured) <= amount + ARITHMETIC * Math.max(1, Math.abs(measured));
      case RELATIVE -> Math.abs(predicted - measured) <= room * Math.abs(measured);
      case ABSOLUTE -> Math.abs(predicted - measured) <= room;
      case FACTOR -> factor(measured, predicted) <= room;
      case ORDER -> predicted > 1;
    };
  }

  /**
   * How far off a prediction is, in parts of the tolerance: at most 1 if it holds. Of an exact
   * figure the share that it is off, and infinite if it is off from 0.
   */
  public double inTolerances(double measured, double predicted) {
    double difference = Math.abs(predicted - measured);
    return switch (kind) {
      case EXACT -> difference <= amount ? 0 : 1 + difference / Math.abs(measured);
      case RELATIVE -> difference == 0 ? 0 : difference / (amount * Math.abs(measured));
      case ABSOLUTE -> difference / amount;
      case FACTOR -> Math.log(factor(measured, predicted)) / Math.log(amount);
      case ORDER -> predicted > 1 ? 0 : 2;
    };
  }

  private static double factor(double measured, double predicted) {
    if (measured == predicted) {
      return 1;
    }
    if (measured <= 0 || predicted <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.max(measured / predicted, predicted / measured);
  }
}
