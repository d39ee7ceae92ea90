package sim.kernel.random;

/**
 * One sequence of random numbers: xoshiro256++ of Blackman and Vigna.
 *
 * <p>No method allocates. Results are the same on every JVM and CPU: beyond arithmetic, only {@link
 * StrictMath} is used. How many numbers a draw takes from the sequence does not depend on its mean,
 * sigma or shape, so variants of a scenario that differ in those stay in step.
 */
public final class RandomStream {
  private static final double ULP_OF_UNIT = 0x1.0p-53;

  private long s0;
  private long s1;
  private long s2;
  private long s3;

  /**
   * A stream that depends on the seed only; runs ask {@link RandomStreams#named} instead.
   *
   * @param seed any number: SplitMix64 makes the state of it, so near seeds give unrelated streams
   */
  public RandomStream(long seed) {
    long state = RandomStreams.mix64(seed);
    s0 = RandomStreams.mix64(state + RandomStreams.GOLDEN_GAMMA);
    s1 = RandomStreams.mix64(state + 2 * RandomStreams.GOLDEN_GAMMA);
    s2 = RandomStreams.mix64(state + 3 * RandomStreams.GOLDEN_GAMMA);
    s3 = RandomStreams.mix64(state + 4 * RandomStreams.GOLDEN_GAMMA);
  }

  /** Starts at a state of 256 bits, not all of them 0. */
  RandomStream(long s0, long s1, long s2, long s3) {
    this.s0 = s0;
    this.s1 = s1;
    this.s2 = s2;
    this.s3 = s3;
  }

  /** The next 64 bits, all values equally likely. */
  public long nextLong() {
    long result = Long.rotateLeft(s0 + s3, 23) + s0;
    long shifted = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /**
   * A number from 0 to {@code bound - 1}, all equally likely.
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public long nextLong(long bound) {
    requirePositive("nextLong: bound", bound);
    // Lemire's method: the high half of a 64 x 64 bit product, redrawn where it would be unfair.
    long bits = nextLong();
    long low = bits * bound;
    if (Long.compareUnsigned(low, bound) < 0) {
      long unfair = Long.remainderUnsigned(-bound, bound);
      while (Long.compareUnsigned(low, unfair) < 0) {
        bits = nextLong();
        low = bits * bound;
      }
    }
    // multiplyHigh takes bits as signed: where that made it 2^64 too low, the bound is missing.
    return Math.multiplyHigh(bits, bound) + ((bits >> 63) & bound);
  }

  /**
   * A number from 0 to {@code bound - 1}, all equally likely.
   *
   * @throws IllegalArgumentException if the bound is not positive
   */
  public int nextInt(int bound) {
    requirePositive("nextInt: bound", bound);
    return (int) nextLong(bound);
  }

  /** A number from 0 (inclusive) to 1 (exclusive), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * ULP_OF_UNIT;
  }

  /**
   * True with the given probability.
   *
   * @param probability 0 is never, 1 is always
   * @throws IllegalArgumentException if it is not from 0 to 1
   */
  public boolean nextBoolean(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "RandomStream.nextBoolean: probability is " + probability + "; it must be from 0 to 1");
    }
    return nextDouble() < probability;
  }

  /**
   * A gap between independent arrivals: exponential with the given mean, which the unit follows.
   *
   * @throws IllegalArgumentException if the mean is negative or not finite
   */
  public double nextExponential(double mean) {
    if (!(mean >= 0 && mean <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "RandomStream.nextExponential: mean is " + mean + "; it must be finite and not negative");
    }
    return mean * Ziggurat.nextExponential(this);
  }

  /** A normal number of mean 0 and standard deviation 1. */
  public double nextGaussian() {
    return Ziggurat.nextGaussian(this);
  }

  /**
   * A factor around 1, as service times vary: log-normal with median 1.
   *
   * @param sigma standard deviation of the logarithm; 0.1 is about 10 % to either side
   * @throws IllegalArgumentException if sigma is negative or not finite
   */
  public double nextLogNormal(double sigma) {
    if (!(sigma >= 0 && sigma <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "RandomStream.nextLogNormal: sigma is " + sigma + "; it must be finite and not negative");
    }
    return StrictMath.exp(sigma * nextGaussian());
  }

  /**
   * A factor of at least 1 with a heavy tail: it exceeds x with probability x^-shape.
   *
   * @param shape the smaller, the heavier; the mean is infinite up to 1, the variance up to 2
   * @throws IllegalArgumentException if the shape is not positive
   */
  public double nextPareto(double shape) {
    if (!(shape > 0 && shape <= Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "RandomStream.nextPareto: shape is " + shape + "; it must be finite and above 0");
    }
    return StrictMath.exp(nextExponential(1) / shape);
  }

  private static void requirePositive(String what, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(
          "RandomStream." + what + " is " + value + "; it must be at least 1");
    }
  }
}
