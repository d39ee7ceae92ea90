package launcher.cli.trace;

import java.util.List;
import java.util.Locale;
import launcher.cli.Console;
import launcher.report.Figures;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import launcher.trace.TraceReading;
import launcher.trace.TraceSummary;
import launcher.trace.event.DeviceNumber;

/** Prints what a trace holds. */
final class TraceText {
  private final Console console;

  TraceText(Console console) {
    this.console = console;
  }

  void print(ReadTrace trace) {
    TraceReading reading = trace.reading();
    TraceSummary summary = trace.summary();
    StringBuilder head = new StringBuilder(trace.file().toString()).append(": ");
    head.append(reading.format().meaning()).append(", ");
    head.append(Figures.count(reading.records())).append(" records");
    if (summary.spanNs() > 0) {
      head.append(" in ").append(Figures.time(summary.spanNs()));
    }
    if (summary.cpus() > 0) {
      head.append(", ").append(summary.cpus()).append(summary.cpus() == 1 ? " CPU" : " CPUs");
    }
    if (!reading.whole()) {
      head.append(console.bad(" (partial: interrupted)"));
    }
    console.out().println(head);
    events(summary);
    blocks(summary.blockTotals());
    submitters(summary.submitters());
    requests(summary.requestTotals());
    if (reading.lostEvents() > 0) {
      console.out().printf("%nlost %s events%n", Figures.count(reading.lostEvents()));
    }
    broken(trace);
  }

  private void events(TraceSummary summary) {
    if (summary.events().isEmpty()) {
      return;
    }
    TextTable table = new TextTable().column("event", Side.LEFT).column("count", Side.RIGHT);
    summary.events().forEach((name, count) -> table.row().cell(name).cell(Figures.count(count)));
    print(table);
  }

  private void blocks(List<TraceSummary.BlockTotal> totals) {
    TextTable table = new TextTable().column("device", Side.LEFT).column("block layer", Side.LEFT);
    table.column("operation", Side.LEFT).column("events", Side.RIGHT).column("bytes", Side.RIGHT);
    for (TraceSummary.BlockTotal total : totals) {
      table.row().cell(DeviceNumber.text(total.device())).cell(word(total.action()));
      table.cell(word(total.operation())).cell(Figures.count(total.events()));
      table.cell(Figures.bytes(total.bytes()));
    }
    if (!totals.isEmpty()) {
      print(table);
    }
  }

  private void submitters(List<TraceSummary.Submitter> submitters) {
    TextTable table = new TextTable().column("device", Side.LEFT).column("submitter", Side.LEFT);
    table.column("bios", Side.RIGHT).column("bytes", Side.RIGHT);
    for (TraceSummary.Submitter submitter : submitters) {
      table.row().cell(DeviceNumber.text(submitter.device())).cell(submitter.task());
      table.cell(Figures.count(submitter.bios())).cell(Figures.bytes(submitter.bytes()));
    }
    if (!submitters.isEmpty()) {
      print(table);
    }
  }

  private void requests(List<TraceSummary.RequestTotal> totals) {
    TextTable table = new TextTable().column("target", Side.LEFT).column("request", Side.LEFT);
    table.column("count", Side.RIGHT).column("bytes", Side.RIGHT);
    for (TraceSummary.RequestTotal total : totals) {
      table.row().cell(total.target()).cell(word(total.action()));
      table.cell(Figures.count(total.requests())).cell(Figures.bytes(total.bytes()));
    }
    if (!totals.isEmpty()) {
      print(table);
    }
  }

  private void print(TextTable table) {
    console.out().println();
    console.out().print(table.text(console.colour(), console.columns(), 2));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** On stderr: the first few broken lines, how many there are, and an end that is missing. */
  private void broken(ReadTrace trace) {
    TraceReading reading = trace.reading();
    console.out().flush();
    reading.problems().forEach(problem -> console.error(trace.file() + ":" + problem));
    if (reading.broken() > 0) {
      console.error(
          trace.file()
              + ": "
              + Figures.count(reading.broken())
              + " of "
              + Figures.count(reading.lines())
              + (reading.lines() == 1 ? " line" : " lines")
              + " could not be read and "
              + (reading.broken() == 1 ? "is" : "are")
              + " left out");
    }
    reading.missingEnd().ifPresent(end -> console.error(trace.file() + ": " + end));
  }
}
