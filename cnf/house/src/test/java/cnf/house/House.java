package cnf.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The folders of the checkout that a test runs in. */
final class House {
  private static final List<String> NOT_SOURCES =
      List.of("target", ".git", ".idea", ".settings", "archetype-resources");

  private House() {}

  /** The top folder: the nearest one above the working folder that has the parent POM. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("cnf/pom.xml"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
    }
    return folder;
  }

  /** Every source file with one of these endings, relative to the top folder, in name order. */
  static List<Path> files(String... endings) {
    Path root = root();
    try (Stream<Path> all = Files.walk(root)) {
      return all.map(root::relativize)
          .filter(House::isSource)
          .filter(file -> Stream.of(endings).anyMatch(file.toString()::endsWith))
          .filter(file -> Files.isRegularFile(root.resolve(file)))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Every folder with a {@code bnd.bnd} of its own, and so every bundle, relative to the top; but
   * examples, which are built as strangers build theirs.
   */
  static List<Bundle> bundles() {
    return files("bnd.bnd").stream()
        .filter(file -> file.getParent() != null)
        .filter(file -> !file.startsWith("examples"))
        .map(file -> new Bundle(root(), file.getParent()))
        .toList();
  }

  /** The text of a source file that is named relative to the top folder. */
  static String text(Path file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSource(Path file) {
    for (Path part : file) {
      if (NOT_SOURCES.contains(part.toString())) {
        return false;
      }
    }
    return true;
  }
}
