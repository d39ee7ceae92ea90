package cnf.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * One bundle of the house.
 *
 * @param root the top folder
 * @param folder its own folder, relative to the top one
 */
record Bundle(Path root, Path folder) {
  /** What its symbolic name and its root package have to be: its folder, with dots. */
  String name() {
    return folder.toString().replace('/', '.').replace('\\', '.');
  }

  boolean isPolicy() {
    return name().startsWith("policies.");
  }

  /** True for what runs inside a simulation, which has to be deterministic. */
  boolean isSimulation() {
    return isPolicy()
        || Set.of("sim.kernel", "mm.core", "block.bio", "fs.iomap", "fs.buffer").contains(name());
  }

  /** The bundle that this build made; a jar of fixtures for other tests may lie beside it. */
  Path jar() {
    Path target = root.resolve(folder).resolve("target");
    try (Stream<Path> files = Files.list(target)) {
      List<Path> jars =
          files
              .filter(file -> file.getFileName().toString().startsWith(name() + "-"))
              .filter(file -> file.getFileName().toString().endsWith(".jar"))
              .filter(file -> !file.getFileName().toString().endsWith("-tests.jar"))
              .toList();
      if (jars.size() != 1) {
        throw new IllegalStateException(
            target + ": holds " + jars + ", not one jar; mvn clean verify makes it");
      }
      return jars.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(target + ": mvn verify makes it", e);
    }
  }

  /** One header of its manifest, parsed; empty if it has none. */
  Header header(String name) {
    return Header.parse(mainHeader(name));
  }

  /** One header of its manifest, as it stands there; empty if it has none. */
  String mainHeader(String name) {
    try (JarFile jar = new JarFile(jar().toFile())) {
      Manifest manifest = jar.getManifest();
      String value = manifest.getMainAttributes().getValue(name);
      return value == null ? "" : value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The packages of the classes in its jar. */
  Set<String> packages() {
    Set<String> packages = new LinkedHashSet<>();
    try (JarFile jar = new JarFile(jar().toFile())) {
      jar.stream()
          .map(entry -> entry.getName())
          .filter(entry -> entry.endsWith(".class") && entry.contains("/"))
          .map(entry -> entry.substring(0, entry.lastIndexOf('/')).replace('/', '.'))
          .forEach(packages::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packages;
  }
}
