package launcher.report.repeat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.report.Variant;

/**
 * One variant of a comparison, run several times.
 *
 * @param settings what was varied and to what, in order
 * @param runs those that came to their end
 * @param facts what the caller knows about all of them, for files; as in {@link Variant}
 * @param runFacts by seed what he knows about each
 * @param remarks what has to be said about them
 */
public record RepeatedVariant(
    Map<String, String> settings,
    RepeatedRuns runs,
    Map<String, ?> facts,
    Map<Long, Map<String, ?>> runFacts,
    List<String> remarks) {
  /** Copies the maps and the list. */
  public RepeatedVariant {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    runFacts = Collections.unmodifiableMap(new LinkedHashMap<>(runFacts));
    remarks = List.copyOf(remarks);
  }

  /** The remarks, each with the settings before it. */
  public List<String> remarkLines() {
    return Variant.remarkLines(settings, remarks);
  }
}
