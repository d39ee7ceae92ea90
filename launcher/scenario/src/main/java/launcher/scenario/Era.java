package launcher.scenario;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A kernel, as a named set of defaults: policies and model switches.
 *
 * @param id its name
 * @param description what it is
 * @param source where its facts come from; may be empty
 * @param before the era that it was made from; empty for the first
 * @param settings every key that it sets, with those above it: {@code policies.completion}
 * @param changes those of them that the era before sets otherwise or not at all
 */
public record Era(
    String id,
    String description,
    String source,
    String before,
    Map<String, String> settings,
    Map<String, String> changes) {
  /** Copies the maps, in their order. */
  public Era {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    changes = Collections.unmodifiableMap(new LinkedHashMap<>(changes));
  }
}
