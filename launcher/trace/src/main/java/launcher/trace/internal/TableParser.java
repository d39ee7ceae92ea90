package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.IoAction;
import launcher.trace.internal.TableLayout.Clock;

/** Reads tables of requests, a line a request. */
final class TableParser implements LineParser {
  private static final long FILETIME_OF_1970 = 116_444_736_000_000_000L;
  private static final int COLUMNS_MAX = 64;

  private final NameTable names;
  private final TraceVisitor visitor;
  private final RequestView request;
  private final TableLayout layout;
  private final boolean headed;
  private final int[] starts = new int[COLUMNS_MAX];
  private final int[] ends = new int[COLUMNS_MAX];
  private final Cursor field = new Cursor();
  private String fault = "";

  /**
   * A parser of one layout.
   *
   * @param headed whether the first line names the columns
   */
  TableParser(NameTable names, TraceVisitor visitor, TableLayout layout, boolean headed) {
    this.names = names;
    this.visitor = visitor;
    this.layout = layout;
    this.headed = headed;
    request = new RequestView(names);
  }

  @Override
  public String fault() {
    return fault;
  }

  private Outcome broken(String reason) {
    fault = reason;
    return Outcome.BROKEN;
  }

  @Override
  public Outcome line(Cursor line, long number) {
    line.skipSpaces();
    if (line.atEnd() || line.peek() == '#' || number == 1 && headed) {
      return Outcome.OTHER;
    }
    request.clear(number);
    if (line.peek() == '*' && layout == TableLayout.KEYS) {
      return mark();
    }
    int columns = layout.comma() ? byCommas(line) : bySpaces(line);
    if (columns < layout.atLeast() || columns > layout.atMost()) {
      return broken("has " + columns + " columns, not " + expected());
    }
    if (layout.time() >= 0 && !time()) {
      return broken("its time is no number");
    }
    if (!operation()) {
      return broken("its operation is none");
    }
    request.offsetBytes = product(layout.offset(), layout.offsetUnit());
    request.lengthBytes =
        layout.size() < 0 ? layout.sizeUnit() : product(layout.size(), layout.sizeUnit());
    if (request.offsetBytes < 0 || request.lengthBytes < 0) {
      return broken("its offset or its size is no number");
    }
    if (layout.target() >= 0) {
      request.targetId = names.id(line.bytes, starts[layout.target()], ends[layout.target()]);
    }
    visitor.request(request);
    return Outcome.RECORD;
  }

  private Outcome mark() {
    request.action = IoAction.MARK;
    visitor.request(request);
    return Outcome.OTHER;
  }

  private String expected() {
    return layout.atLeast() == layout.atMost()
        ? Integer.toString(layout.atLeast())
        : "from " + layout.atLeast() + " to " + layout.atMost();
  }

  private int byCommas(Cursor line) {
    int columns = 0;
    int start = line.at;
    for (int i = line.at; i <= line.end && columns < COLUMNS_MAX; i++) {
      if (i == line.end || line.bytes[i] == ',') {
        trimmed(line.bytes, columns++, start, i);
        start = i + 1;
      }
    }
    return columns;
  }

  private void trimmed(byte[] bytes, int column, int from, int to) {
    int start = from;
    int end = to;
    while (start < end && bytes[start] == ' ') {
      start++;
    }
    while (end > start && bytes[end - 1] == ' ') {
      end--;
    }
    starts[column] = start;
    ends[column] = end;
    field.bytes = bytes;
  }

  private int bySpaces(Cursor line) {
    int columns = 0;
    while (!line.atEnd() && columns < COLUMNS_MAX) {
      starts[columns] = line.at;
      line.skipWord();
      ends[columns++] = line.at;
      line.skipSpaces();
    }
    field.bytes = line.bytes;
    return columns;
  }

  private boolean time() {
    field.set(field.bytes, starts[layout.time()], ends[layout.time()]);
    long whole = field.count();
    long unit = layout.clock().ns;
    long ns = 0;
    if (field.take('.')) {
      unit = layout.clock() == Clock.NANOS_OR_MILLIS ? 1_000_000 : unit;
      double scale = unit;
      for (; !field.atEnd() && field.peek() >= '0' && field.peek() <= '9'; field.at++) {
        scale /= 10;
        ns += Math.round(scale * (field.peek() - '0'));
      }
    }
    if (layout.clock() == Clock.FILETIME) {
      whole -= FILETIME_OF_1970;
    }
    request.timeNs = whole * unit + ns;
    return field.ok && field.atEnd() && Math.abs(whole) <= Long.MAX_VALUE / unit - 1;
  }

  private boolean operation() {
    if (layout.op() < 0) {
      request.action = IoAction.REFERENCE;
      return true;
    }
    field.set(field.bytes, starts[layout.op()], ends[layout.op()]);
    IoAction action =
        switch (layout.code()) {
          case WORDS -> word(field);
          case ZERO_READS -> bit(field, '0', '1');
          case ONE_READS -> bit(field, '1', '0');
          case SCSI -> scsi((int) field.hex());
          case NONE -> IoAction.REFERENCE;
        };
    request.action = action;
    return action != null && field.ok;
  }

  /** r, R, Read, READ; w; d, t for discards; a digit is none. */
  private static IoAction word(Cursor field) {
    int length = field.end - field.at;
    boolean letters = length <= 1 || Character.isLetter(field.bytes[field.at + 1]);
    if (!letters) {
      return null;
    }
    return switch (field.peek()) {
      case 'r', 'R' -> IoAction.READ;
      case 'w', 'W' -> IoAction.WRITE;
      case 'd', 'D', 't', 'T' -> IoAction.TRIM;
      default -> null;
    };
  }

  private static IoAction bit(Cursor field, char reads, char writes) {
    if (field.end - field.at != 1) {
      return null;
    }
    return field.peek() == reads ? IoAction.READ : field.peek() == writes ? IoAction.WRITE : null;
  }

  /** READ(6), (10), (12), (16) and WRITE of the same; null for other commands. */
  static IoAction scsi(int code) {
    return switch (code) {
      case 0x08, 0x28, 0xa8, 0x88 -> IoAction.READ;
      case 0x0a, 0x2a, 0xaa, 0x8a -> IoAction.WRITE;
      default -> null;
    };
  }

  /** A column's number times its unit; negative if it is none or does not fit. */
  private long product(int column, long unit) {
    field.set(field.bytes, starts[column], ends[column]);
    long number = field.count();
    return field.ok && field.atEnd() && number <= Long.MAX_VALUE / unit ? number * unit : -1;
  }
}
