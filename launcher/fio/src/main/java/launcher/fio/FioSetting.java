package launcher.fio;

import java.util.List;
import java.util.Optional;

/**
 * One option line of a section, in the order fio handles them.
 *
 * @param name its canonical name
 * @param value the text after {@code =}, variables replaced; empty if there is no {@code =}
 * @param stored numbers read from it, in order; none for words and text
 * @param accepted whether fio takes it
 * @param position where it stands
 */
public record FioSetting(
    String name,
    Optional<String> value,
    List<StoredValue> stored,
    boolean accepted,
    FioPosition position) {
  /** Copies the list. */
  public FioSetting {
    stored = List.copyOf(stored);
  }
}
