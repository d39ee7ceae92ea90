package launcher.fio.sequence;

/**
 * L'Ecuyer's combined Tausworthe generators, with 32-bit (three parts) and 64-bit (five parts)
 * words, seeded the way fio does: a multiplicative congruential step per part, then six draws.
 *
 * <p>P. L'Ecuyer, "Maximally equidistributed combined Tausworthe generators" (1996) and "Tables of
 * maximally equidistributed combined LFSR generators" (1999).
 */
final class FioRandom {
  private static final long WORD = 0xffff_ffffL;

  /** What fio starts from. It reads 2^31 + 2^17 + 2^7, but ^ is exclusive or in C. */
  private static final long START = (2 ^ 31) + (2 ^ 17) + (2 ^ 7);

  private static final double RANGE_32 = 0x1p32;
  private static final double RANGE_64 = 0x1p64;
  private static final int WARM_UP = 6;

  private final boolean wide;
  private long part1;
  private long part2;
  private long part3;
  private long part4;
  private long part5;

  FioRandom(boolean wide) {
    this.wide = wide;
  }

  FioRandom(boolean wide, long seed) {
    this(wide);
    seed(seed);
  }

  void seed(long seed) {
    if (wide) {
      part1 = atLeast(START * 6_906_969_069L ^ seed, 1);
      part2 = atLeast(part1 * 6_906_969_069L ^ seed, 7);
      part3 = atLeast(part2 * 6_906_969_069L ^ seed, 15);
      part4 = atLeast(part3 * 6_906_969_069L ^ seed, 33);
      part5 = atLeast(part4 * 6_906_969_069L ^ seed, 49);
    } else {
      long low = seed & WORD;
      part1 = atLeast((START * 69_069L ^ low) & WORD, 1);
      part2 = atLeast((part1 * 69_069L ^ low) & WORD, 7);
      part3 = atLeast((part2 * 69_069L ^ low) & WORD, 15);
    }
    for (int i = 0; i < WARM_UP; i++) {
      next();
    }
  }

  /** Parts below a bound would lose their low bits at once. */
  private static long atLeast(long part, long bound) {
    return Long.compareUnsigned(part, bound) < 0 ? part + bound : part;
  }

  /** The next word, unsigned. */
  long next() {
    return wide ? next64() : next32();
  }

  private long next32() {
    part1 = ((part1 & 0xffff_fffeL) << 12 ^ ((part1 << 13 & WORD) ^ part1) >>> 19) & WORD;
    part2 = ((part2 & 0xffff_fff8L) << 4 ^ ((part2 << 2 & WORD) ^ part2) >>> 25) & WORD;
    part3 = ((part3 & 0xffff_fff0L) << 17 ^ ((part3 << 3 & WORD) ^ part3) >>> 11) & WORD;
    return part1 ^ part2 ^ part3;
  }

  private long next64() {
    part1 = (part1 & -2L) << 10 ^ (part1 << 1 ^ part1) >>> 53;
    part2 = (part2 & -512L) << 5 ^ (part2 << 24 ^ part2) >>> 50;
    part3 = (part3 & -4096L) << 29 ^ (part3 << 3 ^ part3) >>> 23;
    part4 = (part4 & -131_072L) << 23 ^ (part4 << 5 ^ part4) >>> 24;
    part5 = (part5 & -8_388_608L) << 8 ^ (part5 << 3 ^ part5) >>> 33;
    return part1 ^ part2 ^ part3 ^ part4 ^ part5;
  }

  /** The next word as a share of its range, 0 up to but not 1. */
  double nextFraction() {
    long word = next();
    return wide ? unsignedToDouble(word) / RANGE_64 : word / RANGE_32;
  }

  /** From {@code first} to {@code last}, both included. */
  long between(long first, long last) {
    return first + (long) ((double) (last - first + 1) * nextFraction());
  }

  /** The largest word that can come. */
  long max() {
    return wide ? -1L : WORD;
  }

  static double unsignedToDouble(long value) {
    if (value >= 0) {
      return value;
    }
    // Halving with the lost bit kept rounds the same way as a conversion of the whole.
    return ((value >>> 1) | (value & 1)) * 2.0;
  }
}
