package launcher.calibration;

import block.bio.device.LatencyTable;
import block.bio.device.MeasuredLatency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import launcher.calibration.internal.Quantities;

/** A calibration as a file that a scenario names by its key {@code calibration}. */
public final class MachineFile {
  private final StringBuilder text = new StringBuilder();

  private MachineFile() {}

  /**
   * The file's text.
   *
   * @param command what was typed, for whoever wants to repeat it
   */
  public static String text(Calibration calibration, String command) {
    MachineFile file = new MachineFile();
    file.comment("A measured machine. Written by: " + command);
    calibration.inputs().forEach(file::comment);
    calibration.notes().forEach(file::comment);
    file.section(calibration, "machine");
    file.section(calibration, "device");
    return file.text.toString();
  }

  private void comment(String line) {
    text.append("# ").append(line).append('\n');
  }

  private void section(Calibration calibration, String section) {
    List<FittedValue> values =
        calibration.values().stream().filter(value -> value.section().equals(section)).toList();
    Optional<DeviceFit> device = calibration.device().filter(fit -> section.equals("device"));
    if (values.isEmpty() && device.isEmpty()) {
      return;
    }
    text.append('\n').append(section).append(":\n");
    for (FittedValue value : values) {
      String fit = value.fit().isEmpty() ? "" : "; " + value.fit();
      text.append("  # ").append(value.source()).append(fit).append('\n');
      text.append("  ").append(value.key()).append(": ").append(value.value()).append('\n');
    }
    device.ifPresent(this::tables);
  }

  private void tables(DeviceFit fit) {
    LatencyTable any = fit.reads().or(fit::writes).orElseThrow();
    text.append("  # from issue to completion\n  latency-table:\n");
    text.append("    quantiles: [")
        .append(any.quantiles().stream().map(Quantities::percent).collect(Collectors.joining(", ")))
        .append("]\n");
    fit.reads().ifPresent(table -> rows("read", table));
    fit.writes().ifPresent(table -> rows("write", table));
  }

  private void rows(String direction, LatencyTable table) {
    text.append("    ").append(direction).append(":\n");
    for (MeasuredLatency row : table.rows()) {
      text.append("    - {size: ")
          .append(Quantities.size(row.sizeBytes()))
          .append(", depth: ")
          .append(row.depth())
          .append(", latency: [")
          .append(
              row.quantilesNs().stream().map(Quantities::time).collect(Collectors.joining(", ")))
          .append("]}\n");
    }
  }
}
