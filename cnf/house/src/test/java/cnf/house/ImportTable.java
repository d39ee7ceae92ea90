package cnf.house;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/**
 * Who may import whom, bundle by bundle.
 *
 * <p>A pattern is a package; {@code a.*} stands for {@code a} and all below it, {@code a.!spi} for
 * {@code a} and all below it but {@code a.spi}. What no pattern allows is refused, and so is a
 * third-party package: a new dependency starts with a decision record and a line here.
 */
final class ImportTable {
  private static final Map<String, List<String>> ROWS = new LinkedHashMap<>();

  static {
    row("sim.kernel");
    row("mm.core", "sim.kernel.*");
    row("block.bio", "sim.kernel.*", "mm.core");
    row("fs.*", "sim.kernel.*", "mm.core.!spi", "mm.core.spi.mapping", "block.bio.!spi");
    policies("completion", "block.bio", "block.bio.!spi", "mm.core.!spi");
    policies("dropbehind", "mm.core", "mm.core.!spi");
    policies("writeback", "mm.core", "mm.core.!spi");
    policies("eviction", "mm.core", "mm.core.!spi");
    row("policies.tck", "sim.kernel.*", "mm.core.*", "block.bio.*", "org.junit.jupiter.api.*");
    row("launcher.fio");
    row("launcher.trace");
    row(
        "launcher.calibration",
        "block.bio.device",
        "sim.kernel.machine",
        "launcher.trace.*",
        "com.fasterxml.jackson.*");
    row("launcher.report", "sim.kernel.trace", "com.fasterxml.jackson.*", "org.hipparchus.*");
    row(
        "launcher.scenario",
        "sim.kernel.*",
        "mm.core.*",
        "block.bio.*",
        "fs.iomap.*",
        "fs.buffer.*",
        "launcher.fio.*",
        "launcher.trace.*",
        "org.snakeyaml.engine.*",
        "org.osgi.*");
    row(
        "launcher.validation",
        "sim.kernel.trace",
        "launcher.scenario",
        "launcher.scenario.tree",
        "launcher.report",
        "com.fasterxml.jackson.*");
    row(
        "launcher.cli",
        "launcher.scenario.*",
        "launcher.report.*",
        "launcher.calibration",
        // What tells how far a trace is read.
        "launcher.trace",
        "launcher.validation.*",
        "launcher.fio.*",
        "launcher.trace.*",
        "policies.tck",
        // What the API of launcher.scenario.run speaks: sinks, broken rules, refusals.
        "sim.kernel.trace",
        "sim.kernel.check",
        "sim.kernel.spi",
        "picocli.*",
        "org.jline.*",
        "com.fasterxml.jackson.*",
        "org.apache.felix.service.command",
        "org.apache.felix.fileinstall",
        "org.osgi.*");
    row("cnf.logging", "org.osgi.*", "org.slf4j.*");
    row("cnf.logback", "ch.qos.logback.*");
    row("cnf.slf4j", "ch.qos.logback.classic.spi");
  }

  private ImportTable() {}

  private static void row(String bundle, String... imports) {
    ROWS.put(bundle, List.of(imports));
  }

  /** A policy may import the SPI package of its own family and the API that this package uses. */
  private static void policies(String family, String spiOwner, String... apis) {
    List<String> imports = new ArrayList<>(List.of("sim.kernel.*"));
    imports.add(spiOwner + ".spi." + family);
    imports.addAll(List.of(apis));
    ROWS.put("policies." + family + ".*", imports);
  }

  /** True if the table has a row for this bundle. */
  static boolean knows(String bundle) {
    return ROWS.keySet().stream().anyMatch(row -> matches(row, bundle));
  }

  /** True if this bundle may import this package; its own packages and Java's are not asked for. */
  static boolean allows(String bundle, String importedPackage) {
    for (Entry<String, List<String>> row : ROWS.entrySet()) {
      if (matches(row.getKey(), bundle)) {
        return row.getValue().stream().anyMatch(pattern -> matches(pattern, importedPackage));
      }
    }
    return false;
  }

  private static boolean matches(String pattern, String name) {
    int excluded = pattern.indexOf(".!");
    if (excluded >= 0) {
      String parent = pattern.substring(0, excluded);
      String child = parent + "." + pattern.substring(excluded + 2);
      return isWithin(parent, name) && !isWithin(child, name);
    }
    return pattern.endsWith(".*")
        ? isWithin(pattern.substring(0, pattern.length() - 2), name)
        : pattern.equals(name);
  }

  private static boolean isWithin(String parent, String name) {
    return Pattern.matches(Pattern.quote(parent) + "(\\..+)?", name);
  }
}
