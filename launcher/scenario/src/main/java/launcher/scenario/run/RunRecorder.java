package launcher.scenario.run;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import launcher.scenario.Scenario;
import sim.kernel.trace.DigestSink;

/** Writes a run's journal as it goes. */
final class RunRecorder {
  private static final String BUNDLE = "launcher.scenario";

  private final Scenario scenario;
  private final Optional<DigestSink> digest;
  private final Map<String, Map<String, String>> configurations = new LinkedHashMap<>();
  private final List<JournalEntry> entries = new ArrayList<>();

  RunRecorder(Scenario scenario, Optional<DigestSink> digest) {
    this.scenario = scenario;
    this.digest = digest;
  }

  /** Events traced so far; -1 if that is not counted. */
  long record() {
    return digest.map(DigestSink::events).orElse(-1L);
  }

  /** The configuration of a policy that is in use at the start. */
  void startedWith(String id, Map<String, String> configuration) {
    if (!configuration.isEmpty()) {
      configurations.put(id, configuration);
    }
  }

  void add(JournalEntry entry) {
    entries.add(entry);
  }

  boolean has(JournalEntry entry) {
    return entries.contains(entry);
  }

  /** The journal so far. */
  Journal journal(String hex) {
    return new Journal(
        scenario.name(),
        scenario.file(),
        scenario.seed(),
        version(),
        scenario.policies(),
        configurations,
        hex,
        entries);
  }

  /** The version of this bundle, from whichever manifest on the class path is its own. */
  private static String version() {
    try {
      ClassLoader loader = RunRecorder.class.getClassLoader();
      for (URL url : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
        try (InputStream in = url.openStream()) {
          Attributes attributes = new Manifest(in).getMainAttributes();
          if (BUNDLE.equals(attributes.getValue("Bundle-SymbolicName"))) {
            return attributes.getValue("Bundle-Version");
          }
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(BUNDLE + ": its manifest can't be read", e);
    }
    return "unknown";
  }
}
