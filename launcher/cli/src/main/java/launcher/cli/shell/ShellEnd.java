package launcher.cli.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import launcher.cli.Console;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.RunReport;

/** What is done when a shell is left: its runs are ended, saved and printed. */
final class ShellEnd {
  private final Console console;
  private final Simulations simulations;
  private final Optional<Path> journal;
  private boolean ended;

  /**
   * An end still to come.
   *
   * @param journal where the first run is saved
   */
  ShellEnd(Console console, Simulations simulations, Optional<Path> journal) {
    this.console = console;
    this.simulations = simulations;
    this.journal = journal;
  }

  /** Ends all runs and saves them; may be called twice, on any thread. */
  synchronized void endRuns() {
    if (ended) {
      return;
    }
    ended = true;
    List<LiveSimulation> runs = simulations.all();
    runs.forEach(ShellEnd::noteSuspension);
    simulations.close();
    for (int i = 0; i < runs.size() && journal.isPresent(); i++) {
      Path file = i == 0 ? journal.get() : Path.of(journal.get() + "." + runs.get(i).name());
      try {
        Files.writeString(file, runs.get(i).saved().text());
      } catch (IOException e) {
        throw new UncheckedIOException(file + ": the run could not be saved", e);
      } catch (Exception e) {
        throw new IllegalStateException(file + ": the run could not be saved", e);
      }
    }
  }

  private static void noteSuspension(LiveSimulation simulation) {
    try {
      simulation.noteSuspension();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Prints what they came to; whether all is good. */
  boolean print() throws InterruptedException {
    boolean isGood = true;
    List<LiveSimulation> runs = simulations.all();
    for (LiveSimulation simulation : runs) {
      FinishedRun run = simulation.finished();
      if (runs.size() > 1) {
        console.out().println((simulation == runs.get(0) ? "" : "\n") + "run " + simulation.name());
      }
      new RunReport(console).print(run);
      isGood &= run.failures().isEmpty();
    }
    return isGood;
  }
}
