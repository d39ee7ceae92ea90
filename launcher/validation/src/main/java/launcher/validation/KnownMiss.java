package launcher.validation;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Figures that are known to be off, and why.
 *
 * @param patterns of their names; {@code *} stands for anything
 * @param because the reason
 * @param where file and line
 */
public record KnownMiss(List<String> patterns, String because, String where) {
  /** Copies the patterns. */
  public KnownMiss {
    patterns = List.copyOf(patterns);
  }

  /** Whether it is about a figure. */
  public boolean isAbout(Figure figure) {
    return patterns.stream().anyMatch(pattern -> matches(pattern, figure.name()));
  }

  /** Whether a name fits a pattern in which {@code *} stands for anything. */
  public static boolean matches(String pattern, String name) {
    StringBuilder regex = new StringBuilder();
    for (String part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return name.matches(regex.toString());
  }
}
