package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import launcher.report.Figures;
import launcher.trace.ReadProgress;

/** Tells how far traces are read, and stops reading at Ctrl-C. */
public final class TraceProgress implements ReadProgress, AutoCloseable {
  private final Progress line;
  private final Interrupt interrupt;

  /** Reading begins. */
  public TraceProgress(Console console, Interrupt interrupt) {
    line = new Progress(console);
    this.interrupt = interrupt;
  }

  @Override
  public boolean goOn(long doneBytes, long lines) {
    line.tell(
        () ->
            "reading: "
                + Figures.bytes(doneBytes)
                + " of the file, "
                + Figures.count(lines)
                + " lines");
    return !interrupt.isRaised();
  }

  /** The same, which knows how much there is. */
  public ReadProgress of(Path file) {
    long total = size(file);
    if (total == 0) {
      return this;
    }
    return (doneBytes, lines) -> {
      line.tell(
          () ->
              file.getFileName()
                  + ": "
                  + Figures.percent(doneBytes, total)
                  + " of "
                  + Figures.bytes(total)
                  + ", "
                  + Figures.count(lines)
                  + " lines");
      return !interrupt.isRaised();
    };
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      // It is told when the file is opened.
      return 0;
    }
  }

  @Override
  public void close() {
    line.close();
  }
}
