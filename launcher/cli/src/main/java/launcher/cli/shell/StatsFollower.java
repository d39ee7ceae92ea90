package launcher.cli.shell;

import java.io.PrintStream;
import launcher.report.Counters;
import launcher.scenario.run.RunSnapshot;

/** Prints a line about a run every second of wall time. */
final class StatsFollower {
  private static final long LINE_WALL_MS = 1_000;

  /** A title stands above the first line and above each of so many. */
  private static final int LINES_A_TITLE = 20;

  private final LiveSimulation simulation;
  private final PrintStream out;

  StatsFollower(LiveSimulation simulation, PrintStream out) {
    this.simulation = simulation;
    this.out = out;
  }

  /** Prints until so many lines are printed or the run is over, whose state is the last line. */
  void follow(long lines) throws InterruptedException {
    RunSnapshot before = simulation.mailbox().snapshot();
    Counters counted = simulation.counters();
    long wallNs = System.nanoTime();
    out.println(StatsText.legend(before));
    boolean isOver = before.state().isOver();
    for (long line = 0; line < lines && !isOver; line++) {
      isOver = simulation.isOverWithin(LINE_WALL_MS);
      RunSnapshot now = simulation.mailbox().snapshot();
      Counters counters = simulation.counters();
      long nowWallNs = System.nanoTime();
      if (line % LINES_A_TITLE == 0) {
        out.println(StatsText.TITLE);
      }
      out.println(
          StatsText.line(
              now, now.nowNs() - before.nowNs(), nowWallNs - wallNs, counters.since(counted)));
      out.flush();
      before = now;
      counted = counters;
      wallNs = nowWallNs;
    }
    out.println(StatusText.line(simulation.mailbox().snapshot()));
  }
}
