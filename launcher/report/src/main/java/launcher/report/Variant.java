package launcher.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One row of a comparison.
 *
 * @param settings what was varied and to what, in order
 * @param summary what the run came to; empty if it failed
 * @param remarks what has to be said about the run: expectations that failed, rules broken, why it
 *     did not end
 */
public record Variant(
    Map<String, String> settings, Optional<RunSummary> summary, List<String> remarks) {
  /** Copies the settings and remarks. */
  public Variant {
    settings = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    remarks = List.copyOf(remarks);
  }
}
