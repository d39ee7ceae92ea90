package launcher.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where {@code --json} writes to. */
public final class JsonTarget {
  private static final String STDOUT = "-";

  private final String name;
  private final Console console;

  private JsonTarget(String name, Console console) {
    this.name = name;
    this.console = console;
  }

  /**
   * The target of this name, which is tried at once: not to be able to write is no news for the end
   * of a long run.
   *
   * @param name a file's, or {@code -} for stdout; null for none
   * @throws IOException if the file can't be written
   */
  public static JsonTarget of(String name, Console console) throws IOException {
    JsonTarget target = new JsonTarget(name, console);
    if (target.isWanted() && !target.isStdout()) {
      Files.newByteChannel(
              Path.of(name),
              java.nio.file.StandardOpenOption.CREATE,
              java.nio.file.StandardOpenOption.WRITE)
          .close();
    }
    return target;
  }

  /** Whether anything is to be written. */
  public boolean isWanted() {
    return name != null;
  }

  /** Whether it goes to stdout, where then nothing else may go. */
  public boolean isStdout() {
    return STDOUT.equals(name);
  }

  /** Writes one document as it is, and several as a list. */
  public void write(List<String> documents) throws IOException {
    if (!isWanted()) {
      return;
    }
    String text =
        documents.size() == 1
            ? documents.get(0)
            : "[\n" + String.join(",\n", documents.stream().map(String::strip).toList()) + "\n]\n";
    if (isStdout()) {
      console.out().print(text);
      console.out().flush();
    } else {
      Files.writeString(Path.of(name), text, StandardCharsets.UTF_8);
    }
  }
}
