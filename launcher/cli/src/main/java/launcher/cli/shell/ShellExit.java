package launcher.cli.shell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * The end of an interactive shell, which stops the framework. It holds that up until the run is
 * over and its result printed: else the policies would leave in the middle of it.
 */
final class ShellExit implements SynchronousBundleListener, AutoCloseable {
  private static final int LONGEST_S = 60;

  private final BundleContext context;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  ShellExit(BundleContext context) {
    this.context = context;
    context.addBundleListener(this);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getBundle().getBundleId() != 0 || event.getType() != BundleEvent.STOPPING) {
      return;
    }
    asked.countDown();
    try {
      done.await(LONGEST_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void await() throws InterruptedException {
    asked.await();
  }

  /** Lets the framework stop. */
  @Override
  public void close() {
    done.countDown();
    try {
      context.removeBundleListener(this);
    } catch (IllegalStateException e) {
      return; // The bundle has stopped already and its listeners with it.
    }
  }
}
