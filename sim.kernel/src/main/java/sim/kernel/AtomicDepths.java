package sim.kernel;

/**
 * How many locks some code holds and how often it has disabled what, in one number: it is asked for
 * at every call of a policy, and must not allocate.
 */
final class AtomicDepths {
  private static final int BITS = 10;
  private static final int MAX = (1 << BITS) - 1;

  private AtomicDepths() {}

  static long of(int locks, int preempt, int irq, int bh, int rcu, int migration) {
    long depths = part(locks);
    depths = depths << BITS | part(preempt);
    depths = depths << BITS | part(irq);
    depths = depths << BITS | part(bh);
    depths = depths << BITS | part(rcu);
    return depths << BITS | part(migration);
  }

  /** Deeper is nobody; the kernel's own count of preemption has 8 bits. */
  private static int part(int depth) {
    return Math.min(depth, MAX);
  }

  private static int part(long depths, int index) {
    return (int) (depths >> index * BITS) & MAX;
  }

  static int locks(long depths) {
    return part(depths, 5);
  }

  static int preempt(long depths) {
    return part(depths, 4);
  }

  static int irq(long depths) {
    return part(depths, 3);
  }

  static int bh(long depths) {
    return part(depths, 2);
  }

  static int rcu(long depths) {
    return part(depths, 1);
  }

  static int migration(long depths) {
    return part(depths, 0);
  }

  /** Whether any of them is deeper than it was. */
  static boolean isAbove(long depths, long before) {
    for (int index = 0; index < 6; index++) {
      if (part(depths, index) > part(before, index)) {
        return true;
      }
    }
    return false;
  }
}
