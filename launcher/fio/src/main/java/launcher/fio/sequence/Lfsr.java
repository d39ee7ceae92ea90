package launcher.fio.sequence;

/**
 * A linear feedback shift register that visits every number below a bound once, without memory.
 *
 * <p>Feedback taps: P. Alfke, Xilinx application note 52, table 3. The feedback is inverted, so
 * that 0 is a state and all ones is not.
 */
final class Lfsr {
  private static final int[][] TAPS = {
    {3, 2},
    {4, 3},
    {5, 3},
    {6, 5},
    {7, 6},
    {8, 6, 5, 4},
    {9, 5},
    {10, 7},
    {11, 9},
    {12, 6, 4, 1},
    {13, 4, 3, 1},
    {14, 5, 3, 1},
    {15, 14},
    {16, 15, 13, 4},
    {17, 14},
    {18, 11},
    {19, 6, 2, 1},
    {20, 17},
    {21, 19},
    {22, 21},
    {23, 18},
    {24, 23, 22, 17},
    {25, 22},
    {26, 6, 2, 1},
    {27, 5, 2, 1},
    {28, 25},
    {29, 27},
    {30, 6, 4, 1},
    {31, 28},
    {32, 22, 2, 1},
    {33, 20},
    {34, 27, 2, 1},
    {35, 33},
    {36, 25},
    {37, 5, 4, 3, 2, 1},
    {38, 6, 5, 1},
    {39, 35},
    {40, 38, 21, 19},
  };

  private static final int WIDTH_MIN = TAPS[0][0];

  private final long count;
  private final long top;
  private final long feedback;
  private long state;
  private long drawn;

  Lfsr(long count, long seed) {
    this.count = count;
    int[] taps = tapsFor(count);
    top = 1L << (taps[0] - 1);
    long mask = 0;
    for (int tap : taps) {
      mask |= 1L << (tap - 1);
    }
    feedback = mask;
    reset(seed);
  }

  private static int[] tapsFor(long count) {
    for (int width = WIDTH_MIN; width < WIDTH_MIN + TAPS.length; width++) {
      if (1L << width > count) {
        return TAPS[width - WIDTH_MIN];
      }
    }
    throw new IllegalArgumentException(
        "random_generator=lfsr: " + count + " blocks; it must be below 2^40");
  }

  void reset(long seed) {
    long states = (top << 1) - 1;
    state = seed & states;
    if (state == states) {
      throw new IllegalArgumentException(
          "random_generator=lfsr: the seed gives the one state that repeats; use another"
              + " randseed=");
    }
    drawn = 0;
  }

  /** The next number, or -1 once all were visited. */
  long next() {
    if (drawn++ >= count) {
      return -1;
    }
    do {
      long shifted = state >>> 1 | top;
      state = (state & 1) != 0 ? shifted : shifted ^ feedback;
    } while (state >= count);
    return state;
  }
}
