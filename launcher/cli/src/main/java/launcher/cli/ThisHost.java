package launcher.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine that the program runs on, as fio sees it. */
final class ThisHost {
  /** What a scenario has without a word on it; for systems that do not tell theirs. */
  private static final long USUAL_BYTES = 4L << 30;

  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal: +(\\d+) kB$");

  private ThisHost() {}

  /** All of its memory, whatever share of it a container has; 4 GiB where it is no Linux. */
  static long memoryBytes() {
    try {
      Matcher total = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
      return total.find() ? Long.parseLong(total.group(1)) << 10 : USUAL_BYTES;
    } catch (IOException e) {
      return USUAL_BYTES;
    }
  }
}
