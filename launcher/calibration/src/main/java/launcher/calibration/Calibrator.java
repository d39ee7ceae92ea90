package launcher.calibration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.calibration.internal.CostFit;
import launcher.calibration.internal.InputKind;
import launcher.calibration.internal.MachineShare;
import launcher.calibration.internal.SweepInput;
import launcher.calibration.internal.TraceInput;
import launcher.trace.ReadProgress;
import sim.kernel.machine.Cost;

/** Takes measurements of one machine, file by file, and fits. */
public final class Calibrator {
  private final Optional<String> device;
  private final List<String> inputs = new ArrayList<>();
  private final List<FittedValue> stated = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private final SweepInput sweep;
  private final TraceInput traces = new TraceInput();
  private final ReadProgress progress;

  /**
   * Nothing read so far.
   *
   * @param device the one to fit, of files that have several; as the file names it
   * @param progress told how far a trace is read
   */
  public Calibrator(Optional<String> device, ReadProgress progress) {
    this.device = device;
    this.progress = progress;
    sweep = new SweepInput(device);
  }

  /**
   * Reads a file.
   *
   * @throws CalibrationException if it is none of what is known, or if something is wrong with it
   */
  public void add(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new CalibrationException(file + ": is a folder; name the files in it");
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new CalibrationException(
          file + ": is a pipe or a device, and a file is read more than once: save it first");
    }
    InputKind kind = InputKind.of(file);
    switch (kind) {
      case SWEEP -> sweep.add(file);
      case FIO -> sweep.addFio(file);
      case TRACE -> faults.addAll(traces.add(file, progress).stream().toList());
      case UNKNOWN ->
          throw new CalibrationException(
              file + ": is no trace, no JSON of fio and no sweep; see docs/traces.md");
    }
    inputs.add(file.getFileName() + ": " + kind.meaning());
  }

  /**
   * States a key that no measurement tells, such as the number of CPUs.
   *
   * @param key with its section: {@code machine.cpus}
   */
  public void state(String key, String value) throws CalibrationException {
    int dot = key.indexOf('.');
    String section = dot < 0 ? "" : key.substring(0, dot);
    if (!section.equals("machine") && !section.equals("device")) {
      throw new CalibrationException(
          "--set " + key + ": must begin with 'machine.' or 'device.', for example device.model");
    }
    stated.add(new FittedValue(section, key.substring(dot + 1), value, "stated", ""));
  }

  /** Fits to all that was read. */
  public Calibration fit() throws CalibrationException {
    List<FittedValue> values = new ArrayList<>(stated);
    List<String> refusals = new ArrayList<>();
    List<String> notes = new ArrayList<>(faults);
    Map<Cost, Long> costs = CostFit.of(traces, device, values, refusals, notes);
    Optional<DeviceFit> fitted = sweep.fit(MachineShare.of(costs), traces, values, refusals, notes);
    for (Direction op : List.of(Direction.READ, Direction.WRITE)) {
      boolean has =
          fitted
              .map(fit -> op == Direction.READ ? fit.reads() : fit.writes())
              .filter(Optional::isPresent)
              .isPresent();
      if (!has) {
        refusals.add(
            "no %s were measured, so they stay at the model's latency and rates"
                .formatted(op == Direction.READ ? "reads" : "writes"));
      }
    }
    return new Calibration(inputs, fitted, values, refusals, notes);
  }
}
