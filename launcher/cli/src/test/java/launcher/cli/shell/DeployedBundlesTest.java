package launcher.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedBundlesTest {
  @TempDir private Path folder;

  private File jar(String symbolicName) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    if (!symbolicName.isEmpty()) {
      manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
    }
    Path file = folder.resolve("x.jar");
    try (OutputStream out = Files.newOutputStream(file)) {
      new JarOutputStream(out, manifest).close();
    }
    return file.toFile();
  }

  @Test
  void aJarWithoutASymbolicNameIsNoBundle() throws IOException {
    assertEquals("", DeployedBundles.whyNoBundle(jar("a.b")));
    assertEquals(
        "is a jar and no bundle: its manifest has no Bundle-SymbolicName",
        DeployedBundles.whyNoBundle(jar("")));
  }

  @Test
  void aJarThatIsHalfWrittenIsNoWholeJar() throws IOException {
    File file = jar("a.b");
    byte[] bytes = Files.readAllBytes(file.toPath());
    Files.write(file.toPath(), Arrays.copyOf(bytes, bytes.length / 2));
    String why = DeployedBundles.whyNoBundle(file);
    assertTrue(why.startsWith("is no whole jar ("), why);
  }
}
