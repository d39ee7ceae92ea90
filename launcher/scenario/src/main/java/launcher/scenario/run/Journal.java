package launcher.scenario.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.policy.PolicyFamily;

/**
 * Everything that happened to a run from outside. With the scenario it repeats the run, bit for
 * bit.
 *
 * @param scenario name of the scenario
 * @param file where that was read from
 * @param seed its seed
 * @param version the deferlab that wrote the journal
 * @param policies id of the policy in use at the start, by family
 * @param configurations configurations of those of them that have one, by id
 * @param digest of the run's trace; empty if the run is not over or made none
 * @param entries what took effect, in order
 */
public record Journal(
    String scenario,
    String file,
    long seed,
    String version,
    Map<String, String> policies,
    Map<String, Map<String, String>> configurations,
    String digest,
    List<JournalEntry> entries) {
  /** Copies the maps and the list. */
  public Journal {
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    Map<String, Map<String, String>> byId = new LinkedHashMap<>();
    configurations.forEach((id, values) -> byId.put(id, new TreeMap<>(values)));
    configurations = Collections.unmodifiableMap(byId);
    entries = List.copyOf(entries);
  }

  /** A journal of policies that have no configuration. */
  public Journal(
      String scenario,
      String file,
      long seed,
      String version,
      Map<String, String> policies,
      String digest,
      List<JournalEntry> entries) {
    this(scenario, file, seed, version, policies, Map.of(), digest, entries);
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @param name of the file, for messages
   * @throws ScenarioException with the line of each problem
   */
  public static Journal read(String name, String text) throws ScenarioException {
    return JournalText.read(name, text);
  }

  /** The journal as text: a header, and a line for each entry. */
  public String text() {
    return JournalText.write(this);
  }

  /**
   * Checks that this journal belongs to a scenario.
   *
   * @throws IllegalArgumentException that names what differs
   */
  void requireFor(Scenario other) {
    require("scenario", scenario, other.name());
    require("seed", String.valueOf(seed), String.valueOf(other.seed()));
    require("policies", policies.toString(), other.policies().toString());
    for (JournalEntry entry : entries) {
      if (entry.kind() != JournalEntry.Kind.STOP && PolicyFamily.of(entry.family()).isEmpty()) {
        throw new IllegalArgumentException("journal: there is no family '" + entry.family() + "'");
      }
    }
  }

  private void require(String what, String here, String there) {
    if (!here.equals(there)) {
      throw new IllegalArgumentException(
          "journal: %s is %s; the scenario's is %s: replay it with the scenario it was written for"
              .formatted(what, here, there));
    }
  }
}
