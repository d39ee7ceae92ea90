package launcher.cli.calibrate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.calibration.Calibration;
import launcher.calibration.CellFit;
import launcher.calibration.DeviceFit;
import launcher.calibration.FittedValue;

/** A calibration for programs. */
final class FitJson {
  private FitJson() {}

  static String of(Calibration calibration) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("inputs", calibration.inputs());
    root.put("values", calibration.values().stream().map(FitJson::node).toList());
    root.put(
        "cells",
        calibration.device().map(DeviceFit::cells).orElse(List.of()).stream()
            .map(FitJson::node)
            .toList());
    root.put("notes", calibration.notes());
    root.put("refusals", calibration.refusals());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }

  private static Map<String, Object> node(FittedValue value) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("key", value.section() + "." + value.key());
    node.put("value", value.value());
    node.put("source", value.source());
    node.put("fit", value.fit());
    return node;
  }

  private static Map<String, Object> node(CellFit cell) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("op", cell.op().word());
    node.put("sequential", cell.sequential());
    node.put("size_bytes", cell.sizeBytes());
    node.put("depth", cell.depth());
    node.put("n", cell.count());
    node.put("fitted", cell.fitted());
    node.put("p50_ns", cell.medianNs());
    node.put("p99_ns", cell.p99Ns());
    node.put("table_p50_ns", cell.tableMedianNs());
    node.put("table_p99_ns", cell.tableP99Ns());
    node.put("held_out_p50_ns", cell.heldOutMedianNs() == 0 ? null : cell.heldOutMedianNs());
    return node;
  }
}
