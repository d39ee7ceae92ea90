package launcher.itest;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of the documents run: each line {@code ./deferlab …} of a block that is marked
 * {@code sh}. Its status is 0, or what a comment {@code # exits N} behind it says.
 *
 * <p>Blocks that are marked {@code sh session} are run by bash, all of a document one after another
 * in an empty folder; the lines of blocks that are marked {@code text output} are among what they
 * print.
 */
class DocumentsIT {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\./deferlab +([^#\\n]*?)(?: *#(?: exits (\\d+))?.*)?$");

  private static final Pattern SESSION = Pattern.compile("(?ms)^```sh session\\n(.*?)^```");
  private static final Pattern OUTPUT = Pattern.compile("(?ms)^```text output\\n(.*?)^```");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everyCommandRuns() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      Matcher block = BLOCK.matcher(Files.readString(document));
      while (block.find()) {
        Matcher command = COMMAND.matcher(block.group(1));
        while (command.find()) {
          String arguments = command.group(1);
          int status = command.group(2) == null ? 0 : Integer.parseInt(command.group(2));
          String name = document.getFileName() + ": " + arguments;
          tests.add(dynamicTest(name, () -> assertRuns(arguments, status)));
        }
      }
    }
    return tests.stream();
  }

  @Test
  void theDocumentsHaveCommands() throws IOException {
    assertFalse(everyCommandRuns().toList().isEmpty());
  }

  @TestFactory
  Stream<DynamicTest> everySessionRunsAsAWhole() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path document : documents()) {
      String text = Files.readString(document);
      String lines = blocks(SESSION, text);
      if (!lines.isEmpty()) {
        String name = document.getFileName().toString();
        tests.add(dynamicTest(name, () -> assertSession(lines, blocks(OUTPUT, text))));
      }
    }
    assertFalse(tests.isEmpty());
    return tests.stream();
  }

  private static String blocks(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(block -> block.group(1)).collect(joining());
  }

  private void assertSession(String lines, String output) throws Exception {
    Path work = Files.createDirectory(folder.resolve("session"));
    ProgramRun ended = new Stranger(folder).shell(work, lines);
    assertEquals(0, ended.status(), ended.out());
    List<String> printed = ended.out().lines().toList();
    List<String> missing = output.lines().filter(line -> !printed.contains(line)).toList();
    assertEquals(List.of(), missing, ended.out());
  }

  private void assertRuns(String arguments, int status) throws Exception {
    List<String> words = arguments.isBlank() ? List.of() : List.of(arguments.split(" +"));
    ProgramRun ended = ProgramRun.of(folder, Program.root(), words);
    assertEquals(status, ended.status(), ended.out() + ended.err());
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(Program.root().resolve("README.md")));
    try (Stream<Path> files = Files.walk(Program.root().resolve("docs"))) {
      files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }
}
