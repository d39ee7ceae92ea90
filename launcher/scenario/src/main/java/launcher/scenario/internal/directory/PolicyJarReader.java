package launcher.scenario.internal.directory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyJars;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Compares the manifests of jars with what this framework has. */
@Component
public final class PolicyJarReader implements PolicyJars {
  private final BundleContext context;

  /** A reader for this framework. */
  @Activate
  public PolicyJarReader(BundleContext context) {
    this.context = context;
  }

  @Override
  public List<OfferedPolicy> offered(Path jar) throws IOException {
    return offered(jar, new PolicyOffers(ExportedPackages.of(context)));
  }

  static List<OfferedPolicy> offered(Path jar, PolicyOffers offers) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      if (manifest == null) {
        return List.of();
      }
      Attributes headers = manifest.getMainAttributes();
      if (headers.getValue(Constants.BUNDLE_SYMBOLICNAME) == null) {
        return List.of();
      }
      return offers.of(headers::getValue);
    }
  }
}
