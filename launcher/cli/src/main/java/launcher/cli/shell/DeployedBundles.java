package launcher.cli.shell;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyJars;
import org.apache.felix.fileinstall.ArtifactInstaller;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The bundles of a deploy folder. FileInstall tells which files come, change and go, one after the
 * other on one thread.
 *
 * <p>FileInstall could handle bundles itself, and would let an updated one come twice: it refreshes
 * what it has updated, and bnd's launcher, which gives a start level to whatever is updated, lets
 * the framework start it before that. A run would be suspended and resumed twice.
 */
final class DeployedBundles implements ArtifactInstaller {
  private static final String JAR = ".jar";
  private static final long REFRESH_WALL_S = 30;

  private final BundleContext context;
  private final PolicyJars jars;
  private final Consumer<String> tell;
  private final Map<File, Bundle> bundles = new LinkedHashMap<>();

  /** Those that are to be started as soon as what they need is there, and why they are not yet. */
  private final Map<Bundle, String> waiting = new HashMap<>();

  /**
   * A folder with nothing in it yet.
   *
   * @param jars reads why a bundle can't be used here
   * @param tell tells the user
   */
  DeployedBundles(BundleContext context, PolicyJars jars, Consumer<String> tell) {
    this.context = context;
    this.jars = jars;
    this.tell = tell;
  }

  @Override
  public boolean canHandle(File file) {
    return file.getName().endsWith(JAR);
  }

  /** Empty if it is one. */
  static String whyNoBundle(File file) {
    try (JarFile jar = new JarFile(file)) {
      Manifest manifest = jar.getManifest();
      boolean isBundle =
          manifest != null
              && manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME) != null;
      return isBundle
          ? ""
          : "is a jar and no bundle: its manifest has no " + Constants.BUNDLE_SYMBOLICNAME;
    } catch (IOException e) {
      return "is no whole jar (" + e.getMessage() + "); it is looked at again when it changes";
    }
  }

  @Override
  public void install(File file) throws InterruptedException {
    update(file);
  }

  @Override
  public void update(File file) throws InterruptedException {
    String why = whyNoBundle(file);
    if (!why.isEmpty()) {
      tell(file, why);
      return;
    }
    try (InputStream content = new FileInputStream(file)) {
      Bundle bundle = inPlaceOf(file);
      if (bundle == null) {
        bundle = context.installBundle(file.toURI().toString(), content);
        waiting.put(bundle, "");
      } else {
        renew(bundle, content);
      }
      bundles.put(file, bundle);
    } catch (IOException | BundleException e) {
      tell(file, DeployFolder.text("can't be installed", e));
    }
    startAll();
  }

  /**
   * Null if there is none: the bundle that this file was before, or one of its name and version.
   */
  private Bundle inPlaceOf(File file) throws IOException {
    Bundle before = bundles.get(file);
    if (before != null && before.getState() != Bundle.UNINSTALLED) {
      return before;
    }
    String nameAndVersion = nameAndVersion(file);
    for (Bundle bundle : context.getBundles()) {
      if (nameAndVersion.equals(bundle.getSymbolicName() + " " + bundle.getVersion())) {
        tell(file, "takes the place of " + nameAndVersion);
        return bundle;
      }
    }
    return null;
  }

  private static String nameAndVersion(File file) throws IOException {
    try (JarFile jar = new JarFile(file)) {
      var headers = jar.getManifest().getMainAttributes();
      String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME).replaceFirst(";.*", "").strip();
      String version = headers.getValue(Constants.BUNDLE_VERSION);
      return name + " " + (version == null ? "0.0.0" : version.strip());
    }
  }

  private void renew(Bundle bundle, InputStream content)
      throws BundleException, InterruptedException {
    boolean isStopped =
        !waiting.containsKey(bundle)
            && !isFragment(bundle)
            && !bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    if (!isStopped) {
      waiting.put(bundle, "");
      if (!isFragment(bundle)) {
        // For good, so that nothing but us starts it again.
        bundle.stop();
      }
    }
    bundle.update(content);
    refresh(bundle);
  }

  @Override
  public void uninstall(File file) throws InterruptedException {
    Bundle bundle = bundles.remove(file);
    if (bundle == null
        || bundles.containsValue(bundle)
        || bundle.getState() == Bundle.UNINSTALLED) {
      return;
    }
    waiting.remove(bundle);
    try {
      bundle.uninstall();
      refresh(bundle);
    } catch (BundleException e) {
      tell(file, DeployFolder.text("can't be uninstalled", e));
    }
    startAll();
  }

  private void refresh(Bundle bundle) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    context
        .getBundle(Constants.SYSTEM_BUNDLE_LOCATION)
        .adapt(FrameworkWiring.class)
        .refreshBundles(List.of(bundle), event -> refreshed.countDown());
    refreshed.await(REFRESH_WALL_S, TimeUnit.SECONDS);
  }

  /** What came may be what others have waited for. */
  private void startAll() {
    for (Map.Entry<File, Bundle> one : bundles.entrySet()) {
      Bundle bundle = one.getValue();
      if (waiting.containsKey(bundle)) {
        String why = isFragment(bundle) ? "" : whyNotStarted(one.getKey(), bundle);
        String told = waiting.remove(bundle);
        if (!why.isEmpty()) {
          waiting.put(bundle, why);
        }
        if (!why.isEmpty() && !why.equals(told)) {
          tell(one.getKey(), why);
        }
      }
    }
  }

  /** Starts it; empty if it has. */
  private String whyNotStarted(File file, Bundle bundle) {
    try {
      bundle.start(Bundle.START_TRANSIENT);
      // Once it is: what is to be started for good, the framework would try, too, and complain.
      bundle.start();
      return "";
    } catch (BundleException | IllegalStateException e) {
      String refusal = refusal(file);
      return refusal.isEmpty() ? DeployFolder.text("can't be started", e) : refusal;
    }
  }

  /** Why a policy in it can't be used here, which says more than what could not be resolved. */
  private String refusal(File file) {
    try {
      for (OfferedPolicy policy : jars.offered(file.toPath())) {
        if (!policy.refusal().isEmpty()) {
          return policy.id() + " is refused: " + policy.refusal();
        }
      }
    } catch (IOException e) {
      // It has gone or changed since, which will be told next.
    }
    return "";
  }

  private static boolean isFragment(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null && (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
  }

  private void tell(File file, String text) {
    tell.accept(file.getName() + ": " + text);
  }
}
