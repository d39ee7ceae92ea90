package launcher.itest;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.BundleContext;

/**
 * What a framework does in its own time, awaited by its service events, with a bound and a name.
 */
final class Awaited {
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(30);

  private Awaited() {}

  /** Looks at the condition now and after each service event until it holds. */
  static void until(BundleContext context, String what, BooleanSupplier condition)
      throws InterruptedException {
    Semaphore events = new Semaphore(0);
    AllServiceListener listener = event -> events.release();
    context.addServiceListener(listener);
    try {
      long endNs = System.nanoTime() + LONGEST_NS;
      while (!condition.getAsBoolean()) {
        if (!events.tryAcquire(endNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw new AssertionError("awaited in vain: " + what);
        }
      }
    } finally {
      context.removeServiceListener(listener);
    }
  }
}
