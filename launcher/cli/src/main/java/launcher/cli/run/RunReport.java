package launcher.cli.run;

import java.util.List;
import launcher.cli.Console;
import launcher.report.Figures;
import launcher.report.RunText;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioFacts;

/** Prints a run for people. */
public final class RunReport {
  private final Console console;

  /** A report on this console's stdout. */
  public RunReport(Console console) {
    this.console = console;
  }

  /** What was run, its figures, what a reader has to know, what was expected, what is wrong. */
  public void print(FinishedRun run) {
    Scenario scenario = run.scenario();
    console.out().println(scenario.name() + ": " + ScenarioFacts.line(scenario));
    if (!scenario.description().isEmpty()) {
      console.out().println("  " + scenario.description());
    }
    console.out().println("  " + String.join(", ", scenario.policies().values()));
    if (run.isPartial()) {
      console.out().println(console.bad("  partial: " + ended(run)));
    }
    console.out().println();
    console.out().print(RunText.of(run.summary(), console.colour(), console.columns()));
    printNotes(run.notes());
    printVerdicts(run.verdicts());
    printFailures(run);
  }

  private static String ended(FinishedRun run) {
    return "ended at " + Figures.time(run.outcome().endNs()) + " of virtual time, jobs unfinished";
  }

  private void printNotes(List<String> notes) {
    if (!notes.isEmpty()) {
      console.out().println();
      notes.forEach(note -> console.out().println("note: " + note));
    }
  }

  private void printVerdicts(List<Verdict> verdicts) {
    if (verdicts.isEmpty()) {
      return;
    }
    TextTable table = new TextTable().column("expected", Side.LEFT).column("", Side.LEFT);
    table.column("is", Side.LEFT).column("", Side.LEFT);
    for (Verdict verdict : verdicts) {
      table.row().cell(verdict.name()).cell(verdict.expectation().condition());
      table.cell(verdict.figureText()).cell(verdict.holds() ? "holds" : "FAILED");
    }
    console.out().println();
    console.out().print(table.text(console.colour()));
  }

  /** On stderr: each thing that is wrong. */
  public void printFailures(FinishedRun run) {
    console.out().flush();
    run.failures().forEach(console::error);
  }

  /** On stderr, for those who want no table: what is wrong, and whether it is all. */
  void printFailuresOnly(FinishedRun run) {
    printFailures(run);
    if (run.isPartial()) {
      console.error(run.scenario().name() + ": partial: " + ended(run));
    }
  }
}
