package launcher.trace.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import launcher.trace.NameTable;
import launcher.trace.TraceFormat;
import launcher.trace.TraceVisitor;
import launcher.trace.UnreadableTraceException;

/** Who reads what. */
final class Formats {
  private Formats() {}

  /**
   * The records of a file.
   *
   * @param name of the file, for messages
   * @param head its first bytes, which the stream has too
   */
  static RecordSource open(
      String name,
      TraceFormat format,
      byte[] head,
      InputStream in,
      NameTable names,
      TraceVisitor visitor)
      throws IOException {
    return switch (format) {
      case BLKTRACE -> new BlktraceSource(new BinaryInput(in), names, visitor);
      case VSCSI -> {
        int version = BinaryGuess.vscsiVersion(head);
        int used = version == 0 ? 1 : version;
        yield new FixedSource(new BinaryInput(in), names, visitor, format, used);
      }
      case ORACLE_GENERAL, KEYS_BE32 ->
          new FixedSource(new BinaryInput(in), names, visitor, format, 0);
      case CSV -> {
        TableHeader header = TableHeader.of(firstLine(head));
        if (!header.fault().isEmpty()) {
          throw new UnreadableTraceException(
              name + ":1: as a table with a line of names: " + header.fault());
        }
        TableParser parser = new TableParser(names, visitor, header.layout(), true);
        yield new LineSource(new LineInput(in), parser);
      }
      default -> {
        boolean headed = TableHeader.of(firstLine(head)).isHeader();
        yield new LineSource(new LineInput(in), lines(format, headed, names, visitor));
      }
    };
  }

  private static String firstLine(byte[] head) {
    int end = 0;
    while (end < head.length && head[end] != '\n') {
      end++;
    }
    return new String(head, 0, end, StandardCharsets.UTF_8).trim();
  }

  /**
   * The parser of a format of lines, all but CSV.
   *
   * @param headed whether the first line of a table names its columns
   */
  static LineParser lines(
      TraceFormat format, boolean headed, NameTable names, TraceVisitor visitor) {
    return switch (format) {
      case FTRACE -> new FtraceParser(names, visitor);
      case BLKPARSE -> new BlkparseParser(names, visitor);
      case IOLOG_V2 -> new IologParser(names, visitor, false);
      case IOLOG_V3 -> new IologParser(names, visitor, true);
      case LIBCACHESIM -> new TableParser(names, visitor, TableLayout.LIBCACHESIM, headed);
      case MSR -> new TableParser(names, visitor, TableLayout.MSR, headed);
      case ALIBABA -> new TableParser(names, visitor, TableLayout.ALIBABA, headed);
      case TENCENT -> new TableParser(names, visitor, TableLayout.TENCENT, headed);
      case SPC -> new TableParser(names, visitor, TableLayout.SPC, headed);
      case CYDONIA_BLOCK -> new TableParser(names, visitor, TableLayout.CYDONIA_BLOCK, headed);
      case CYDONIA_CACHE -> new CydoniaCacheParser(names, visitor);
      case DISKSIM -> new TableParser(names, visitor, TableLayout.DISKSIM, false);
      case REQUESTS -> new TableParser(names, visitor, TableLayout.REQUESTS, false);
      case ARC -> new TableParser(names, visitor, TableLayout.ARC, false);
      case LIRS, KEYS -> new TableParser(names, visitor, TableLayout.KEYS, false);
      case CSV, BLKTRACE, VSCSI, ORACLE_GENERAL, KEYS_BE32 ->
          throw new IllegalStateException(format.id() + " needs more than its lines");
    };
  }
}
