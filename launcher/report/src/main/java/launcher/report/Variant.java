package launcher.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a comparison.
 *
 * @param settings what was varied and to what, in order
 * @param summary what the run came to; empty if it could not be run
 * @param whole whether the summary is of the whole scenario; what is not is neither best nor worst
 * @param facts what the caller knows about the run, for files: digest, policies, expectations; by
 *     key, in order, strings, numbers, booleans, lists and maps
 * @param remarks what has to be said about the run: expectations that failed, rules broken, why it
 *     did not end
 */
public record Variant(
    Map<String, String> settings,
    Optional<RunSummary> summary,
    boolean whole,
    Map<String, ?> facts,
    List<String> remarks) {
  /** Copies the maps and the list. */
  public Variant {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    remarks = List.copyOf(remarks);
  }

  /** The remarks, each with the settings before it. */
  public List<String> remarkLines() {
    return remarkLines(settings, remarks);
  }

  /** The same for a row of another kind. */
  public static List<String> remarkLines(Map<String, String> settings, List<String> remarks) {
    String which = String.join(" ", settings.values());
    return remarks.stream().map(remark -> which + ": " + remark).toList();
  }
}
