package launcher.scenario.run;

import java.util.List;
import java.util.Map;
import launcher.scenario.NamedPolicies;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioReader;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.AtOnceEvictionPolicy;
import launcher.scenario.run.testing.InlineWritebackPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import launcher.scenario.run.testing.ListedDropbehindPolicy;

/** Scenarios and policies for tests of runs: two DONTCACHE writers, 8 MiB each. */
final class RunRig {
  static final String LISTED = "completion.listed";
  static final String OTHER = "completion.other";

  /** A dropbehind policy that takes nothing over. */
  static final String LEAVES = "dropbehind.leaves";

  /** Bytes that a run of {@link #scenario} writes. */
  static final long BYTES = 2 * (8L << 20);

  final NamedPolicies policies =
      new NamedPolicies()
          .add(PolicyFamily.COMPLETION, LISTED, new ListedCompletionPolicy(Fault.NONE))
          .add(PolicyFamily.COMPLETION, OTHER, new ListedCompletionPolicy(Fault.NONE))
          .add(PolicyFamily.DROPBEHIND, LEAVES, new ListedDropbehindPolicy(0))
          .add(PolicyFamily.WRITEBACK, "writeback.inline", new InlineWritebackPolicy())
          .add(PolicyFamily.WRITEBACK, "writeback.also-inline", new InlineWritebackPolicy())
          .add(PolicyFamily.EVICTION, "eviction.at-once", new AtOnceEvictionPolicy());

  /**
   * The scenario.
   *
   * @param more lines of YAML
   */
  Scenario scenario(String... more) {
    String text =
        """
        scenario: two-writers
        machine: {cpus: 4}
        device: {model: nvme, latency-jitter: 10 %}
        filesystem: {type: iomap, writes: overwrite, folio-order: 0}
        memory: 256 MiB
        policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
        workload:
          - writer: {flags: [dontcache], access: random, io-size: 64 KiB, file-size: 8 MiB}
          - writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB, end-fsync: true}
        """
            + String.join("\n", more);
    return scenarioOf(text);
  }

  Scenario scenarioOf(String text) {
    try {
      return new ScenarioReader(policies, Map.of(), Map.of())
          .readText("two-writers.yaml", text, List.of());
    } catch (ScenarioException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** A run of another scenario with these policies. */
  SimulationRun runOf(String text) {
    return runOf(text, RunOptions.DEFAULT);
  }

  SimulationRun runOf(String text, RunOptions options) {
    return new SimulationRun(scenarioOf(text), policies, options);
  }

  SimulationRun run(String... more) {
    return new SimulationRun(scenario(more), policies, RunOptions.DEFAULT);
  }

  /** Whether all is well: everything written, nothing lost, no rule broken. */
  static String whatIsWrong(SimulationRun run) {
    RunOutcome outcome = run.outcome();
    StringBuilder wrong = new StringBuilder(outcome.failure());
    outcome.complaints().forEach(complaint -> wrong.append('\n').append(complaint.text()));
    outcome.invariantFailures().forEach(broken -> wrong.append('\n').append(broken));
    if (run.snapshot().bytesDone() != BYTES) {
      wrong.append("\nbytes written are ").append(run.snapshot().bytesDone());
    }
    if (run.snapshot().biosInUse() != 0) {
      wrong.append("\nbios in use are ").append(run.snapshot().biosInUse());
    }
    return wrong.toString();
  }
}
