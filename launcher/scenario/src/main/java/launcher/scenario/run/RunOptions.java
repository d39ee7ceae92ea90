package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sim.kernel.trace.TraceSink;

/**
 * What a run is made with beside its scenario. None of it changes what happens in the run, but for
 * a journal, which replaces its swaps.
 *
 * @param sinks told of the trace, from its first event on
 * @param digest whether the trace is digested
 * @param replay what to repeat; empty for a run that takes commands
 * @param traceAfterNs virtual time for which the run and its trace go on after its last job has
 *     exited, for whoever wants to see what a tracer sees that is turned off later
 */
public record RunOptions(
    List<TraceSink> sinks, boolean digest, Optional<Journal> replay, long traceAfterNs) {
  /** No sinks, a digest, no journal. */
  public static final RunOptions DEFAULT = new RunOptions(List.of(), true, Optional.empty(), 0);

  /** Copies the list. */
  public RunOptions {
    sinks = List.copyOf(sinks);
    Objects.requireNonNull(replay, "replay");
  }

  /** These options with a further sink. */
  public RunOptions with(TraceSink sink) {
    List<TraceSink> all = new ArrayList<>(sinks);
    all.add(sink);
    return new RunOptions(all, digest, replay, traceAfterNs);
  }

  /** These options without a digest. */
  public RunOptions withoutDigest() {
    return new RunOptions(sinks, false, replay, traceAfterNs);
  }

  /** These options, to repeat what a journal says in place of the scenario's swaps. */
  public RunOptions replaying(Journal journal) {
    return new RunOptions(sinks, digest, Optional.of(journal), traceAfterNs);
  }

  /** These options, with a run and a trace that go on so long after the last job has exited. */
  public RunOptions tracingAfter(long ns) {
    return new RunOptions(sinks, digest, replay, ns);
  }
}
