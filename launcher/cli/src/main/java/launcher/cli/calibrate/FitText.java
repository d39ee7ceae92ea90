package launcher.cli.calibrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import launcher.calibration.Calibration;
import launcher.calibration.CellFit;
import launcher.calibration.FittedValue;
import launcher.cli.Console;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;

/** A calibration for people: what was fitted, how well, and what can't be told. */
final class FitText {
  /** What names a value: its key. */
  private static final int KEY_COLUMNS = 1;

  /** What names a cell: command, size and depth. */
  private static final int CELL_COLUMNS = 3;

  private final Console console;

  FitText(Console console) {
    this.console = console;
  }

  String of(Calibration calibration) {
    StringBuilder text = new StringBuilder();
    calibration.inputs().forEach(input -> text.append(input).append('\n'));
    values(text, calibration.values());
    calibration.device().ifPresent(fit -> cells(text, fit.cells()));
    list(text, "Notes", calibration.notes());
    list(text, "Can't be told", calibration.refusals());
    return text.toString();
  }

  private void values(StringBuilder text, List<FittedValue> values) {
    if (values.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable()
            .column("key", Side.LEFT)
            .column("value", Side.LEFT)
            .column("from", Side.LEFT)
            .column("fit", Side.LEFT);
    for (FittedValue value : values) {
      table
          .row()
          .cell(value.section() + "." + value.key())
          .cell(value.value())
          .cell(value.source())
          .cell(value.fit());
    }
    text.append('\n').append(table.text(console.colour(), console.columns(), KEY_COLUMNS));
  }

  private void cells(StringBuilder text, List<CellFit> cells) {
    TextTable table =
        new TextTable()
            .column("command", Side.LEFT)
            .column("size", Side.RIGHT)
            .column("depth", Side.RIGHT)
            .column("n", Side.RIGHT)
            .column(Side.RIGHT, "p50", "measured")
            .column(Side.RIGHT, "table", "error")
            .column(Side.RIGHT, "held out", "error")
            .column(Side.RIGHT, "p99", "measured")
            .column(Side.RIGHT, "table", "error");
    for (CellFit cell : cells) {
      table
          .row()
          .cell(command(cell))
          .cell(cell.sizeBytes() / 1024 + " KiB")
          .cell(Integer.toString(cell.depth()))
          .cell(Long.toString(cell.count()))
          .cell(us(cell.medianNs()))
          .cell(error(cell.tableMedianNs(), cell.medianNs()))
          .cell(cell.heldOutMedianNs() == 0 ? "" : error(cell.heldOutMedianNs(), cell.medianNs()))
          .cell(us(cell.p99Ns()))
          .cell(error(cell.tableP99Ns(), cell.p99Ns()));
    }
    text.append('\n')
        .append(table.text(console.colour(), console.columns(), CELL_COLUMNS))
        .append('\n');
    summary(text, "fitted, p50", only(cells, true), CellFit::tableMedianNs, CellFit::medianNs);
    summary(text, "fitted, p99", only(cells, true), CellFit::tableP99Ns, CellFit::p99Ns);
    List<CellFit> inside = cells.stream().filter(cell -> cell.heldOutMedianNs() > 0).toList();
    summary(text, "held out, p50", inside, CellFit::heldOutMedianNs, CellFit::medianNs);
    summary(text, "not fitted, p50", only(cells, false), CellFit::tableMedianNs, CellFit::medianNs);
    summary(text, "not fitted, p99", only(cells, false), CellFit::tableP99Ns, CellFit::p99Ns);
  }

  /** The simulated sweep beside the measured one. */
  String of(List<SimulatedSweep.Cell> cells) {
    TextTable table =
        new TextTable()
            .column("command", Side.LEFT)
            .column("size", Side.RIGHT)
            .column("depth", Side.RIGHT)
            .column("n", Side.RIGHT)
            .column(Side.RIGHT, "p50", "measured")
            .column(Side.RIGHT, "simu-", "lated")
            .column("error", Side.RIGHT)
            .column(Side.RIGHT, "p99", "measured")
            .column(Side.RIGHT, "simu-", "lated")
            .column("error", Side.RIGHT)
            .column(Side.RIGHT, "a second", "measured")
            .column(Side.RIGHT, "simu-", "lated")
            .column("error", Side.RIGHT);
    List<Double> medians = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (SimulatedSweep.Cell cell : cells) {
      CellFit fit = cell.measured();
      long medianNs = fit.medianNs() + fit.machineNs();
      long p99Ns = fit.p99Ns() + fit.machineNs();
      table
          .row()
          .cell(command(fit))
          .cell(fit.sizeBytes() / 1024 + " KiB")
          .cell(Integer.toString(fit.depth()))
          .cell(Integer.toString(cell.count()))
          .cell(us(medianNs))
          .cell(us(cell.medianNs()))
          .cell(error(cell.medianNs(), medianNs))
          .cell(us(p99Ns))
          .cell(us(cell.p99Ns()))
          .cell(error(cell.p99Ns(), p99Ns));
      medians.add(100 * Math.abs(cell.medianNs() - medianNs) / (double) medianNs);
      if (fit.iops() > 0) {
        table
            .cell(Long.toString(fit.iops()))
            .cell(Long.toString(Math.round(cell.iops())))
            .cell(error(cell.iops(), fit.iops()));
        rates.add(100 * Math.abs(cell.iops() - fit.iops()) / fit.iops());
      }
    }
    StringBuilder text = new StringBuilder("\nThe sweep, simulated on this machine:\n");
    text.append(table.text(console.colour(), console.columns(), CELL_COLUMNS)).append('\n');
    summary(text, "simulated, p50", medians);
    summary(text, "simulated rate", rates);
    return text.toString();
  }

  private static List<CellFit> only(List<CellFit> cells, boolean fitted) {
    return cells.stream().filter(cell -> cell.fitted() == fitted).toList();
  }

  private static String command(CellFit cell) {
    String op = cell.op().word();
    return cell.fitted() ? op : op + (cell.sequential() ? ", sequential" : "") + ", not fitted";
  }

  private static void summary(
      StringBuilder text,
      String what,
      List<CellFit> cells,
      ToLongFunction<CellFit> table,
      ToLongFunction<CellFit> measured) {
    if (cells.isEmpty()) {
      return;
    }
    List<Double> errors = new ArrayList<>();
    for (CellFit cell : cells) {
      double of = measured.applyAsLong(cell);
      errors.add(100 * Math.abs(table.applyAsLong(cell) - of) / of);
    }
    summary(text, what, errors);
  }

  private static void summary(StringBuilder text, String what, List<Double> errors) {
    if (errors.isEmpty()) {
      return;
    }
    Collections.sort(errors);
    text.append(
        String.format(
            Locale.ROOT,
            "%-16s error of %d %s: median %.1f %%, largest %.1f %%%n",
            what + ":",
            errors.size(),
            errors.size() == 1 ? "cell" : "cells",
            errors.get(errors.size() / 2),
            errors.get(errors.size() - 1)));
  }

  private static void list(StringBuilder text, String title, List<String> lines) {
    if (!lines.isEmpty()) {
      text.append('\n').append(title).append(":\n");
      lines.forEach(line -> text.append("  ").append(line).append('\n'));
    }
  }

  private static String us(long ns) {
    return String.format(Locale.ROOT, "%.1f us", ns / 1e3);
  }

  private static String error(double value, double measured) {
    return String.format(Locale.ROOT, "%+.1f %%", 100 * (value - measured) / measured);
  }
}
