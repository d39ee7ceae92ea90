package launcher.trace.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import launcher.trace.internal.LineParser.Outcome;

/** The records of a format of lines. */
final class LineSource implements RecordSource {
  private static final int TEXT_MAX = 120;

  private final LineInput lines;
  private final LineParser parser;
  private final Cursor cursor = new Cursor();
  private int start;
  private boolean tooLong;

  LineSource(LineInput lines, LineParser parser) {
    this.lines = lines;
    this.parser = parser;
  }

  @Override
  public Outcome next(long number) throws IOException {
    if (!lines.next(cursor)) {
      return null;
    }
    start = cursor.at;
    tooLong = lines.tooLong();
    return tooLong ? Outcome.BROKEN : parser.line(cursor, number);
  }

  @Override
  public String fault() {
    return tooLong ? "is longer than " + LineInput.LINE_BYTES_MAX + " bytes" : parser.fault();
  }

  @Override
  public String text() {
    int length = Math.min(cursor.end - start, TEXT_MAX);
    StringBuilder text = new StringBuilder(TEXT_MAX);
    new String(cursor.bytes, start, length, StandardCharsets.UTF_8)
        .codePoints()
        .forEach(c -> text.appendCodePoint(Character.isISOControl(c) && c != '\t' ? '?' : c));
    return text.toString();
  }

  @Override
  public long lostEvents() {
    return parser.lostEvents();
  }

  @Override
  public String cutShort() {
    return lines.cutShort();
  }
}
