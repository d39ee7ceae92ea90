package launcher.cli;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Awaits the policy of a bundle that has just been started: SCR activates on its own thread. */
public final class PolicyArrival {
  private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(3);
  private static final long LOOK_MS = 10;

  private PolicyArrival() {}

  /**
   * Looks until it is there; a policy that is refused never is.
   *
   * @return false if it is not there after 3 s of wall time
   */
  public static boolean await(BooleanSupplier isThere) {
    long endNs = System.nanoTime() + LONGEST_NS;
    while (!isThere.getAsBoolean()) {
      if (System.nanoTime() > endNs) {
        return false;
      }
      try {
        Thread.sleep(LOOK_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
