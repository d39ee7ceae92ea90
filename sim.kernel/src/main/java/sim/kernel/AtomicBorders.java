package sim.kernel;

import java.util.Arrays;

/**
 * What was held and disabled where one code called another that may be abandoned, innermost last. A
 * call is known by the number of steps that its caller had on the stack: it is over when there are
 * fewer, or when it has returned and has named none.
 */
final class AtomicBorders {
  private long[] atomic = new long[4];
  private int[] depths = new int[4];
  private boolean[] open = new boolean[4];
  private int count;

  /** A call begins. */
  void add(int depth, long depthsOfAtomic) {
    forgetAbove(depth);
    if (count > 0 && depths[count - 1] == depth && !open[count - 1]) {
      // Its steps have run: this is the next call of the same caller.
      count--;
    }
    if (count == depths.length) {
      atomic = Arrays.copyOf(atomic, count * 2);
      depths = Arrays.copyOf(depths, count * 2);
      open = Arrays.copyOf(open, count * 2);
    }
    atomic[count] = depthsOfAtomic;
    depths[count] = depth;
    open[count++] = true;
  }

  /** The innermost call has returned, or was given up; the steps that it has named go on. */
  void returned(int depth) {
    forgetAbove(depth);
    if (count == 0) {
      return;
    }
    if (depths[count - 1] == depth) {
      count--;
    } else {
      open[count - 1] = false;
    }
  }

  /** Calls whose callers are not on the stack any more are over. */
  void forgetAbove(int depth) {
    while (count > 0 && depths[count - 1] > depth) {
      count--;
    }
  }

  /**
   * What the caller of the innermost call had; {@link AtomicDepths} of nothing if there is none.
   */
  long innermost() {
    return count == 0 ? 0 : atomic[count - 1];
  }

  void clear() {
    count = 0;
  }
}
