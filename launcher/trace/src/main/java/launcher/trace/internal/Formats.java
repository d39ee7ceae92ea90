package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.TraceFormat;
import launcher.trace.TraceVisitor;

/** Who reads what. */
final class Formats {
  private Formats() {}

  /** The parser of a format of lines. */
  static LineParser lines(TraceFormat format, NameTable names, TraceVisitor visitor) {
    return switch (format) {
      case FTRACE -> new FtraceParser(names, visitor);
      default -> throw new IllegalStateException(format.id() + " is not read by lines");
    };
  }
}
