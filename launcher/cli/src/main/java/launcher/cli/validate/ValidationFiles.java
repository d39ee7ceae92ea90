package launcher.cli.validate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;

/** Finds the files of validations by their names. */
final class ValidationFiles {
  private static final String SUFFIX = ".yaml";

  private final Path folder;

  ValidationFiles(Path folder) {
    this.folder = folder;
  }

  /** Those of these names or paths, or all of the folder. */
  List<Path> of(List<String> names) throws IOException, ScenarioException {
    if (names.isEmpty()) {
      return all();
    }
    List<Path> found = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (String name : names) {
      if (Files.isRegularFile(Path.of(name))) {
        found.add(Path.of(name));
        continue;
      }
      List<Path> all = all();
      List<Path> fitting = all.stream().filter(file -> nameOf(file).equals(name)).toList();
      if (fitting.isEmpty()) {
        String known = String.join(", ", all.stream().map(this::nameOf).toList());
        problems.add(
            new Problem(
                name, "", "there is no such validation", List.of("in " + folder + ": " + known)));
      }
      found.addAll(fitting);
    }
    if (!problems.isEmpty()) {
      throw new ScenarioException(problems);
    }
    return found;
  }

  private List<Path> all() throws IOException, ScenarioException {
    if (!Files.isDirectory(folder)) {
      throw new ScenarioException(
          List.of(
              new Problem(
                  folder.toString(),
                  "",
                  "there is no such folder; name files, or the folder with --folder")));
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(SUFFIX) && Files.isRegularFile(file))
          .filter(file -> !isData(file))
          .sorted()
          .toList();
    }
  }

  /** What lies in a folder beside a validation of that name is its data. */
  private boolean isData(Path file) {
    // Ends: each round goes up one folder.
    for (Path at = file.getParent(); at != null && !at.equals(folder); at = at.getParent()) {
      if (Files.exists(at.resolveSibling(at.getFileName() + SUFFIX))) {
        return true;
      }
    }
    return false;
  }

  private String nameOf(Path file) {
    String relative = folder.relativize(file).toString();
    return relative.substring(0, relative.length() - SUFFIX.length());
  }
}
