package launcher.fio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Job files where they lie: names are paths, relative ones begin in the current folder. */
public final class JobFolder implements FioFiles {
  private final boolean anyDirectory;

  private JobFolder(boolean anyDirectory) {
    this.anyDirectory = anyDirectory;
  }

  /** As fio sees it: {@code directory=} must name a folder that is there. */
  public static JobFolder ofThisHost() {
    return new JobFolder(false);
  }

  /** As a simulation sees it: the job files are those of this host, any data folder is there. */
  public static JobFolder withAnyDirectory() {
    return new JobFolder(true);
  }

  @Override
  public Optional<byte[]> read(String name) {
    try {
      Path path = Path.of(name);
      // Pipes can be read once only, and job files are read more often than that.
      return Files.isRegularFile(path) ? Optional.of(Files.readAllBytes(path)) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean isDirectory(String name) {
    try {
      return anyDirectory || Files.isDirectory(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
