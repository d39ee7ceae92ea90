package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What an option means that takes a jar or a folder. */
public final class JarFiles {
  private JarFiles() {}

  /**
   * The jar itself, or each jar in the folder, by name.
   *
   * @throws IOException if there is no such thing, or a folder without a jar
   */
  public static List<Path> of(Path from) throws IOException {
    if (Files.isDirectory(from)) {
      try (Stream<Path> files = Files.list(from)) {
        List<Path> jars =
            files.filter(file -> file.getFileName().toString().endsWith(".jar")).sorted().toList();
        if (jars.isEmpty()) {
          throw new IOException(from + ": there is no *.jar in this folder");
        }
        return jars;
      }
    }
    if (!Files.isRegularFile(from)) {
      throw new IOException(from + ": no such file or folder");
    }
    return List.of(from);
  }
}
