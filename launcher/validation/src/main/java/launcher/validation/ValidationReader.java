package launcher.validation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.YamlTree;
import launcher.validation.internal.CsvFigures;
import launcher.validation.internal.FiguresReader;
import launcher.validation.internal.RunsReader;
import launcher.validation.internal.TextFile;

/**
 * Reads validations as strictly as scenarios are read, and with all problems at once. {@code
 * docs/validation.md} lists the keys.
 */
public final class ValidationReader {
  private final ScenarioReader scenarios;

  /**
   * A reader.
   *
   * @param scenarios reads the runs
   */
  public ValidationReader(ScenarioReader scenarios) {
    this.scenarios = scenarios;
  }

  /**
   * Reads a file.
   *
   * @throws ScenarioException if anything is wrong with it
   */
  public Validation read(Path file) throws ScenarioException {
    return read(file, Optional.empty());
  }

  /**
   * Reads a file, and a table of figures that stand in the place of its own, of which none is known
   * to be off.
   *
   * @throws ScenarioException if anything is wrong with one of them
   */
  public Validation read(Path file, Optional<Path> table) throws ScenarioException {
    Problems problems = new Problems();
    String text;
    try {
      text = TextFile.of(file);
    } catch (IOException e) {
      problems.add(new Origin(file.toString()), "", "can't be read: " + TextFile.why(e));
      throw new ScenarioException(problems.list());
    }
    Section top = new Section(YamlTree.read(file.toString(), text, problems), "", problems);
    problems.throwIfAny();
    for (String key : List.of("validation", "source", "kernel", "runs", "figures")) {
      top.require(key, "docs/validation.md says what it is for");
    }
    RunsReader runsReader = new RunsReader(scenarios, file.toString());
    List<ValidationRun> runs = runsReader.read(top);
    Set<String> names = new LinkedHashSet<>(runsReader.names());
    List<Figure> figures = new FiguresReader(names, file).read(top);
    List<KnownMiss> misses = new ArrayList<>(runsReader.notModelled());
    misses.addAll(new FiguresReader(names, file).readMisses(top, figures));
    if (table.isPresent()) {
      figures = new CsvFigures(table.get(), names, "as the table says").read(problems);
      misses = List.of();
    }
    Validation validation =
        new Validation(
            top.text("validation").orElse(""),
            top.text("source").orElse(""),
            top.text("kernel").orElse(""),
            top.text("description").orElse(""),
            file.toString(),
            runs,
            figures,
            misses);
    top.refuseUnknown();
    problems.throwIfAny();
    return validation;
  }
}
