package launcher.scenario;

import java.util.List;

/**
 * Something wrong with an input.
 *
 * @param where {@code file:line:column}, or the option that it came from
 * @param key the key concerned, with the keys above it ({@code machine.hz}); empty if it is the
 *     whole file
 * @param what the value and what would be right
 * @param details further lines: what exists, and the likeliest remedy
 */
public record Problem(String where, String key, String what, List<String> details) {
  /** Copies the details. */
  public Problem {
    details = List.copyOf(details);
  }

  /** A problem without further lines. */
  public Problem(String where, String key, String what) {
    this(where, key, what, List.of());
  }

  /** As it is printed; further lines are indented. */
  public String text() {
    StringBuilder text = new StringBuilder(where);
    if (!key.isEmpty()) {
      text.append(": ").append(key);
    }
    text.append(": ").append(what);
    for (String detail : details) {
      text.append("\n  ").append(detail);
    }
    return text.toString();
  }
}
