package launcher.scenario.internal.read;

import block.bio.device.DeviceProfile;
import block.bio.device.LatencyTable;
import block.bio.device.MeasuredLatency;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.scenario.Quantity;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.TreeNode;

/** Reads {@code device.latency-table}, which {@code deferlab calibrate} writes. */
final class LatencyTableReader {
  static final String KEY = "latency-table";
  private static final String QUANTILES = "quantiles";
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private LatencyTableReader() {}

  /** The device with the tables that its section has. */
  static DeviceProfile read(Section device, DeviceProfile profile) {
    Optional<Section> found = device.section(KEY);
    if (found.isEmpty()) {
      return profile;
    }
    Section section = found.get();
    section.require(QUANTILES, "say what the latencies are: [50 %, 99 %]");
    List<Double> quantiles = quantiles(section);
    Optional<LatencyTable> reads = table(section, "read", quantiles);
    Optional<LatencyTable> writes = table(section, "write", quantiles);
    section.refuseUnknown();
    DeviceProfile measured = reads.map(profile::withReads).orElse(profile);
    return writes.map(measured::withWrites).orElse(measured);
  }

  private static List<Double> quantiles(Section section) {
    List<Double> quantiles = new ArrayList<>();
    for (String text : section.texts(QUANTILES)) {
      try {
        quantiles.add(Quantity.parse(text, Unit.PERCENT).value().divide(HUNDRED).doubleValue());
      } catch (IllegalArgumentException e) {
        section.wrong(QUANTILES, e.getMessage());
      }
    }
    return quantiles;
  }

  private static Optional<LatencyTable> table(
      Section section, String direction, List<Double> quantiles) {
    List<MeasuredLatency> rows = new ArrayList<>();
    List<TreeNode> items = section.items(direction);
    for (TreeNode item : items) {
      section
          .inner(item, section.pathOf(direction))
          .flatMap(LatencyTableReader::row)
          .ifPresent(rows::add);
    }
    // What is wrong with a row or with the quantiles has been told.
    if (items.isEmpty() || rows.size() < items.size() || quantiles.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(LatencyTable.of(quantiles, rows));
    } catch (IllegalArgumentException e) {
      section.wrong(direction, e.getMessage());
      return Optional.empty();
    }
  }

  private static Optional<MeasuredLatency> row(Section row) {
    row.require("size", "say how large the commands were: 4 KiB");
    row.require("depth", "say how many commands the device had: 1");
    row.require("latency", "give a time for each of the quantiles: [40 us, 90 us]");
    long size = row.number("size", Unit.BYTES, 1, 1L << 30).orElse(0);
    long depth = row.number("depth", Unit.COUNT, 1, MeasuredLatency.DEPTH_MAX).orElse(0);
    List<Long> latencies = new ArrayList<>();
    for (String text : row.texts("latency")) {
      try {
        latencies.add(Quantity.parse(text, Unit.NANOSECONDS).toLong());
      } catch (IllegalArgumentException e) {
        row.wrong("latency", e.getMessage());
      }
    }
    row.refuseUnknown();
    if (size == 0 || depth == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(new MeasuredLatency((int) size, (int) depth, latencies));
    } catch (IllegalArgumentException e) {
      row.wrong("latency", e.getMessage());
      return Optional.empty();
    }
  }
}
