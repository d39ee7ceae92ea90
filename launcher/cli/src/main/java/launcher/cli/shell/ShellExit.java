package launcher.cli.shell;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * The end of a shell: its user's wish, Ctrl-C, a framework that is stopped by {@code exit}, or a
 * process that is, by SIGTERM. Framework and process are held up until the runs are over, saved and
 * their results printed: else the policies would leave in the middle of them.
 */
final class ShellExit implements SynchronousBundleListener, AutoCloseable {
  private static final int LONGEST_S = 60;

  private final BundleContext context;
  private final Runnable endRuns;
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::endAndWait, "shell-exit");

  /**
   * Listens from now on.
   *
   * @param endRuns ends all runs and saves what is to be saved; may be called twice, on any thread
   */
  ShellExit(BundleContext context, Runnable endRuns) {
    this.context = context;
    this.endRuns = endRuns;
    context.addBundleListener(this);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    if (event.getBundle().getBundleId() == 0 && event.getType() == BundleEvent.STOPPING) {
      endAndWait();
    }
  }

  private void endAndWait() {
    ask();
    endRuns.run();
    try {
      done.await(LONGEST_S, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Asks whoever reads commands to read no more. */
  void ask() {
    asked.countDown();
  }

  boolean isAsked() {
    return asked.getCount() == 0;
  }

  void await() throws InterruptedException {
    asked.await();
  }

  /** Lets framework and process end. */
  @Override
  public void close() {
    done.countDown();
    try {
      context.removeBundleListener(this);
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The bundle has stopped already and its listeners with it, or the process ends.
    }
  }
}
