package launcher.trace.internal;

import java.util.Locale;
import launcher.trace.internal.TableLayout.Clock;
import launcher.trace.internal.TableLayout.OpCode;

/**
 * Finds the columns of a table by the names in its first line. A column whose unit is not told by
 * its name is refused, not guessed; columns that are not known are left out.
 */
final class TableHeader {
  private int time = -1;
  private Clock clock = Clock.NANOS;
  private int op = -1;
  private int offset = -1;
  private long offsetUnit = 1;
  private int size = -1;
  private long sizeUnit = 1;
  private int target = -1;
  private String fault = "";
  private final int columns;

  private TableHeader(String[] names) {
    columns = names.length;
    for (int i = 0; i < names.length; i++) {
      column(names[i].trim().toLowerCase(Locale.ROOT), i);
    }
    if (fault.isEmpty()) {
      if (offset < 0) {
        fault = "no column offset_bytes, sector or lba";
      } else if (size < 0) {
        fault = "no column size_bytes or sectors";
      } else if (op < 0) {
        fault = "no column op";
      }
    }
  }

  /** Reads a first line. */
  static TableHeader of(String line) {
    return new TableHeader(line.split(",", -1));
  }

  /** Why the table cannot be read by its header; empty if it can. */
  String fault() {
    return fault;
  }

  /** Whether at least two names are known: then it is a header, good or not. */
  boolean isHeader() {
    int known = 0;
    for (int column : new int[] {time, op, offset, size, target}) {
      known += column >= 0 ? 1 : 0;
    }
    return known >= 2;
  }

  TableLayout layout() {
    return new TableLayout(
        true,
        columns,
        columns,
        time,
        clock,
        op,
        OpCode.WORDS,
        offset,
        offsetUnit,
        size,
        sizeUnit,
        target);
  }

  private void column(String name, int index) {
    switch (name) {
      case "time_s", "timestamp_s", "seconds" -> time(index, Clock.SECONDS);
      case "time_ms", "timestamp_ms" -> time(index, Clock.MILLIS);
      case "time_us", "timestamp_us", "ts_us", "usec" -> time(index, Clock.MICROS);
      case "time_ns", "timestamp_ns" -> time(index, Clock.NANOS);
      case "time", "timestamp" -> {
        time(index, Clock.NANOS);
        fault = name + " has no unit: call it time_s, time_ms, time_us or time_ns";
      }
      case "op", "type", "rw", "opcode", "operation" -> op = index;
      case "offset", "offset_bytes" -> offset = index;
      case "sector", "lba", "lbn" -> {
        offset = index;
        offsetUnit = TableLayout.SECTOR;
      }
      case "size", "size_bytes", "bytes", "length" -> size = index;
      case "sectors" -> {
        size = index;
        sizeUnit = TableLayout.SECTOR;
      }
      case "device", "file", "volume", "disk", "target" -> target = index;
      default -> {}
    }
  }

  private void time(int index, Clock of) {
    time = index;
    clock = of;
  }
}
