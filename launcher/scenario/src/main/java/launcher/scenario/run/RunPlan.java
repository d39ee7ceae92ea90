package launcher.scenario.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import launcher.scenario.Scenario;
import launcher.scenario.Swap;

/** What is to be done to a run from outside, and when: at most one thing is taken at a time. */
final class RunPlan {
  /** Virtual time between two looks at whether anything happens still. */
  static final long WATCH_NS = 10_000_000_000L;

  private final Deque<JournalEntry> commands = new ArrayDeque<>();
  private final List<Swap> swaps;
  private final boolean replays;
  private long stopNs;
  private long watchNs = WATCH_NS;

  RunPlan(Scenario scenario, Optional<Journal> replay) {
    replays = replay.isPresent();
    swaps = scenario.swaps();
    stopNs = scenario.durationNs() > 0 ? scenario.durationNs() : Long.MAX_VALUE;
    if (replays) {
      commands.addAll(replay.get().entries());
    } else {
      for (Swap swap : scenario.swaps()) {
        commands.add(
            new JournalEntry(
                swap.atNs(), -1, JournalEntry.Kind.SWAP, swap.family().key(), swap.id(), 0));
      }
    }
  }

  boolean replays() {
    return replays;
  }

  /** When the next thing is due. */
  long nextNs() {
    long commandNs = commands.isEmpty() ? Long.MAX_VALUE : commands.peek().timeNs();
    return Math.min(commandNs, Math.min(stopNs, watchNs));
  }

  /** Whether the jobs are to be told to stop now; true once. */
  boolean takeStop(long nowNs) {
    if (nowNs < stopNs) {
      return false;
    }
    stopNs = Long.MAX_VALUE;
    return true;
  }

  /** Whether it is time for a look at progress; true once. */
  boolean takeWatch(long nowNs) {
    if (nowNs < watchNs) {
      return false;
    }
    watchNs += WATCH_NS;
    return true;
  }

  /** The next command that is due; null if there is none. */
  JournalEntry takeCommand(long nowNs) {
    return commands.isEmpty() || nowNs < commands.peek().timeNs() ? null : commands.poll();
  }

  /**
   * Whether the scenario has a swap still to come. A replay is asked the same, whatever its journal
   * has: what the first run found out about itself, it found without knowing what came later.
   */
  boolean hasSwapsAfter(long nowNs) {
    return swaps.stream().anyMatch(swap -> swap.atNs() > nowNs);
  }
}
