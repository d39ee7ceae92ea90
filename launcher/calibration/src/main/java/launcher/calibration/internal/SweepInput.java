package launcher.calibration.internal;

import block.bio.device.LatencyTable;
import block.bio.device.MeasuredLatency;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import launcher.calibration.CalibrationException;
import launcher.calibration.CellFit;
import launcher.calibration.DeviceFit;
import launcher.calibration.Direction;
import launcher.calibration.FittedValue;

/** Sweeps of a device, and the fit of its latencies to them. */
public final class SweepInput {
  /** Requests of one size and depth that make a cell. */
  private static final int TRACED_MIN = 100;

  private static final String TRACED = "traced";

  private final Optional<String> wanted;
  private final List<SweepRow> rows = new ArrayList<>();
  private final FioInput fio = new FioInput();
  private final TreeSet<String> devices = new TreeSet<>();
  private List<Double> quantiles = List.of();

  /**
   * Nothing read so far.
   *
   * @param wanted the device, of files that have several
   */
  public SweepInput(Optional<String> wanted) {
    this.wanted = wanted;
  }

  /** Reads fio's output. */
  public void addFio(Path file) throws IOException {
    fio.add(file);
  }

  private void addTracedIfEmpty(TraceInput traces) throws CalibrationException {
    if (!rows.isEmpty() || !fio.isEmpty()) {
      return;
    }
    List<String> traced = traces.deviceNumbers();
    if (wanted.isPresent() && !traced.isEmpty() && !traced.contains(wanted.get())) {
      throw noDevice(wanted.get(), traced);
    }
    traces.busiest(wanted).ifPresent(device -> addTraced(device, wanted.orElse(TRACED)));
  }

  private void addTraced(RequestFold device, String name) {
    device
        .latencies()
        .forEach(
            (cell, samples) -> {
              if (samples.count() >= TRACED_MIN && cell.depth() <= MeasuredLatency.DEPTH_MAX) {
                rows.add(
                    new SweepRow(
                        0,
                        name,
                        new SweepRow.Cell(cell.op(), false, cell.sizeBytes(), cell.depth(), ""),
                        0,
                        0,
                        0,
                        samples.count(),
                        -1,
                        -1,
                        FioInput.QUANTILES.stream().map(samples::quantile).toList(),
                        0,
                        0));
              }
            });
    if (!rows.isEmpty()) {
      quantiles = FioInput.QUANTILES;
      devices.add(name);
    }
  }

  /** Reads a sweep. */
  public void add(Path file) throws IOException {
    SweepFile sweep = SweepFile.read(file);
    if (!quantiles.isEmpty() && !quantiles.equals(sweep.quantiles())) {
      throw new CalibrationException(
          file + ":1: has other quantiles than the sweep before; calibrate with one of them");
    }
    quantiles = sweep.quantiles();
    sweep.rows().forEach(row -> devices.add(row.device()));
    rows.addAll(sweep.rows());
  }

  /**
   * The device's latencies, if there are any; adds what else the sweeps tell.
   *
   * @param share what the machine itself takes of the latencies
   * @param traces whose requests are taken if neither a sweep nor fio's output was read
   */
  public Optional<DeviceFit> fit(
      MachineShare share,
      TraceInput traces,
      List<FittedValue> values,
      List<String> refusals,
      List<String> notes)
      throws CalibrationException {
    addFioRows(share);
    boolean swept = !rows.isEmpty();
    addTracedIfEmpty(traces);
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    String device = device();
    List<SweepRow> own = rows.stream().filter(row -> row.device().equals(device)).toList();
    boolean drained = new DrainedQueue(own).interrupts().equals("drained");
    SweepCells cells = new SweepCells(own, share, drained);
    if (drained) {
      notes.add(
          "commands end together, so a depth's latency is the last one's, which is issued "
              + Quantities.time(share.kickNs())
              + " and "
              + Quantities.time(share.issueNs())
              + " a command after the first");
    }
    notes.add(
        Quantities.time(share.requestNs())
            + " of each latency are the machine's own, from block_rq_issue to block_rq_complete,"
            + " and are not the device's");
    cells
        .leftOut()
        .forEach(
            (reason, count) ->
                notes.add(count + (count == 1 ? " cell" : " cells") + " left out: " + reason));
    if (cells.noisyRounds() > 0) {
      notes.add(cells.noisyRounds() + " rounds left out: other programs had 10 % of the CPUs");
    }
    addInterrupts(own, values, refusals);
    addFlush(cells, values, refusals);
    addScope(cells.cells(), refusals);
    List<CellFit> fits = new ArrayList<>();
    Optional<LatencyTable> reads = fit(Direction.READ, cells.cells(), fits);
    Optional<LatencyTable> writes = fit(Direction.WRITE, cells.cells(), fits);
    if (swept) {
      reads.ifPresent(table -> addSegments(table, traces, values, refusals));
    }
    return Optional.of(new DeviceFit(reads, writes, fits));
  }

  private void addFioRows(MachineShare share) throws CalibrationException {
    List<SweepRow> measured = fio.rows(share);
    if (measured.isEmpty()) {
      return;
    }
    if (!quantiles.isEmpty() && !quantiles.equals(FioInput.QUANTILES)) {
      throw new CalibrationException(
          "fio's percentiles are not those of the sweep; calibrate with one of them");
    }
    quantiles = FioInput.QUANTILES;
    measured.forEach(row -> devices.add(row.device()));
    rows.addAll(measured);
  }

