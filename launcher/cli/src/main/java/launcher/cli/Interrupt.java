package launcher.cli;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.Signals;

/**
 * Ctrl-C: the first one asks whatever is going on to stop and to say what it has; the second one
 * ends the process.
 */
public final class Interrupt {
  private final List<Runnable> stops = new ArrayList<>();
  private boolean raised;

  /** Takes the signal over. Without it (no such signal here) Ctrl-C ends the process. */
  void install() {
    Signals.register("INT", this::raise, Interrupt.class.getClassLoader());
  }

  void raise() {
    List<Runnable> asked;
    synchronized (this) {
      if (raised) {
        Runtime.getRuntime().halt(ExitStatus.INTERRUPTED);
      }
      raised = true;
      asked = List.copyOf(stops);
    }
    asked.forEach(Runnable::run);
  }

  /** Whether Ctrl-C was pressed. */
  public synchronized boolean isRaised() {
    return raised;
  }

  /**
   * Says how to stop something; at once if Ctrl-C was pressed already.
   *
   * @param stop returns soon; called on any thread
   * @return what is closed when there is nothing to stop any more
   */
  public Registration onRaise(Runnable stop) {
    synchronized (this) {
      stops.add(stop);
      if (!raised) {
        return () -> forget(stop);
      }
    }
    stop.run();
    return () -> forget(stop);
  }

  private synchronized void forget(Runnable stop) {
    stops.remove(stop);
  }

  /** Ends an {@link #onRaise}. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }
}
