package launcher.cli.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import launcher.cli.Console;
import launcher.cli.ExitStatus;
import launcher.cli.Interrupt;
import launcher.cli.JsonTarget;
import launcher.cli.TraceProgress;
import launcher.trace.TraceReader;
import launcher.trace.TraceReading;
import launcher.trace.TraceSummary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code deferlab trace}. */
@Command(
    name = "trace",
    description = "Prints what recorded traces hold: ftrace, blkparse, blktrace, iologs, tables.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  deferlab trace capture.trace.gz",
      "  deferlab trace sda.blkparse.txt --json -",
      "  deferlab trace blocks.bin --format keys-be32",
      "",
      "Exit status: 0 read, 2 no trace or, with --strict, a broken line, 130 Ctrl-C."
    })
public final class TraceCommand implements Callable<Integer> {
  private final Console console;
  private final Interrupt interrupt;

  @Parameters(arity = "1..*", paramLabel = "TRACE", description = "Recorded trace, gzip or plain.")
  private List<Path> files = new ArrayList<>();

  @Mixin private TraceOptions options;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the counts as JSON; '-': to stdout, in place of the tables.")
  private String json;

  /** The command. */
  public TraceCommand(Console console, Interrupt interrupt) {
    this.console = console;
    this.interrupt = interrupt;
  }

  @Override
  public Integer call() throws IOException {
    JsonTarget target = JsonTarget.of(json, console);
    List<String> documents = new ArrayList<>();
    for (Path file : files) {
      if (interrupt.isRaised()) {
        break;
      }
      ReadTrace trace = read(file, options, console, interrupt);
      documents.add(TraceJson.of(trace));
      if (!target.isStdout()) {
        if (documents.size() > 1) {
          console.out().println();
        }
        new TraceText(console).print(trace);
      }
    }
    target.write(documents);
    return interrupt.isRaised() ? ExitStatus.INTERRUPTED : ExitStatus.GOOD;
  }

  /** Reads a trace and counts what it holds. */
  static ReadTrace read(Path file, TraceOptions options, Console console, Interrupt interrupt)
      throws IOException {
    TraceSummary summary = new TraceSummary();
    try (TraceProgress progress = new TraceProgress(console, interrupt)) {
      TraceReader reader = options.applyTo(TraceReader.of(file)).telling(progress.of(file));
      TraceReading reading = reader.read(summary);
      return new ReadTrace(file, reading, summary);
    }
  }
}
