package sim.kernel.random;

/** A stream of pseudo-random numbers: xoshiro256++, seeded by SplitMix64. */
public final class RandomStream {
  private long s0;
  private long s1;
  private long s2;
  private long s3;
  private double spareGaussian = Double.NaN;

  /** A stream that depends on {@code seed} only. */
  public RandomStream(long seed) {
    long x = seed;
    s0 = mix(x += 0x9E3779B97F4A7C15L);
    s1 = mix(x += 0x9E3779B97F4A7C15L);
    s2 = mix(x += 0x9E3779B97F4A7C15L);
    s3 = mix(x + 0x9E3779B97F4A7C15L);
  }

  private static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  /** The next 64 bits. */
  public long nextLong() {
    long result = Long.rotateLeft(s0 + s3, 23) + s0;
    long t = s1 << 17;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = Long.rotateLeft(s3, 45);
    return result;
  }

  /**
   * A number from 0 to {@code bound - 1}, each equally likely to within 2^-64 of the bound.
   *
   * @param bound at least 1
   */
  public long nextLong(long bound) {
    if (bound <= 0) {
      throw new IllegalArgumentException("bound is " + bound + "; it must be at least 1");
    }
    return Math.multiplyHigh(nextLong() >>> 1, bound << 1);
  }

  /** A number from 0 (inclusive) to 1 (exclusive), in steps of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** An exponentially distributed number. */
  public double nextExponential(double mean) {
    return -mean * StrictMath.log(1 - nextDouble());
  }

  /** A normally distributed number of mean 0 and deviation 1 (polar method). */
  public double nextGaussian() {
    if (!Double.isNaN(spareGaussian)) {
      double spare = spareGaussian;
      spareGaussian = Double.NaN;
      return spare;
    }
    while (true) {
      double u = 2 * nextDouble() - 1;
      double v = 2 * nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        double factor = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spareGaussian = v * factor;
        return u * factor;
      }
    }
  }
}
