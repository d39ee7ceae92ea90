package launcher.calibration.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.calibration.CalibrationException;
import launcher.calibration.Direction;

/**
 * A table of a device's latencies, a line for each operation, size and depth, columns named in the
 * first line. {@code op}, {@code bs}, {@code qd}, {@code rq_n} and quantiles {@code rq_p50_us}, …
 * have to be there.
 */
final class SweepFile {
  private static final Pattern QUANTILE = Pattern.compile("rq_p([0-9]+(?:\\.[0-9]+)?)_us");
  private static final Pattern SIZE = Pattern.compile("([0-9]+)([kKmM]?)");
  private static final Map<String, Direction> OPS =
      Map.of(
          "read", Direction.READ,
          "randread", Direction.READ,
          "write", Direction.WRITE,
          "randwrite", Direction.WRITE);

  private final Path file;
  private final Map<String, Integer> columns = new LinkedHashMap<>();

  /** Columns by quantile, as a share. */
  private final TreeMap<Double, String> quantiles = new TreeMap<>();

  private final List<SweepRow> rows = new ArrayList<>();

  private SweepFile(Path file) {
    this.file = file;
  }

  /** Whether a first line names the columns of such a table. */
  static boolean isHeader(String line) {
    List<String> names = List.of(line.strip().split(",", -1));
    return names.containsAll(List.of("op", "bs", "qd", "rq_n"));
  }

  /** Reads a file, strictly. */
  static SweepFile read(Path file) throws IOException {
    SweepFile sweep = new SweepFile(file);
    List<String> lines = Files.readAllLines(file);
    sweep.readHeader(lines.get(0));
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        sweep.readRow(i + 1, lines.get(i).split(",", -1));
      }
    }
    return sweep;
  }

  List<SweepRow> rows() {
    return rows;
  }

  /** What the latencies of a row are quantiles of, rising. */
  List<Double> quantiles() {
    return List.copyOf(quantiles.keySet());
  }

  private void readHeader(String line) throws CalibrationException {
    for (String name : line.strip().split(",", -1)) {
      columns.put(name, columns.size());
      Matcher quantile = QUANTILE.matcher(name);
      if (quantile.matches()) {
        quantiles.put(Double.parseDouble(quantile.group(1)) / 100, name);
      }
    }
    if (!quantiles.containsKey(0.5) || !quantiles.containsKey(0.99)) {
      throw wrong(1, "has no columns rq_p50_us and rq_p99_us, from issue to completion");
    }
  }

  private void readRow(int line, String[] fields) throws CalibrationException {
    if (fields.length != columns.size()) {
      throw wrong(line, "has " + fields.length + " fields; line 1 names " + columns.size());
    }
    if (field(fields, "rq_n").isEmpty() || number(line, fields, "rq_n", 0) == 0) {
      return;
    }
    List<Long> latencies = new ArrayList<>();
    long last = 0;
    for (String column : quantiles.values()) {
      last = Math.max(last, nanoseconds(line, fields, column));
      latencies.add(last);
    }
    rows.add(
        new SweepRow(
            line,
            field(fields, "device"),
            cell(line, fields),
            number(line, fields, "foreign_cpu_share", 0),
            (long) number(line, fields, "ios", 0),
            Math.round(number(line, fields, "iops", 0)),
            (long) number(line, fields, "rq_n", 0),
            (long) number(line, fields, "reissues", -1),
            number(line, fields, "inflight_mean", -1),
            latencies,
            (long) number(line, fields, "flush_n", 0),
            nanoseconds(line, fields, "flush_p50_us")));
  }

  private SweepRow.Cell cell(int line, String[] fields) throws CalibrationException {
    String op = field(fields, "op");
    if (!OPS.containsKey(op)) {
      throw wrong(line, "op is '" + op + "'; it must be read, write, randread or randwrite");
    }
    int depth = (int) number(line, fields, "qd", 0);
    if (depth < 1) {
      throw wrong(line, "qd is '" + field(fields, "qd") + "'; it must be at least 1");
    }
    return new SweepRow.Cell(
        OPS.get(op), !op.startsWith("rand"), sizeBytes(line, fields), depth, field(fields, "sync"));
  }

  private int sizeBytes(int line, String[] fields) throws CalibrationException {
    String text = field(fields, "bs");
    if (!SIZE.matcher(text).matches()) {
      throw wrong(line, "bs is '" + text + "'; it must be as 4k or 1m");
    }
    return sizeBytes(text);
  }

  /** A size as fio writes it: {@code 4k}. */
  static int sizeBytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no size");
    }
    int shift =
        switch (size.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 10;
          case "m" -> 20;
          default -> 0;
        };
    return Integer.parseInt(size.group(1)) << shift;
  }

  private long nanoseconds(int line, String[] fields, String column) throws CalibrationException {
    return Math.round(number(line, fields, column, 0) * 1_000);
  }

  private double number(int line, String[] fields, String column, double absent)
      throws CalibrationException {
    String text = field(fields, column);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(line, column + " is '" + text + "'; it must be a number");
    }
  }

  /** Empty if there is no such column. */
  private String field(String[] fields, String column) {
    Integer at = columns.get(column);
    return at == null ? "" : fields[at].strip();
  }

  private CalibrationException wrong(int line, String what) {
    return new CalibrationException(file + ":" + line + ": " + what);
  }
}
