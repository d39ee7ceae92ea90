package launcher.fio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Job files in memory or in a folder, and the host that the tests pretend to have. */
public final class TestFiles implements FioFiles {
  private final Map<String, byte[]> texts = new HashMap<>();
  private final boolean anyDirectory;
  private final boolean onDisk;

  private TestFiles(boolean onDisk, boolean anyDirectory) {
    this.onDisk = onDisk;
    this.anyDirectory = anyDirectory;
  }

  /** Files of this machine; folders exist, or any does. */
  public static TestFiles onDisk(boolean anyDirectory) {
    return new TestFiles(true, anyDirectory);
  }

  /** Nothing, yet. */
  public static TestFiles inMemory() {
    return new TestFiles(false, true);
  }

  /** Adds a file of these lines. */
  public TestFiles with(String name, String... lines) {
    texts.put(name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A machine with 2 CPUs, 24105 MiB and pages of 4 KiB. */
  public static FioHost host(Map<String, String> environment) {
    return new FioHost(2, 24_105, 4_096, name -> Optional.ofNullable(environment.get(name)));
  }

  /** Parses one section {@code [j]} with these lines. */
  public static FioParseResult parse(String... lines) {
    TestFiles files = inMemory().with("t.fio", "[j]\n" + String.join("\n", lines));
    return new FioParser(host(Map.of()), files).parse("t.fio");
  }

  @Override
  public Optional<byte[]> read(String name) {
    if (!onDisk) {
      return Optional.ofNullable(texts.get(name));
    }
    Path path = Path.of(name);
    if (!path.isAbsolute() || !Files.isRegularFile(path)) {
      return Optional.ofNullable(texts.get(name));
    }
    try {
      return Optional.of(Files.readAllBytes(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean isDirectory(String name) {
    return anyDirectory || Files.isDirectory(Path.of(name));
  }
}
