package launcher.cli.validate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;
import launcher.validation.JudgedValidation;
import launcher.validation.table.ValidationMarkdown;

/** A document that has a place for the tables. */
final class DocumentTarget {
  private final Optional<Path> file;

  private DocumentTarget(Optional<Path> file) {
    this.file = file;
  }

  /**
   * The target of this name, which is tried at once.
   *
   * @param file null for none
   * @throws ScenarioException if it has no place for the tables
   */
  static DocumentTarget of(Path file) throws ScenarioException, IOException {
    DocumentTarget target = new DocumentTarget(Optional.ofNullable(file));
    if (file != null) {
      target.with("");
    }
    return target;
  }

  /** Puts the tables into it. */
  void write(List<JudgedValidation> judged) throws ScenarioException, IOException {
    if (file.isPresent()) {
      String text = with(ValidationMarkdown.of(judged));
      Files.writeString(file.get(), text, StandardCharsets.UTF_8);
    }
  }

  private String with(String table) throws ScenarioException, IOException {
    Path path = file.orElseThrow();
    try {
      return ValidationMarkdown.into(Files.readString(path, StandardCharsets.UTF_8), table);
    } catch (IllegalArgumentException e) {
      throw new ScenarioException(List.of(new Problem(path.toString(), "", e.getMessage())));
    }
  }
}
