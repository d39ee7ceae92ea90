package launcher.itest;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A bundle that the framework has. */
final class InstalledBundle {
  private InstalledBundle() {}

  /** The one of this symbolic name. */
  static Bundle named(BundleContext context, String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("no bundle " + symbolicName);
  }
}
