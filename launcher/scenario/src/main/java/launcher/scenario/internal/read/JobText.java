package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import launcher.scenario.tree.Origin;

/** A job file that is being made up, and where each of its lines comes from. */
final class JobText {
  private final StringBuilder text = new StringBuilder();
  private final List<Origin> lines = new ArrayList<>();

  void add(Origin origin, String line) {
    text.append(line).append('\n');
    lines.add(origin);
  }

  String text() {
    return text.toString();
  }

  /** Where a line comes from; that of the nearest line if the number is not one of them. */
  Origin origin(int line) {
    return lines.get(Math.max(0, Math.min(line, lines.size()) - 1));
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** The text of a file, unchanged; {@code firstLine}: where it begins in another one. */
  static JobText of(String text, String file, OptionalInt firstLine) {
    JobText made = new JobText();
    int number = firstLine.orElse(1);
    for (String line : text.split("\n", -1)) {
      made.add(new Origin(file + ":" + number), line);
      number++;
    }
    return made;
  }
}
