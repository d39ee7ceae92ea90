package launcher.cli.shell;

import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;

/**
 * Turns a headless framework into an interactive one: the shell, the deploy folder and the event
 * bus wait at a start level that only this class reaches.
 */
final class InteractiveLevel {
  /** Gogo's shell with line editing. */
  static final String LINE_EDITING = "org.apache.felix.gogo.jline";

  /** The watcher of a folder of bundles. */
  static final String DEPLOY_FOLDER = "org.apache.felix.fileinstall";

  /** The level that {@code cnf/felix.bnd} gives to what only an interactive run needs. */
  private static final int LEVEL = 20;

  private InteractiveLevel() {}

  /**
   * Starts what waits there, and returns when it is up.
   *
   * @param without symbolic names of bundles that are not to be started
   */
  static void reach(BundleContext context, Set<String> without) throws InterruptedException {
    for (Bundle bundle : context.getBundles()) {
      if (without.contains(bundle.getSymbolicName())) {
        bundle.adapt(BundleStartLevel.class).setStartLevel(LEVEL + 1);
      }
    }
    FrameworkStartLevel framework = context.getBundle(0).adapt(FrameworkStartLevel.class);
    CountDownLatch reached = new CountDownLatch(1);
    framework.setStartLevel(
        LEVEL,
        event -> {
          if (event.getType() == FrameworkEvent.STARTLEVEL_CHANGED) {
            reached.countDown();
          }
        });
    reached.await();
  }
}
