package launcher.scenario.internal.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWiring;

/** The packages that somebody exports, in every version. */
final class ExportedPackages {
  private final Map<String, List<Version>> versions = new TreeMap<>();

  /** Those of the resolved bundles of a framework, the framework itself included. */
  static ExportedPackages of(BundleContext context) {
    ExportedPackages packages = new ExportedPackages();
    for (Bundle bundle : context.getBundles()) {
      BundleWiring wiring = bundle.adapt(BundleWiring.class);
      if (wiring != null) {
        for (BundleCapability exported :
            wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
          Map<String, Object> attributes = exported.getAttributes();
          packages.add(
              (String) attributes.get(PackageNamespace.PACKAGE_NAMESPACE),
              (Version) attributes.get(PackageNamespace.CAPABILITY_VERSION_ATTRIBUTE));
        }
      }
    }
    return packages;
  }

  ExportedPackages add(String name, Version version) {
    versions.computeIfAbsent(name, added -> new ArrayList<>()).add(version);
    return this;
  }

  /** The versions of a package, as they were found. */
  List<Version> versions(String name) {
    return versions.getOrDefault(name, List.of());
  }

  boolean has(String name, VersionRange range) {
    return versions(name).stream().anyMatch(range::includes);
  }
}
