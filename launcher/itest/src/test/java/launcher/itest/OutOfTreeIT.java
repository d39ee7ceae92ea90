package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Policies that are written, built and proved by somebody without the checkout. */
class OutOfTreeIT {
  private static final Pattern VARIANT =
      Pattern.compile(
          "(?s)\"settings\" : \\{\\s*\"completion\" : \"([^\"]+)\".*?\"throughput\" : ([^,]+),");

  @TempDir private Path folder;

  /**
   * {@code -Dnew-policy.families=completion,dropbehind,writeback,eviction} builds one of each
   * family, which takes too long for every build.
   */
  @TestFactory
  Stream<DynamicTest> aNewPolicyIsBuiltAndKeepsTheRulesOfItsFamily() {
    String families = System.getProperty("new-policy.families", "completion");
    return Stream.of(families.split(",")).map(family -> dynamicTest(family, () -> prove(family)));
  }

  private void prove(String family) throws Exception {
    Stranger stranger = new Stranger(folder);
    ProgramRun written =
        stranger.deferlab(folder, "new-policy", family, "my-policy", "--dir", family);
    assertEquals(0, written.status(), written.err());
    Path project = folder.resolve(family);
    stranger.build(project);
    ProgramRun proved = stranger.deferlab(project, "tck", "target/my-policy-1.0.0.jar");
    assertEquals(0, proved.status(), proved.out() + proved.err());
    assertTrue(proved.out().contains(family + ".my-policy"), proved.out());
  }

  /** Names that differ from family to family, and all that follow from the policy's. */
  @Test
  void theArchetypeWritesWhatTheCommandWrites() throws Exception {
    Stranger stranger = new Stranger(folder);
    for (String family : List.of("completion", "eviction")) {
      Path archetypes = Files.createDirectory(folder.resolve(family + "-archetype"));
      Path commands = folder.resolve(family + "-command");
      ProgramRun written =
          stranger.deferlab(
              folder, "new-policy", family, "my-policy", "--dir", commands.toString());
      assertEquals(0, written.status(), written.err());
      ProgramRun generated =
          stranger.shell(
              archetypes,
              """
              mvn org.apache.maven.plugins:maven-archetype-plugin:3.3.1:generate \\
                -DarchetypeCatalog=internal -DarchetypeGroupId=deferlab \\
                -DarchetypeArtifactId=policies.archetype -DarchetypeVersion=%s \\
                -Dfamily=%s -DartifactId=my-policy
              """
                  .formatted(Program.version(), family));
      assertEquals(0, generated.status(), generated.out());
      assertEquals(texts(commands), texts(archetypes.resolve("my-policy")));
    }
  }

  /** What stands in the files below a folder. */
  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(folder.relativize(file).toString(), Files.readString(file));
      }
    }
    return texts;
  }

  /** {@code examples/adaptive-completion/README.md} has the figures. */
  @Test
  void theExampleBeatsBothOnOneScenarioAndLosesOnAnother() throws Exception {
    Stranger stranger = new Stranger(folder);
    Path project = stranger.copyOf("examples/adaptive-completion");
    stranger.build(project);
    Map<String, Double> busy = throughputs(stranger, project, "busy-writers");
    assertTrue(busy.get("adaptive") > 1.2 * busy.get("rt-thread"), busy::toString);
    assertTrue(busy.get("adaptive") > 1.2 * busy.get("workqueue"), busy::toString);
    Map<String, Double> lone = throughputs(stranger, project, "lone-bios");
    assertTrue(lone.get("adaptive") < 0.99 * lone.get("rt-thread"), lone::toString);
  }

  /** Bytes a second of all jobs together, by completion policy. */
  private static Map<String, Double> throughputs(Stranger stranger, Path project, String scenario)
      throws Exception {
    ProgramRun compared =
        stranger.deferlab(
            project,
            "compare",
            "scenarios/" + scenario + ".yaml",
            "--bundles",
            "target/adaptive-completion-1.0.0.jar",
            "--vary",
            "completion=workqueue,rt-thread,adaptive",
            "--json",
            "-");
    assertEquals(0, compared.status(), compared.err());
    Map<String, Double> throughputs = new LinkedHashMap<>();
    Matcher variant = VARIANT.matcher(compared.out());
    while (variant.find()) {
      throughputs.put(variant.group(1), Double.valueOf(variant.group(2)));
    }
    assertEquals(Set.of("workqueue", "rt-thread", "adaptive"), throughputs.keySet());
    return throughputs;
  }

  @Test
  void aFolderThatIsThereIsLeftAsItIs() throws Exception {
    Path taken = Files.createDirectory(folder.resolve("my-policy"));
    ProgramRun refused = refused("new-policy", "completion", "my-policy");
    assertEquals(
        "my-policy: is there already; name a folder that is not, with --dir, or remove it\n"
            + "Try 'deferlab new-policy --help'.\n",
        refused.err());
    try (Stream<Path> files = Files.list(taken)) {
      assertFalse(files.findAny().isPresent());
    }
  }

  @Test
  void aBundleThatNeedsAnotherApiIsRefusedBeforeAnythingRuns() throws Exception {
    OutsideBundle.from("policies.completion.workqueue")
        .symbolicName("mine")
        .policyId("completion.workqueue", "completion.mine")
        .builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0")
        .writeTo(folder.resolve("mine.jar"));
    ProgramRun refused = refused("policies", "--bundles", "mine.jar");
    assertTrue(refused.err().startsWith("--bundles: mine.jar: completion."), refused.err());
    assertTrue(refused.err().contains("9.0.0"), refused.err());
  }

  @Test
  void aBundleWhosePolicyIsThereAlreadyIsRefused() throws Exception {
    OutsideBundle.from("policies.completion.workqueue")
        .symbolicName("mine")
        .writeTo(folder.resolve("mine.jar"));
    ProgramRun refused = refused("policies", "--bundles", "mine.jar");
    assertEquals(
        "--bundles: mine.jar: completion.workqueue: another bundle has a policy of this id, or its"
            + " component registers none; 'deferlab policies' lists what there is\n",
        refused.err());
  }

  private ProgramRun refused(String... arguments) throws Exception {
    ProgramRun refused = ProgramRun.of(folder, folder, List.of(arguments));
    assertEquals(2, refused.status(), refused.out() + refused.err());
    assertEquals("", refused.out());
    return refused;
  }
}
