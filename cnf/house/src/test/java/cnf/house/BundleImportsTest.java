package cnf.house;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules that a bundle's manifest has to keep, read from the jars of this build. */
class BundleImportsTest {
  private static final List<String> API_BUNDLES =
      List.of(
          "sim.kernel",
          "mm.core",
          "block.bio",
          "fs.iomap",
          "fs.buffer",
          "policies.tck",
          "launcher.fio",
          "launcher.trace",
          "launcher.calibration",
          "launcher.report",
          "launcher.scenario",
          "launcher.validation");

  @Test
  void aBundleImportsOnlyWhatTheTableAllows() {
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      for (String imported : bundle.header("Import-Package").names()) {
        boolean own = imported.equals(bundle.name()) || imported.startsWith(bundle.name() + ".");
        if (!own && !isJava(imported) && !ImportTable.allows(bundle.name(), imported)) {
          faults.add(bundle.name() + ": imports " + imported);
        }
      }
    }
    assertNone(faults, "ImportTable has what a bundle may import");
  }

  @Test
  void everyBundleHasARowInTheTable() {
    List<String> faults =
        House.bundles().stream()
            .map(Bundle::name)
            .filter(name -> !ImportTable.knows(name))
            .map(name -> name + ": is not in the table")
            .toList();
    assertNone(faults, "add a row to ImportTable");
  }

  @Test
  void theSymbolicNameIsTheFolder() {
    for (Bundle bundle : House.bundles()) {
      assertEquals(bundle.name(), bundle.header("Bundle-SymbolicName").names().iterator().next());
    }
  }

  @Test
  void everyPackageIsBelowTheSymbolicName() {
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      for (String inside : bundle.packages()) {
        boolean copiedIn = bundle.name().equals("launcher.report") && inside.startsWith("org.Hdr");
        if (!copiedIn && !inside.equals(bundle.name()) && !inside.startsWith(bundle.name() + ".")) {
          faults.add(bundle.name() + ": holds package " + inside);
        }
      }
    }
    assertNone(faults, "a bundle's root package is its symbolic name");
  }

  @Test
  void aPackageIsExportedOrInternal() {
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      Set<String> exported = bundle.header("Export-Package").clauses().keySet();
      for (String inside : bundle.packages()) {
        boolean internal = isInternal(inside);
        if (internal && exported.contains(inside)) {
          faults.add(bundle.name() + ": exports internal package " + inside);
        }
        boolean own = inside.startsWith(bundle.name());
        boolean api = API_BUNDLES.contains(bundle.name());
        if (api && own && !internal && !exported.contains(inside)) {
          faults.add(bundle.name() + ": package " + inside + " is neither exported nor internal");
        }
        if (!api && exported.contains(inside)) {
          faults.add(bundle.name() + ": exports " + inside);
        }
      }
    }
    assertNone(faults, "API and SPI packages carry @Export, all others are named *.internal");
  }

  @Test
  void noBundleReachesAroundTheImportTable() {
    List<String> banned =
        List.of("Require-Bundle", "DynamicImport-Package", "Bundle-Activator", "Bundle-ClassPath");
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      for (String header : banned) {
        if (!bundle.header(header).clauses().isEmpty()) {
          faults.add(bundle.name() + ": has " + header);
        }
      }
    }
    assertNone(faults, "components and package imports do what these headers are for");
  }

  @Test
  void everyPolicyFolderIsBuiltAndDistributed() throws Exception {
    String modules = House.text(Path.of("policies/pom.xml"));
    String distribution = House.text(Path.of("cnf/distribution/pom.xml"));
    List<String> faults = new ArrayList<>();
    try (Stream<Path> folders = Files.list(House.root().resolve("policies"))) {
      for (Path folder : folders.filter(f -> Files.exists(f.resolve("pom.xml"))).toList()) {
        String name = folder.getFileName().toString();
        if (!modules.contains("<module>" + name + "</module>")) {
          faults.add(name + ": is no module of policies/pom.xml");
        }
        boolean policy = Files.exists(folder.resolve("bnd.bnd")) && !name.equals("tck");
        if (policy && !distribution.contains("<artifactId>policies." + name + "</artifactId>")) {
          faults.add(name + ": is no dependency of cnf/distribution/pom.xml");
        }
      }
    }
    assertNone(faults, "docs/policy-authors.md says where a policy is named");
  }

  @Test
  void theProgramHoldsEveryDependencyOfTheDistribution() throws Exception {
    String resolved =
        Files.readString(House.root().resolve("cnf/distribution/target/deferlab.bndrun"));
    Matcher dependency =
        Pattern.compile(
                "<groupId>deferlab</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>\\$\\{project.version\\}</version>\\s*</dependency>")
            .matcher(House.text(Path.of("cnf/distribution/pom.xml")));
    List<String> faults = new ArrayList<>();
    int found = 0;
    while (dependency.find()) {
      found++;
      if (!resolved.contains("\t" + dependency.group(1) + ";version=")) {
        faults.add(dependency.group(1) + ": is not among the resolved -runbundles");
      }
    }
    assertTrue(found > 0);
    assertNone(faults, "cnf/deferlab.bndrun has the requirements");
  }

  @Test
  void theTableTellsApartFamiliesAndLayers() {
    assertAll(
        () -> assertTrue(ImportTable.allows("mm.core", "sim.kernel.trace")),
        () -> assertFalse(ImportTable.allows("sim.kernel", "mm.core")),
        () -> assertFalse(ImportTable.allows("fs.iomap", "fs.buffer")),
        () -> assertTrue(ImportTable.allows("fs.iomap", "mm.core.spi.mapping")),
        () -> assertFalse(ImportTable.allows("fs.iomap", "mm.core.spi.eviction")),
        () ->
            assertTrue(ImportTable.allows("policies.completion.skip", "block.bio.spi.completion")),
        () -> assertFalse(ImportTable.allows("policies.writeback.skip", "block.bio")),
        () -> assertFalse(ImportTable.allows("policies.writeback.inline", "mm.core.spi.eviction")),
        () ->
            assertFalse(
                ImportTable.allows("policies.completion.ideal", "policies.completion.skip")),
        () -> assertFalse(ImportTable.allows("launcher.report", "sim.kernel")),
        () -> assertFalse(ImportTable.allows("sim.kernel", "org.slf4j")));
  }

  private static boolean isInternal(String name) {
    return name.endsWith(".internal") || name.contains(".internal.");
  }

  private static boolean isJava(String name) {
    return name.startsWith("java.");
  }

  private static void assertNone(List<String> faults, String remedy) {
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n" + remedy + "\n");
  }
}
