package launcher.calibration.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import launcher.calibration.CalibrationException;
import launcher.calibration.Direction;

/**
 * JSON of fio, as {@code --output-format=json} or {@code json+} writes it: completion latencies of
 * direct I/O, of which the kernel's share is taken off.
 */
public final class FioInput {
  /** The name of the device, which fio's output does not tell. */
  private static final String DEVICE = "fio";

  static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.95, 0.99, 0.999);

  /** Engines that have one I/O at a time, whose latency holds the submission. */
  private static final Set<String> SYNC =
      Set.of("sync", "psync", "vsync", "pvsync", "pvsync2", "mmap");

  /** One direction of one job. */
  private record Measured(
      SweepRow.Cell cell, boolean sync, long ios, long iops, List<Long> latenciesNs) {}

  private final List<Measured> measured = new ArrayList<>();

  /** Whether a file's text is fio's JSON. */
  static boolean isFio(String text) {
    return text.contains("\"fio version\"") && text.contains("\"jobs\"");
  }

  boolean isEmpty() {
    return measured.isEmpty();
  }

  /** Reads a file. */
  public void add(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    JsonNode root;
    try {
      // Warnings stand before it if fio wrote it by --output.
      root = new ObjectMapper().readTree(text.substring(Math.max(0, text.indexOf('{'))));
    } catch (JsonProcessingException e) {
      throw new CalibrationException(
          file + ":" + e.getLocation().getLineNr() + ": is no JSON: " + e.getOriginalMessage());
    }
    for (JsonNode job : root.path("jobs")) {
      for (Direction op : Direction.values()) {
        if (job.path(op.word()).path("total_ios").asLong() > 0) {
          measured.add(measured(file, root, job, op));
        }
      }
    }
  }

  private static Measured measured(Path file, JsonNode root, JsonNode job, Direction op)
      throws CalibrationException {
    String where = file + ": job '" + job.path("jobname").asText() + "': ";
    if (!option(root, job, "direct", "0").equals("1")) {
      throw new CalibrationException(
          where + "direct is not 1; buffered I/O tells the page cache, not the device");
    }
    String size = option(root, job, "bs", "4k");
    if (!option(root, job, "bssplit", "").isEmpty() || !size.matches("[0-9]+[kKmM]?")) {
      throw new CalibrationException(
          where + "bs is '" + size + "'; a latency tells something of one size only");
    }
    boolean sync = SYNC.contains(option(root, job, "ioengine", "psync"));
    int jobs = Integer.parseInt(option(root, job, "numjobs", "1"));
    int depth = sync ? jobs : jobs * Integer.parseInt(option(root, job, "iodepth", "1"));
    JsonNode direction = job.path(op.word());
    List<Long> latencies = new ArrayList<>();
    for (double quantile : QUANTILES) {
      String key = String.format(java.util.Locale.ROOT, "%f", 100 * quantile);
      JsonNode value = direction.path("clat_ns").path("percentile").path(key);
      if (value.isMissingNode()) {
        throw new CalibrationException(
            where + "has no " + key + "th percentile of clat; run it with clat_percentiles=1");
      }
      latencies.add(value.asLong());
    }
    boolean sequential = !option(root, job, "rw", "read").contains("rand");
    return new Measured(
        new SweepRow.Cell(op, sequential, SweepFile.sizeBytes(size), depth, ""),
        sync,
        direction.path("total_ios").asLong(),
        Math.round(direction.path("iops").asDouble()),
        latencies);
  }

  private static String option(JsonNode root, JsonNode job, String name, String absent) {
    JsonNode own = job.path("job options").path(name);
    JsonNode value = own.isMissingNode() ? root.path("global options").path(name) : own;
    return value.isMissingNode() ? absent : value.asText();
  }

  /**
   * What was measured, as a sweep has it.
   *
   * @param share of a program's latency that is not between a request's issue and completion
   */
  List<SweepRow> rows(MachineShare share) {
    List<SweepRow> rows = new ArrayList<>();
    for (Measured one : measured) {
      long aroundNs = share.completionNs() + (one.sync() ? share.issueNs() : 0);
      rows.add(
          new SweepRow(
              0,
              DEVICE,
              one.cell(),
              0,
              0,
              one.iops(),
              one.ios(),
              -1,
              -1,
              one.latenciesNs().stream().map(ns -> Math.max(0, ns - aroundNs)).toList(),
              0,
              0));
    }
    return rows;
  }
}
