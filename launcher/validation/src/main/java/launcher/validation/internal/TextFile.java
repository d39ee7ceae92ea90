package launcher.validation.internal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of UTF-8 text. */
public final class TextFile {
  private TextFile() {}

  /**
   * All of it.
   *
   * @throws IOException if there is no such text
   */
  public static String of(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Why it could not be read. */
  public static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    return e instanceof CharacterCodingException ? "it is no UTF-8 text" : e.getMessage();
  }
}
