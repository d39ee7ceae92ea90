package launcher.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A console that keeps what is printed. */
public final class Printed {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** The console, without colour and without anybody who watches. */
  public Console console() {
    return new Console(stream(out), stream(err), false, false, false, false, 120);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** What went to stdout. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What went to stderr. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
