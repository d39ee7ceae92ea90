package launcher.fio.sequence;

import java.nio.charset.StandardCharsets;

/** Draws from a range with Zipf's, Pareto's or the normal distribution, scattered by a hash. */
final class SkewedDraw {
  /** Beyond this many terms fio lets zeta be, as its sum hardly grows. */
  private static final long ZETA_TERMS_MAX = 10_000_000;

  private static final long GOLDEN_RATIO = 0x61C8_8646_80B5_83EBL;
  private static final int NORMAL_DRAWS = 12;
  private static final double WORD_MAX = 0xffff_ffffL;

  private enum Kind {
    ZIPF,
    PARETO,
    NORMAL
  }

  private final Kind kind;
  private final FioRandom random;
  private final long range;
  private final boolean scattered;
  private final long shift;
  private double theta;
  private double zeta;
  private double eta;
  private double power;
  private long deviation;

  private SkewedDraw(Kind kind, long range, double center, long seed, boolean scattered) {
    this.kind = kind;
    this.range = range;
    this.scattered = scattered;
    random = new FioRandom(false, seed);
    if (kind == Kind.NORMAL) {
      shift = center < 0 ? 0 : (long) (range * (center - 0.5));
    } else {
      long drawn = random.next();
      shift = center < 0 ? drawn : (long) (range * center);
    }
  }

  static SkewedDraw zipf(long range, double theta, double center, long seed, boolean scattered) {
    SkewedDraw draw = new SkewedDraw(Kind.ZIPF, range, center, seed, scattered);
    draw.theta = theta;
    for (long i = 1; i <= Math.min(range, ZETA_TERMS_MAX); i++) {
      draw.zeta += StrictMath.pow(1.0 / i, theta);
    }
    double zeta2 = 1.0 + StrictMath.pow(0.5, theta);
    draw.eta = (1.0 - StrictMath.pow(2.0 / range, 1.0 - theta)) / (1.0 - zeta2 / draw.zeta);
    draw.power = 1.0 / (1.0 - theta);
    return draw;
  }

  static SkewedDraw pareto(long range, double h, double center, long seed, boolean scattered) {
    SkewedDraw draw = new SkewedDraw(Kind.PARETO, range, center, seed, scattered);
    draw.power = StrictMath.log(h) / StrictMath.log(1.0 - h);
    return draw;
  }

  static SkewedDraw normal(
      long range, double deviationPercent, double center, long seed, boolean scattered) {
    SkewedDraw draw = new SkewedDraw(Kind.NORMAL, range, center, seed, scattered);
    if (deviationPercent != 0) {
      draw.deviation = Math.min((long) Math.ceil(range * deviationPercent / 100.0), range / 2);
    }
    return draw;
  }

  /** From 0 up to but not the range. */
  long next() {
    return switch (kind) {
      case ZIPF -> place(nextZipf());
      case PARETO -> place((long) ((range - 1) * StrictMath.pow(random.next() / WORD_MAX, power)));
      case NORMAL -> nextNormal();
    };
  }

  private long place(long rank) {
    return Long.remainderUnsigned((scattered ? rank * GOLDEN_RATIO : rank) + shift, range);
  }

  private long nextZipf() {
    double uniform = random.next() / WORD_MAX;
    double weight = uniform * zeta;
    if (weight < 1.0) {
      return 0;
    }
    if (weight < 1.0 + StrictMath.pow(0.5, theta)) {
      return 1;
    }
    return (long) (range * StrictMath.pow(eta * uniform - eta + 1.0, power));
  }

  private long nextNormal() {
    long sum = 0;
    for (int i = 0; i < NORMAL_DRAWS; i++) {
      sum += Long.remainderUnsigned(random.next(), range + 1);
    }
    sum = (sum + NORMAL_DRAWS - 1) / NORMAL_DRAWS;
    if (deviation > 0) {
      long away = (long) (deviation * random.nextFraction()) - deviation / 2;
      // Halving ends at 0, and the mean alone is inside the range.
      while (away + sum >= range || away + sum < 0) {
        away /= 2;
      }
      sum += away;
    }
    if (scattered) {
      sum = Long.remainderUnsigned(sum * GOLDEN_RATIO, range);
    }
    return shift == 0 ? sum : Math.floorMod(sum + shift, range);
  }

  /**
   * R. Jenkins, "lookup3": the hash of a file's name, from which fio seeds its draws. Of all but
   * the last twelve bytes fio takes every fourth only.
   */
  static int hash(String name) {
    byte[] key = name.getBytes(StandardCharsets.UTF_8);
    int a = 0x61c8_8647 + key.length;
    int b = a;
    int c = a;
    int at = 0;
    int left = key.length;
    while (left > 12) {
      a += key[at] & 0xff;
      b += key[at + 4] & 0xff;
      c += key[at + 8] & 0xff;
      a = (a - c) ^ Integer.rotateLeft(c, 4);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 6);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 8);
      b += a;
      a = (a - c) ^ Integer.rotateLeft(c, 16);
      c += b;
      b = (b - a) ^ Integer.rotateLeft(a, 19);
      a += c;
      c = (c - b) ^ Integer.rotateLeft(b, 4);
      b += a;
      at += 12;
      left -= 12;
    }
    if (left == 0) {
      return c;
    }
    a += word(key, at, left);
    b += word(key, at + 4, left - 4);
    c += word(key, at + 8, left - 8);
    c = (c ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  /** Up to four bytes, the lowest first. */
  private static int word(byte[] key, int at, int left) {
    int word = 0;
    for (int i = 0; i < Math.min(4, left); i++) {
      word |= (key[at + i] & 0xff) << (8 * i);
    }
    return word;
  }
}