  private static void addScope(List<MeasuredCell> cells, List<String> refusals) {
    for (Direction op : Direction.values()) {
      List<MeasuredCell> own = cells.stream().filter(cell -> cell.op() == op).toList();
      if (own.stream().mapToInt(MeasuredCell::depth).max().orElse(2) == 1) {
        refusals.add(
            op.word() + "s were measured at depth 1 only, so several at once share its rate");
      }
      if (own.stream().mapToInt(MeasuredCell::sizeBytes).distinct().count() == 1) {
        refusals.add(
            op.word() + "s were measured at one size only, so larger ones take its bytes' time");
      }
    }
  }

  private static CalibrationException noDevice(String name, Collection<String> there) {
    return new CalibrationException(
        "--device " + name + ": there is no such device; there are: " + String.join(", ", there));
  }

  private String device() throws CalibrationException {
    if (wanted.isPresent() && !devices.contains(wanted.get())) {
      throw noDevice(wanted.get(), devices);
    }
    if (wanted.isEmpty() && devices.size() > 1) {
      throw new CalibrationException(
          "several devices: " + String.join(", ", devices) + "; choose by --device");
    }
    return wanted.orElseGet(devices::first);
  }

  private static void addInterrupts(
      List<SweepRow> own, List<FittedValue> values, List<String> refusals) {
    DrainedQueue drained = new DrainedQueue(own);
    if (drained.interrupts().isEmpty()) {
      refusals.add(
          "no column inflight_mean that tells whether commands end together or one by one, so"
              + " 'interrupts' stays at the model's");
      return;
    }
    boolean together = drained.interrupts().equals("drained");
    values.add(
        new FittedValue(
            "device",
            "interrupts",
            drained.interrupts(),
            "commands in flight at an issue, depth 4 and more: "
                + (together ? "(depth + 1) / 2" : "depth"),
            (together ? drained.together() : drained.oneByOne())
                + " of "
                + drained.cells()
                + " cells"));
  }

  /**
   * Direct I/O of a sweep has its pages where they happen to lie, one by one; what is left of a
   * page's time without that is what its bytes take in larger pieces.
   */
  private void addSegments(
      LatencyTable reads, TraceInput traces, List<FittedValue> values, List<String> refusals) {
    Optional<BusyFold> busy =
        traces.busy(wanted).filter(device -> device.count() >= BusyFold.COUNT_MIN);
    double sweepNs = reads.byteNs();
    if (busy.isEmpty() || sweepNs <= 0) {
      refusals.add(
          "no trace of reads with the page frames of their folios beside a sweep of several sizes,"
              + " so 'read-segment' stays at the model's");
      return;
    }
    double byteNs = busy.get().byteNs(0, 1).orElse(sweepNs);
    values.add(
        new FittedValue(
            "device",
            "read-segment",
            Math.round(100 * spared(byteNs, sweepNs)) + " %",
            String.format(
                Locale.ROOT,
                "a KiB takes %.3f us of %d times that the device read, by least squares beside"
                    + " times, commands and pieces of memory; %.3f us in the sweep's largest reads,"
                    + " page by page",
                byteNs * 1024 / 1e3,
                busy.get().count(),
                sweepNs * 1024 / 1e3),
            String.format(
                Locale.ROOT,
                "%.0f %% and %.0f %% by half of them",
                100 * spared(busy.get().byteNs(0, 2).orElse(sweepNs), sweepNs),
                100 * spared(busy.get().byteNs(1, 2).orElse(sweepNs), sweepNs))));
  }

  private static double spared(double byteNs, double sweepNs) {
    return Math.max(0, Math.min(1, 1 - byteNs / sweepNs));
  }

  private static void addFlush(SweepCells cells, List<FittedValue> values, List<String> refusals) {
    if (cells.flushes() == 0) {
      refusals.add("no FLUSH was measured, so 'flush-latency' stays at the model's");
      return;
    }
    values.add(
        new FittedValue(
            "device",
            "flush-latency",
            Quantities.time(cells.flushMedianNs()),
            "median of " + cells.flushes() + " FLUSHes",
            ""));
  }

  /** The table of one direction: of its random commands, or of all if there are none. */
  private Optional<LatencyTable> fit(Direction op, List<MeasuredCell> all, List<CellFit> fits) {
    List<MeasuredCell> cells = all.stream().filter(cell -> cell.op() == op).toList();
    boolean random = cells.stream().anyMatch(cell -> !cell.sequential());
    List<MeasuredCell> used = cells.stream().filter(cell -> cell.sequential() != random).toList();
    Optional<LatencyTable> table = TableFit.of(quantiles, used);
    for (MeasuredCell cell : cells) {
      boolean fitted = used.contains(cell);
      long heldOutNs = 0;
      if (fitted && TableFit.isInside(cell, used)) {
        List<MeasuredCell> others = used.stream().filter(other -> other != cell).toList();
        heldOutNs =
            TableFit.of(quantiles, others)
                .orElseThrow()
                .latencyNs(cell.sizeBytes(), cell.depth(), 0.5);
      }
      fits.add(
          new CellFit(
              op,
              cell.sequential(),
              cell.sizeBytes(),
              cell.depth(),
              cell.count(),
              fitted,
              cell.machineNs(),
              cell.quantilesNs().get(quantiles.indexOf(0.5)),
              cell.quantilesNs().get(quantiles.indexOf(0.99)),
              table.orElseThrow().latencyNs(cell.sizeBytes(), cell.depth(), 0.5),
              table.orElseThrow().latencyNs(cell.sizeBytes(), cell.depth(), 0.99),
              cell.iops(),
              heldOutNs));
    }
    return table;
  }
}
