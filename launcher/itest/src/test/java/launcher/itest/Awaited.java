package launcher.itest;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What a framework does in its own time, awaited with a bound and a name. */
final class Awaited {
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(30);
  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private Awaited() {}

  static void until(String what, BooleanSupplier condition) {
    long beginNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - beginNs > LONGEST_NS) {
        throw new AssertionError("awaited in vain: " + what);
      }
      LockSupport.parkNanos(LOOK_NS);
    }
  }
}
