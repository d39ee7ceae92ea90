package launcher.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What a jar's manifest says about the bundle. */
final class BundleManifest {
  private BundleManifest() {}

  /**
   * Its symbolic name, without directives.
   *
   * @throws IOException if it is no bundle
   */
  static String symbolicName(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Manifest manifest = file.getManifest();
      String name =
          manifest == null ? null : manifest.getMainAttributes().getValue("Bundle-SymbolicName");
      if (name == null) {
        throw new IOException(
            jar + ": is no bundle: its manifest has no Bundle-SymbolicName, which bnd makes");
      }
      return name.replaceFirst(";.*", "").strip();
    }
  }
}
