package launcher.scenario;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The files that a scenario is made of: it, its job files and what they include. Remembers what was
 * read, so that a run can be repeated where those files are not.
 */
public final class ScenarioFiles {
  private static final long SAVED_BYTES_MAX = 1 << 22;

  private final Optional<Map<String, byte[]>> carried;
  private final Map<String, byte[]> read = new LinkedHashMap<>();

  private ScenarioFiles(Optional<Map<String, byte[]>> carried) {
    this.carried = carried;
  }

  /** Those of this host; names are paths, relative ones begin in the current folder. */
  public static ScenarioFiles onDisk() {
    return new ScenarioFiles(Optional.empty());
  }

  /** These and no others, by the names under which they were read before. */
  public static ScenarioFiles of(Map<String, byte[]> files) {
    return new ScenarioFiles(Optional.of(new LinkedHashMap<>(files)));
  }

  /** Whether there is a file of this name. */
  public boolean exists(String name) {
    if (carried.isPresent()) {
      return carried.get().containsKey(name);
    }
    try {
      // Pipes can be read once only, and job files are read more often than that; the first file
      // may be one.
      return Files.isRegularFile(Path.of(name));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /**
   * What a file holds.
   *
   * @throws NoSuchFileException if there is none
   */
  public byte[] read(String name) throws IOException {
    byte[] bytes =
        carried.isPresent() ? carried.get().get(name) : Files.readAllBytes(Path.of(name));
    if (bytes == null) {
      throw new NoSuchFileException(name);
    }
    read.put(name, bytes);
    return bytes;
  }

  /**
   * What a file holds, as a stream: for traces, which may be larger than memory. It is remembered
   * if it is text that a saved run can hold; otherwise the run is repeated where the file is.
   *
   * @throws NoSuchFileException if there is none
   */
  public InputStream open(String name) throws IOException {
    byte[] bytes = carried.map(files -> files.get(name)).orElse(null);
    if (bytes != null) {
      return new ByteArrayInputStream(bytes);
    }
    Path file = Path.of(name);
    if (!read.containsKey(name) && Files.size(file) <= SAVED_BYTES_MAX) {
      byte[] whole = Files.readAllBytes(file);
      if (isText(whole)) {
        read.put(name, whole);
      }
      return new ByteArrayInputStream(whole);
    }
    return Files.newInputStream(file);
  }

  private static boolean isText(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  /** What was read so far, by name, in the order of the first reading. */
  public Map<String, byte[]> readSoFar() {
    return Collections.unmodifiableMap(read);
  }
}
