package launcher.cli.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import launcher.cli.Console;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;

/** A folder that FileInstall watches: tells on stderr what becomes of the files in it. */
final class DeployFolder implements PolicyListener, LogListener, AutoCloseable {
  /** The watcher. */
  private static final String FILE_INSTALL = "org.apache.felix.fileinstall";

  private static final String POLL_WALL_MS = "200";

  private final Console console;
  private final PolicyLookup policies;
  private final LogReaderService log;
  private final ServiceRegistration<?> registration;
  private final AutoCloseable listening;

  /** Tells from now on; FileInstall is started afterwards, and takes its settings from here. */
  DeployFolder(ShellFramework framework, Console console, PolicyLookup policies, Path folder) {
    BundleContext context = framework.context();
    this.console = console;
    this.policies = policies;
    System.setProperty("felix.fileinstall.dir", folder.toAbsolutePath().toString());
    System.setProperty("felix.fileinstall.poll", POLL_WALL_MS);
    System.setProperty("felix.fileinstall.noInitialDelay", "true");
    System.setProperty("felix.fileinstall.log.level", "2");
    // Else it writes what policy:config sets into the user's own file.
    System.setProperty("felix.fileinstall.enableConfigSave", "false");
    registration =
        context.registerService(
            ArtifactInstaller.class,
            new DeployedBundles(context, framework.jars(), this::tell),
            new Hashtable<>());
    listening = policies.listen(this);
    log = context.getService(context.getServiceReference(LogReaderService.class));
    log.addLogListener(this);
  }

  private void tell(String text) {
    console.err().println("deploy: " + text);
  }

  // Policies, by whatever file they come and go.

  @Override
  public void arrived(PolicyFamily<?> family, String id) {
    policies.registered().stream()
        .filter(policy -> policy.id().equals(id))
        .map(RegisteredPolicy::bundle)
        .findFirst()
        .ifPresent(
            bundle -> {
              var configuration = policies.configuration(family, id);
              String with = configuration.isEmpty() ? "" : ", with " + configuration;
              tell(id + " is there: " + bundle + with.replaceAll("[{}]", ""));
            });
  }

  @Override
  public void refused(PolicyFamily<?> family, String id) {
    policies.refused().stream()
        .filter(policy -> policy.id().equals(id))
        .map(RefusedPolicy::reason)
        .findFirst()
        .ifPresent(reason -> tell(id + " is refused: " + reason));
  }

  @Override
  public void leaving(PolicyFamily<?> family, String id, Object policy) {
    tell(id + " leaves");
  }

  // What FileInstall says.

  @Override
  public void logged(LogEntry entry) {
    Bundle bundle = entry.getBundle();
    if (bundle == null || !FILE_INSTALL.equals(bundle.getSymbolicName())) {
      return;
    }
    switch (entry.getLogLevel()) {
      case ERROR, WARN -> tell(text(entry.getMessage(), entry.getException()));
      default -> {
        return; // What it does is told by the policies.
      }
    }
  }

  /** A message with the reason that a user can do something about. */
  static String text(String message, Throwable thrown) {
    List<String> words = new ArrayList<>(List.of(message.replaceFirst("[:.]\\s*$", "")));
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      boolean isLast = cause.getCause() == null || cause.getCause() == cause;
      if (isLast || cause instanceof BundleException) {
        words.add(String.valueOf(cause.getMessage()));
        break;
      }
    }
    return String.join(": ", words);
  }

  @Override
  public void close() {
    log.removeLogListener(this);
    try {
      registration.unregister();
      listening.close();
    } catch (IllegalStateException e) {
      return; // The bundle has stopped already and its services with it.
    } catch (Exception e) {
      throw new IllegalStateException("deploy: can't stop listening", e);
    }
  }
}
