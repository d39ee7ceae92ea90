package launcher.itest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A bundle with one completion policy of the tests, as bnd would make it. */
final class OffenderBundle {
  private static final String API = "block.bio.spi.completion";

  private OffenderBundle() {}

  /**
   * Writes a bundle.
   *
   * @param id of its policy
   * @param policy whose class, with the classes in it, it holds
   */
  static Path write(Path file, String id, Class<?> policy) throws IOException {
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(file), manifest(id, policy))) {
      put(jar, "OSGI-INF/" + id + ".xml", component(id, policy).getBytes(StandardCharsets.UTF_8));
      Path classes = Path.of("target/test-classes").toAbsolutePath();
      Path folder = classes.resolve(policy.getPackageName().replace('.', '/'));
      try (Stream<Path> files = Files.list(folder)) {
        for (Path one : files.sorted().toList()) {
          if (one.getFileName().toString().startsWith(policy.getSimpleName())) {
            put(jar, classes.relativize(one).toString(), Files.readAllBytes(one));
          }
        }
      }
    }
    return file;
  }

  private static void put(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
  }

  private static Manifest manifest(String id, Class<?> policy) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", policy.getName());
    headers.putValue("Bundle-Version", "1.0.0");
    headers.putValue("Import-Package", "block.bio," + API + ";version=\"[1,2)\",sim.kernel");
    headers.putValue(
        "Provide-Capability",
        "osgi.service;objectClass:List<String>=\"%s.CompletionPolicy\";uses:=\"%s\","
                .formatted(API, API)
            + "deferlab.policy;family=completion;id=\"%s\";version:Version=\"1.1.0\""
                .formatted(id));
    headers.putValue(
        "Require-Capability",
        "osgi.extender;filter:=\"(&(osgi.extender=osgi.component)(version>=1.5.0)(!(version>=2.0.0)))\"");
    headers.putValue("Service-Component", "OSGI-INF/" + id + ".xml");
    return manifest;
  }

  private static String component(String id, Class<?> policy) {
    return """
    <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0" name="%s">
      <property name="policy.id" type="String" value="%s"/>
      <service><provide interface="%s.CompletionPolicy"/></service>
      <implementation class="%s"/>
    </scr:component>
    """
        .formatted(id, id, API, policy.getName());
  }
}
