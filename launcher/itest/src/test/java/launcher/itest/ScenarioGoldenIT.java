package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every scenario that ships keeps what it expects, and two JVMs give it one digest. */
class ScenarioGoldenIT {
  private static final Pattern DIGEST = Pattern.compile("(?m)^digest ([0-9a-f]{64})$");

  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> everyScenarioHoldsAndIsRepeatedByAnotherJvm() throws IOException {
    Path root = Program.root();
    try (Stream<Path> files = Files.walk(root.resolve("scenarios"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".fio"))
          // Those are validations and their data; deferlab validate runs them.
          .filter(file -> !file.startsWith(root.resolve("scenarios/validation")))
          .sorted()
          .map(file -> root.relativize(file).toString())
          .toList()
          .stream()
          .map(file -> dynamicTest(file, () -> assertHoldsTwice(file)));
    }
  }

  @Test
  void anotherSeedGivesAnotherDigest() throws Exception {
    List<String> run = List.of("run", "scenarios/hot-swap.yaml", "--digest");
    ProgramRun first = start("first", run).get();
    ProgramRun second =
        start("second", List.of(run.get(0), run.get(1), run.get(2), "--seed", "32")).get();
    assertNotEquals(digest(first), digest(second));
  }

  private void assertHoldsTwice(String file) throws Exception {
    List<String> arguments = List.of("run", file, "--digest");
    CompletableFuture<ProgramRun> first = start("first", arguments);
    CompletableFuture<ProgramRun> second = start("second", arguments);
    assertAll(
        () -> assertEquals(0, first.get().status(), first.get().out() + first.get().err()),
        () -> assertEquals(digest(first.get()), digest(second.get())));
  }

  private CompletableFuture<ProgramRun> start(String name, List<String> arguments)
      throws IOException {
    Path scratch = Files.createDirectories(folder.resolve(name));
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return ProgramRun.of(scratch, Program.root(), arguments);
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static String digest(ProgramRun run) {
    Matcher matcher = DIGEST.matcher(run.out());
    if (!matcher.find()) {
      throw new AssertionError("no digest in: " + run.out() + run.err());
    }
    return matcher.group(1);
  }
}
