package launcher.fio.internal;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import launcher.fio.FioPosition;

/** The lines of a job file, the way fio's line buffer sees them. */
final class JobText {
  /** fio reads this many bytes at a time; what is left of a longer line counts as the next one. */
  private static final int CHUNK_BYTES = 8_191;

  private JobText() {}

  /**
   * A line that is neither empty nor a comment, its comment and the blanks around it cut off.
   *
   * @param text never empty
   * @param position of the line in its file
   */
  record Line(String text, FioPosition position) {}

  static List<Line> lines(byte[] bytes, String file) {
    List<Line> lines = new ArrayList<>();
    int number = 1;
    int start = 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && end - start < CHUNK_BYTES && bytes[end] != '\n') {
        end++;
      }
      String text = cut(new String(bytes, start, end - start, StandardCharsets.UTF_8));
      if (!text.isEmpty()) {
        lines.add(new Line(text, new FioPosition(file, number)));
      }
      boolean whole = end < bytes.length && bytes[end] == '\n';
      start = whole ? end + 1 : end;
      number += whole ? 1 : 0;
    }
    return lines;
  }

  private static String cut(String line) {
    int start = 0;
    while (start < line.length() && isBlank(line.charAt(start))) {
      start++;
    }
    int end = line.length();
    int semicolon = line.indexOf(';', start);
    end = semicolon >= 0 ? semicolon : end;
    int hash = line.indexOf('#', start);
    end = hash >= 0 && hash < end ? hash : end;
    while (end > start && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || c == 0x7f;
  }
}
