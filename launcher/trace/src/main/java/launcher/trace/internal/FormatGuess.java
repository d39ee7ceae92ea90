package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import launcher.trace.NameTable;
import launcher.trace.TraceFormat;
import launcher.trace.TraceVisitor;
import launcher.trace.UnreadableTraceException;
import launcher.trace.internal.LineParser.Outcome;

/** Finds out what a file is from its first bytes. */
final class FormatGuess {
  private static final TraceVisitor NOBODY = new TraceVisitor() {};
  private static final int LINES = 400;

  /** In the order in which they are tried; the first with the most records is it. */
  private static final TraceFormat[] OF_LINES = {
    TraceFormat.FTRACE,
    TraceFormat.BLKPARSE,
    TraceFormat.LIBCACHESIM,
    TraceFormat.MSR,
    TraceFormat.ALIBABA,
    TraceFormat.TENCENT,
    TraceFormat.CYDONIA_BLOCK,
    TraceFormat.CYDONIA_CACHE,
    TraceFormat.SPC,
    TraceFormat.DISKSIM,
    TraceFormat.REQUESTS,
    TraceFormat.ARC,
    TraceFormat.KEYS,
  };

  private final String name;
  private final byte[] head;

  FormatGuess(String name, byte[] head) {
    this.name = name;
    this.head = head;
  }

  TraceFormat format() throws UnreadableTraceException {
    if (head.length == 0) {
      throw refused("is empty");
    }
    if (isBinary()) {
      return BinaryGuess.format(head)
          .orElseThrow(
              () ->
                  refused(
                      "is binary and nothing in it says what; --format keys-be32, vscsi or"
                          + " oracle-general says it"));
    }
    String text = new String(head, StandardCharsets.UTF_8);
    String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("").trim();
    if (first.isEmpty()) {
      throw refused("holds nothing but spaces");
    }
    if (first.startsWith("fio version ")) {
      return iolog(first);
    }
    refuseOthers(first, text);
    TableHeader header = TableHeader.of(first);
    boolean headed = header.isHeader();
    Optional<TraceFormat> best = best(headed);
    if (best.isPresent()) {
      return best.get();
    }
    if (headed) {
      return TraceFormat.CSV;
    }
    throw refused(
        "is none of the traces that are known ("
            + TraceFormat.ids()
            + "); it begins: "
            + first.substring(0, Math.min(first.length(), 80)));
  }

  private UnreadableTraceException refused(String why) {
    return new UnreadableTraceException(name + ": " + why);
  }

  private boolean isBinary() {
    for (byte each : head) {
      if (each >= 0 && each < ' ' && each != '\n' && each != '\r' && each != '\t') {
        return true;
      }
    }
    return false;
  }

  private TraceFormat iolog(String first) throws UnreadableTraceException {
    if (first.startsWith("fio version 2 iolog")) {
      return TraceFormat.IOLOG_V2;
    }
    if (first.startsWith("fio version 3 iolog")) {
      return TraceFormat.IOLOG_V3;
    }
    throw refused("\"" + first + "\": fio reads versions 2 and 3; record it anew (write_iolog=)");
  }

  /** Formats that are known and not read, each with what to do. */
  private void refuseOthers(String first, String text) throws UnreadableTraceException {
    if (first.startsWith("#Input file:") || text.contains("blktrace.merged")) {
      throw refused(
          "is the table of blktrace_merge, a line a completed request: give the blkparse text"
              + " that it was made from");
    }
    boolean objects = first.matches("\\d+,[^,]+,\\d+,\\d+,[^,]*,(get|gets|set|add|delete|incr).*");
    if (objects || first.startsWith("key,op,") || first.startsWith("op_time,key,")) {
      throw refused(
          "is a trace of an object cache (Twitter, CacheLib): keys and values are no blocks or"
              + " files; a block trace is needed");
    }
    if (first.startsWith("{") || first.startsWith("[")) {
      throw refused("is JSON or a job file, not a trace; deferlab run takes job files");
    }
    BlkparseParser blkparse = new BlkparseParser(new NameTable(), NOBODY);
    if (records(blkparse) == 0 && blkparse.headed() > 0) {
      throw refused("is blkparse's text in a layout of its own (-f); print it anew without -f");
    }
  }

  private Optional<TraceFormat> best(boolean headed) {
    TraceFormat best = null;
    int most = 0;
    for (TraceFormat format : OF_LINES) {
      int records = records(Formats.lines(format, headed, new NameTable(), NOBODY));
      if (records > most) {
        best = format;
        most = records;
      }
    }
    if (best == TraceFormat.KEYS && new String(head, StandardCharsets.UTF_8).contains("*")) {
      best = TraceFormat.LIRS;
    }
    // With names in its first line a table is what the names say, if nobody's own order fits.
    boolean generic = headed && best != TraceFormat.LIBCACHESIM && best != TraceFormat.MSR;
    return generic ? Optional.empty() : Optional.ofNullable(best);
  }

  /** How many of the first lines are records; the last line may be cut and does not count. */
  private int records(LineParser parser) {
    Cursor line = new Cursor();
    int records = 0;
    int start = 0;
    int number = 0;
    for (int i = 0; i <= head.length && number < LINES; i++) {
      boolean ends =
          i == head.length ? number == 0 || head.length < TraceStream.HEAD_BYTES : head[i] == '\n';
      if (ends && i > start) {
        int end = head[i - 1] == '\r' ? i - 1 : i;
        line.set(head, start, end);
        records += parser.line(line, ++number) == Outcome.RECORD ? 1 : 0;
      }
      start = ends ? i + 1 : start;
    }
    return records;
  }
}
