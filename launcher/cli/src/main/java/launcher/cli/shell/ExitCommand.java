package launcher.cli.shell;

import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/**
 * {@code exit}, of which Gogo has none but the JVM's own. In Gogo's scope, which its shell searches
 * first.
 */
public final class ExitCommand {
  static final String SCOPE = "gogo";
  static final String[] FUNCTIONS = {"exit"};

  private final BundleContext context;

  ExitCommand(BundleContext context) {
    this.context = context;
  }

  /** {@code exit}. */
  @Descriptor("ends the run and leaves the shell")
  public void exit() throws BundleException {
    context.getBundle(0).stop();
  }
}
