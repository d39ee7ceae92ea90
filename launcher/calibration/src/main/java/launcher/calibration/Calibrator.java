package launcher.calibration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.calibration.internal.InputKind;
import launcher.calibration.internal.SweepInput;

/** Takes measurements of one machine, file by file, and fits. */
public final class Calibrator {
  private final Optional<String> device;
  private final List<String> inputs = new ArrayList<>();
  private final List<FittedValue> stated = new ArrayList<>();
  private final SweepInput sweep;

  /**
   * Nothing read so far.
   *
   * @param device the one to fit, of files that have several; as the file names it
   */
  public Calibrator(Optional<String> device) {
    this.device = device;
    sweep = new SweepInput(device);
  }

  /**
   * Reads a file.
   *
   * @throws CalibrationException if it is none of what is known, or if something is wrong with it
   */
  public void add(Path file) throws IOException {
    InputKind kind = InputKind.of(file);
    switch (kind) {
      case SWEEP -> sweep.add(file);
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
    List<String> notes = new ArrayList<>();
    Optional<DeviceFit> fitted = sweep.fit(values, refusals, notes);
    for (Direction op : List.of(Direction.READ, Direction.WRITE)) {
      boolean has =
          fitted
              .map(fit -> op == Direction.READ ? fit.reads() : fit.writes())
              .filter(Optional::isPresent)
              .isPresent();
      if (!has) {
        refusals.add(
            "no %s was measured, so they stay at the model's latency and rates"
                .formatted(op == Direction.READ ? "reads" : "writes"));
      }
    }
    return new Calibration(inputs, fitted, values, refusals, notes);
  }
}
