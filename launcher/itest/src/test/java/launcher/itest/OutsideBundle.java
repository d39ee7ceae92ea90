package launcher.itest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;

/** A policy bundle that the program does not have: one of its own under another name. */
final class OutsideBundle {
  private final Path jar;
  private final Manifest manifest;
  private String oldId = "";
  private String newId = "";

  private OutsideBundle(Path jar) throws IOException {
    this.jar = jar;
    try (JarFile file = new JarFile(jar.toFile())) {
      manifest = new Manifest(file.getManifest());
    }
  }

  /** Begins with a bundle of the program. */
  static OutsideBundle from(String symbolicName) throws IOException {
    return new OutsideBundle(Program.file(symbolicName));
  }

  OutsideBundle version(String version) {
    manifest.getMainAttributes().putValue("Bundle-Version", version);
    return this;
  }

  OutsideBundle symbolicName(String name) {
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", name);
    return this;
  }

  /** It was built against another version of an API package. */
  OutsideBundle builtFor(String apiPackage, String imported, String provided) {
    Attributes headers = manifest.getMainAttributes();
    headers.putValue(
        "Import-Package",
        headers
            .getValue("Import-Package")
            .replaceFirst(
                Pattern.quote(apiPackage) + ";version=\"[^\"]*\"",
                apiPackage + ";version=\"" + imported + "\""));
    headers.putValue(
        "Provide-Capability",
        headers
            .getValue("Provide-Capability")
            .replaceFirst("version:Version=\"[^\"]*\"", "version:Version=\"" + provided + "\""));
    return this;
  }

  /** Its policy gets another id. */
  OutsideBundle policyId(String from, String to) {
    oldId = from;
    newId = to;
    Attributes headers = manifest.getMainAttributes();
    headers.putValue(
        "Provide-Capability",
        headers.getValue("Provide-Capability").replace('"' + from + '"', '"' + to + '"'));
    return this;
  }

  /** The bundle as it is installed. */
  InputStream open() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarFile file = new JarFile(jar.toFile());
        JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      for (JarEntry entry : Collections.list(file.entries())) {
        if (entry.isDirectory() || entry.getName().equals(JarFile.MANIFEST_NAME)) {
          continue;
        }
        out.putNextEntry(new JarEntry(entry.getName()));
        out.write(content(file, entry));
      }
    }
    return new ByteArrayInputStream(bytes.toByteArray());
  }

  /** The bundle as a jar in a folder. */
  Path writeTo(Path file) throws IOException {
    try (InputStream in = open()) {
      Files.copy(in, file);
    }
    return file;
  }

  private byte[] content(JarFile file, JarEntry entry) throws IOException {
    try (InputStream in = file.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      if (oldId.isEmpty() || !entry.getName().endsWith(".xml")) {
        return bytes;
      }
      return new String(bytes, StandardCharsets.UTF_8)
          .replace('"' + oldId + '"', '"' + newId + '"')
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
