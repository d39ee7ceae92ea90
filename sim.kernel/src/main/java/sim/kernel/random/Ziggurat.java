package sim.kernel.random;

/**
 * Marsaglia and Tsang's ziggurat: a density covered by 256 layers of equal area, so that nearly
 * every draw is one multiplication and one comparison.
 *
 * <p>Layer 0 is the base with the tail; layer i lies between edge i + 1 (nearer) and edge i
 * (farther from 0). The tables come from {@link StrictMath} and are thus the same everywhere.
 */
final class Ziggurat {
  private static final int LAYERS = 256;
  private static final double UNIT = 0x1.0p-53;

  /** Where the tail begins and the area of one layer, for exp(-x) with 256 layers. */
  private static final double EXPONENTIAL_TAIL = 7.69711747013104972;

  private static final double EXPONENTIAL_AREA = 0.0039496598225815571993;

  /** The same for exp(-x * x / 2). */
  private static final double NORMAL_TAIL = 3.654152885361008796;

  private static final double NORMAL_AREA = 0.00492867323399;

  private static final double[] EXPONENTIAL_X = new double[LAYERS + 1];
  private static final double[] EXPONENTIAL_Y = new double[LAYERS + 1];
  private static final double[] NORMAL_X = new double[LAYERS + 1];
  private static final double[] NORMAL_Y = new double[LAYERS + 1];

  static {
    EXPONENTIAL_X[0] = EXPONENTIAL_AREA / StrictMath.exp(-EXPONENTIAL_TAIL);
    EXPONENTIAL_X[1] = EXPONENTIAL_TAIL;
    NORMAL_X[0] = NORMAL_AREA / normalDensity(NORMAL_TAIL);
    NORMAL_X[1] = NORMAL_TAIL;
    for (int i = 2; i < LAYERS; i++) {
      double x = EXPONENTIAL_X[i - 1];
      EXPONENTIAL_X[i] = -StrictMath.log(EXPONENTIAL_AREA / x + StrictMath.exp(-x));
      x = NORMAL_X[i - 1];
      NORMAL_X[i] = StrictMath.sqrt(-2 * StrictMath.log(NORMAL_AREA / x + normalDensity(x)));
    }
    for (int i = 0; i <= LAYERS; i++) {
      EXPONENTIAL_Y[i] = StrictMath.exp(-EXPONENTIAL_X[i]);
      NORMAL_Y[i] = normalDensity(NORMAL_X[i]);
    }
  }

  private Ziggurat() {}

  /** Exponential with mean 1. */
  static double nextExponential(RandomStream random) {
    // Ends: more than 98 of 100 rounds return.
    while (true) {
      long bits = random.nextLong();
      int layer = (int) bits & (LAYERS - 1);
      double x = (bits >>> 11) * UNIT * EXPONENTIAL_X[layer];
      if (x < EXPONENTIAL_X[layer + 1]) {
        return x;
      }
      if (layer == 0) {
        // The exponential tail is the exponential again, moved to where the tail begins.
        return EXPONENTIAL_TAIL - StrictMath.log(1 - random.nextDouble());
      }
      if (under(EXPONENTIAL_Y, layer, random.nextDouble(), StrictMath.exp(-x))) {
        return x;
      }
    }
  }

  /** Normal with mean 0 and standard deviation 1. */
  static double nextGaussian(RandomStream random) {
    // Ends: more than 98 of 100 rounds return.
    while (true) {
      long bits = random.nextLong();
      int layer = (int) bits & (LAYERS - 1);
      // Signed: from -1 to 1, of bits that do not choose the layer.
      double x = (bits >> 10) * UNIT * NORMAL_X[layer];
      if (Math.abs(x) < NORMAL_X[layer + 1]) {
        return x;
      }
      if (layer == 0) {
        return normalTail(random, x < 0);
      }
      if (under(NORMAL_Y, layer, random.nextDouble(), normalDensity(x))) {
        return x;
      }
    }
  }

  /** Marsaglia's method for the part of the normal beyond the last layer. */
  private static double normalTail(RandomStream random, boolean negative) {
    double beyond;
    double height;
    do {
      beyond = -StrictMath.log(1 - random.nextDouble()) / NORMAL_TAIL;
      height = -StrictMath.log(1 - random.nextDouble());
    } while (2 * height < beyond * beyond);
    return negative ? -NORMAL_TAIL - beyond : NORMAL_TAIL + beyond;
  }

  private static boolean under(double[] y, int layer, double unit, double density) {
    return y[layer] + unit * (y[layer + 1] - y[layer]) < density;
  }

  private static double normalDensity(double x) {
    return StrictMath.exp(-x * x / 2);
  }
}
