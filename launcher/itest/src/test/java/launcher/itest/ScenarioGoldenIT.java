package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scenario that ships keeps what it expects, and two JVMs give it one digest: one runs them
 * from the first to the last, the other from the last to the first, so that none depends on those
 * before it.
 */
class ScenarioGoldenIT {
  private static final Pattern DIGEST = Pattern.compile("(?m) ([0-9a-f]{64})$");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everyScenarioHoldsAndIsRepeatedByAnotherJvm() throws Exception {
    List<String> files = scenarios();
    List<String> backward = new ArrayList<>(files);
    Collections.reverse(backward);
    CompletableFuture<ProgramRun> first = start("first", files);
    CompletableFuture<ProgramRun> second = start("second", backward);
    List<String> lines = first.get().out().lines().toList();
    List<String> again = new ArrayList<>(second.get().out().lines().toList());
    Collections.reverse(again);
    String said = first.get().err() + second.get().err();
    assertEquals(files.size(), lines.size(), said);
    assertEquals(files.size(), again.size(), said);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      String line = lines.get(i);
      String repeated = again.get(i);
      tests.add(
          dynamicTest(
              files.get(i),
              () ->
                  assertAll(
                      () -> assertTrue(line.startsWith("good "), () -> line + '\n' + said),
                      () -> assertEquals(digest(line), digest(repeated)))));
    }
    return tests.stream();
  }

  @Test
  void anotherSeedGivesAnotherDigest() throws Exception {
    CompletableFuture<ProgramRun> first = start("first", List.of("scenarios/hot-swap.yaml"));
    ProgramRun second = start("second", List.of("scenarios/hot-swap.yaml", "--seed", "32")).get();
    assertNotEquals(digest(first.get().out()), digest(second.out()));
  }

  private static List<String> scenarios() throws IOException {
    Path root = Program.root();
    try (Stream<Path> files = Files.walk(root.resolve("scenarios"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".fio"))
          // Those are validations and their data; deferlab validate runs them.
          .filter(file -> !file.startsWith(root.resolve("scenarios/validation")))
          .sorted()
          .map(file -> root.relativize(file).toString())
          .toList();
    }
  }

  private CompletableFuture<ProgramRun> start(String name, List<String> files) throws IOException {
    Path scratch = Files.createDirectories(folder.resolve(name));
    List<String> arguments = new ArrayList<>(List.of("run", "--digest"));
    arguments.addAll(files);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ProgramRun.of(scratch, Program.root(), arguments);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static String digest(String text) {
    Matcher matcher = DIGEST.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no digest in: " + text);
    }
    return matcher.group(1);
  }
}
