package launcher.fio.internal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import launcher.fio.FioFiles;

/** Buffer patterns: texts, files, numbers and {@code %o}, one after the other. */
final class PatternGrammar {
  private static final Pattern ITEM =
      Pattern.compile(
          "\"(?<text>[^\"]+)\"|'(?<file>[^']+)'|%o|0[xX][0-9a-fA-F]+|[+-]?\\d+|[ \\t]+");

  private PatternGrammar() {}

  static boolean accepts(String text, FioFiles files) {
    if (text == null || text.isEmpty()) {
      return false;
    }
    Matcher matcher = ITEM.matcher(text);
    while (matcher.lookingAt()) {
      String file = matcher.group("file");
      if (file != null && files.read(file).isEmpty()) {
        return false;
      }
      if (matcher.end() == text.length()) {
        return true;
      }
      matcher.region(matcher.end(), text.length());
    }
    return false;
  }
}
