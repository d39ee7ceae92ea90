package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program examines policies: its own, and bundles that it does not have. */
class TckIT {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9.-]+)` \\| ([A-Z0-9, -]+) \\| .*");

  private static final Pattern HEADER = Pattern.compile("([a-z0-9.-]+) \\(policies\\..*\\)");
  private static final Pattern BREACH = Pattern.compile("  BREACH   ([A-Z]+-\\d+) .*");

  @TempDir private Path folder;

  private ProgramRun run(String... args) throws Exception {
    return ProgramRun.of(folder, Files.createDirectories(folder.resolve("work")), List.of(args));
  }

  /** The rules that policies are known to break, by id: the last table of the guide. */
  private static Map<String, String> documented() throws Exception {
    Map<String, String> broken = new TreeMap<>();
    for (String line : Files.readAllLines(Program.root().resolve("docs/tck.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        broken.put(row.group(1), row.group(2));
      }
    }
    return broken;
  }

  @Test
  void everyPolicyKeepsItsRulesButThoseThatAreWrongOnPurpose() throws Exception {
    ProgramRun ended = run("tck", "--all");
    Map<String, String> broken = new TreeMap<>();
    List<String> examined = new ArrayList<>();
    for (String line : ended.out().lines().toList()) {
      Matcher header = HEADER.matcher(line);
      Matcher breach = BREACH.matcher(line);
      if (header.matches()) {
        examined.add(header.group(1));
      } else if (breach.matches()) {
        broken.merge(examined.get(examined.size() - 1), breach.group(1), (x, y) -> x + ", " + y);
      }
    }
    assertAll(
        () -> assertEquals(documented(), broken),
        () -> assertTrue(examined.size() > 20, examined.toString()),
        () -> assertEquals("", ended.err()),
        () -> assertEquals(1, ended.status()));
  }

  @Test
  void aBundleFromOutsideIsExamined() throws Exception {
    Path jar =
        OutsideBundle.from("policies.completion.skip")
            .symbolicName("example.policy")
            .policyId("completion.skip", "completion.outside")
            .writeTo(folder.resolve("outside.jar"));
    Path xml = folder.resolve("tck.xml");
    ProgramRun ended = run("tck", jar.toString(), "--junit-xml", xml.toString());
    assertAll(
        () -> assertEquals("", ended.err()),
        () ->
            assertTrue(ended.out().startsWith("completion.outside (example.policy "), ended.out()),
        () -> assertTrue(ended.out().contains("\n  pass     CP-1  Every bio "), ended.out()),
        () -> assertTrue(ended.out().contains("\n  BREACH   CP-6  wants says yes "), ended.out()),
        () -> assertTrue(Files.readString(xml).contains("failures=\"1\""), ended.out()),
        () -> assertEquals(1, ended.status()));
  }

  @Test
  void aBundleForAnotherApiIsRefusedWithTheReason() throws Exception {
    Path jar =
        OutsideBundle.from("policies.completion.skip")
            .symbolicName("example.future")
            .builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0")
            .writeTo(folder.resolve("future.jar"));
    String reason = "it was built for version 9.0.0 of block.bio.spi.completion; here is 1.";
    ProgramRun listed = run("policies", "--available", jar.toString());
    ProgramRun examined = run("tck", jar.toString());
    assertAll(
        () -> assertTrue(listed.out().contains(reason), listed.out()),
        () -> assertEquals(0, listed.status()),
        () ->
            assertTrue(
                examined.err().startsWith(jar + ": completion.skip: " + reason), examined.err()),
        () -> assertEquals(2, examined.status()));
  }
}
