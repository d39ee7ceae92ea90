package launcher.scenario.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sees, in wall time, that a run's thread does not come back from a policy's code: a loop in one
 * step, which no bound of the simulation reaches. Has a thread of its own and only looks.
 */
final class StepWatch implements AutoCloseable {
  /** System property: wall seconds that one step of a policy may take; 30 by default. */
  static final String PROPERTY = "deferlab.step-seconds";

  private static final long DEFAULT_SECONDS = 30;

  /**
   * Looks in the time that a step may take; a machine that sleeps makes at most one of them late.
   */
  private static final int LOOKS = 10;

  private final SimulationRun run;
  private final Thread watched;
  private final Duration patience;
  private final Consumer<PolicyFault> stuck;
  private final Thread thread = new Thread(this::look, "run-watch");

  /**
   * A watch that has not begun.
   *
   * @param watched the run's thread
   * @param stuck told once, on the watch's thread, whose code does not come back
   */
  StepWatch(SimulationRun run, Thread watched, Duration patience, Consumer<PolicyFault> stuck) {
    this.run = run;
    this.watched = watched;
    this.patience = patience;
    this.stuck = stuck;
    thread.setDaemon(true);
  }

  static Duration patience() {
    return Duration.ofSeconds(Math.max(1, Long.getLong(PROPERTY, DEFAULT_SECONDS)));
  }

  void start() {
    thread.start();
  }

  private void look() {
    long mark = run.progressMark();
    int unchanged = 0;
    try {
      // Ends with the run, or when it is stuck.
      while (watched.isAlive()) {
        Thread.sleep(Math.max(1, patience.toMillis() / LOOKS));
        long now = run.progressMark();
        unchanged = now == mark && isInRun(watched.getStackTrace()) ? unchanged + 1 : 0;
        mark = now;
        if (unchanged >= LOOKS) {
          Optional<PolicyFault> fault = fault();
          if (fault.isPresent()) {
            stuck.accept(fault.get());
            return;
          }
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** A run that waits for commands, or tells of itself, is in none of its own methods. */
  private static boolean isInRun(StackTraceElement[] frames) {
    return Arrays.stream(frames)
        .anyMatch(frame -> frame.getClassName().equals(SimulationRun.class.getName()));
  }

  private Optional<PolicyFault> fault() {
    StackTraceElement[] frames = watched.getStackTrace();
    return run.culprit(
        frames, "did not return within " + patience.toMillis() + " ms of wall time; its code is");
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
