package launcher.cli.catalogue;

import java.util.ArrayList;
import java.util.List;

/** Breaks prose into lines. */
public final class Words {
  private Words() {}

  /** At least one line, none longer than {@code width} unless a word is. */
  public static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
