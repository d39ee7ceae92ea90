package launcher.scenario.run;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A command that has taken effect, or a policy's fault. It lies between two instants: after
 * everything due at {@code timeNs} (but for a suspended run, in which nothing is done) and after
 * the entries before it.
 *
 * @param timeNs virtual time
 * @param record how many events the trace had before it, a check for whoever replays; -1 if unknown
 * @param kind what took effect
 * @param family key of the family concerned; empty for {@link Kind#STOP}
 * @param policyId whole id of the policy concerned; empty for {@link Kind#STOP}
 * @param handedOver bios or folios that waited for a policy afterwards, or were handed to one
 * @param configuration all of the configuration of a policy that came into use; empty if it has
 *     none
 */
public record JournalEntry(
    long timeNs,
    long record,
    Kind kind,
    String family,
    String policyId,
    int handedOver,
    Map<String, String> configuration) {
  /** Copies the configuration. */
  public JournalEntry {
    configuration = Collections.unmodifiableMap(new TreeMap<>(configuration));
  }

  /** An entry about a policy that has no configuration, or about none. */
  public JournalEntry(
      long timeNs, long record, Kind kind, String family, String policyId, int handedOver) {
    this(timeNs, record, kind, family, policyId, handedOver, Map.of());
  }

  /** What took effect. */
  public enum Kind {
    /** A policy came into use in the place of another. */
    SWAP,
    /**
     * A policy was to come into use and threw or refused when it was attached. The one before stays
     * in use, but what the policy had begun is in the trace.
     */
    REFUSED,
    /** The family has no policy from here on: it left, or never came. The run waits for this id. */
    SUSPEND,
    /** A policy came into use where there was none. */
    RESUME,
    /**
     * A policy broke a rule. No command: whoever replays with the same policy sees it again. An end
     * that the scenario wants in that case follows by itself, too; a fallback has its own entry.
     */
    FAULT,
    /** The user ended the run. */
    STOP
  }
}
