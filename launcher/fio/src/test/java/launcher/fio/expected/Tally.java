package launcher.fio.expected;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts how many of the things compared agree, by kind. */
final class Tally {
  private final String name;
  private final Map<String, int[]> counts = new LinkedHashMap<>();
  private final List<String> differences = new ArrayList<>();
  private int lines;
  private int agreeingLines;
  private int excludedLines;
  private boolean agrees;

  Tally(String name) {
    this.name = name;
  }

  void beginLine() {
    lines++;
    agrees = true;
  }

  void endLine() {
    agreeingLines += agrees ? 1 : 0;
  }

  /** Counts a line of which some verdict depends on the host it was made on. */
  void excludedInPart() {
    excludedLines++;
  }

  /** A comparison that decides whether the line agrees. */
  void compare(String kind, String where, Object expected, Object actual) {
    boolean equal = expected.equals(actual);
    note(kind, equal);
    agrees &= equal;
    if (!equal) {
      differences.add(where + ": " + kind + "\n  expected " + expected + "\n  actual   " + actual);
    }
  }

  /** A comparison that is counted only. */
  void note(String kind, boolean equal) {
    int[] count = counts.computeIfAbsent(kind, key -> new int[2]);
    count[0] += equal ? 1 : 0;
    count[1]++;
  }

  int differing() {
    return lines - agreeingLines;
  }

  String report() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s: %d of %d lines agree (%d of them excluded in part)%n",
            name, agreeingLines, lines, excludedLines));
    counts.forEach(
        (kind, count) -> text.append(String.format("  %s: %d of %d%n", kind, count[0], count[1])));
    differences.forEach(difference -> text.append(difference).append(System.lineSeparator()));
    return text.toString();
  }
}
