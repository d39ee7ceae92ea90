package launcher.cli;

import java.util.function.Supplier;

/**
 * One line on the terminal that says how far long work is. There is none in the first second of
 * wall time, and none if nobody watches.
 */
public final class Progress implements AutoCloseable {
  private static final long FIRST_WALL_NS = 1_000_000_000;
  private static final long EVERY_WALL_NS = 100_000_000;
  private static final String ERASE = "\r\u001b[K";

  private final Console console;
  private final long beginWallNs = System.nanoTime();
  private long shownWallNs = beginWallNs + FIRST_WALL_NS - EVERY_WALL_NS;
  private boolean shown;
  private boolean closed;

  /** Work begins. */
  public Progress(Console console) {
    this.console = console;
  }

  /**
   * Shows how far the work is, if it is time for that. Any thread may call it, as often as it
   * likes.
   *
   * @param line asked for only if it is shown
   */
  public synchronized void tell(Supplier<String> line) {
    long nowWallNs = System.nanoTime();
    if (!console.progress() || closed || nowWallNs - shownWallNs < EVERY_WALL_NS) {
      return;
    }
    shownWallNs = nowWallNs;
    shown = true;
    String text = line.get();
    int room = Math.min(text.length(), console.columns() - 1);
    console.err().print(ERASE + text.substring(0, room));
    console.err().flush();
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    closed = true;
    if (shown) {
      console.err().print(ERASE);
      console.err().flush();
    }
  }
}
