package launcher.fio;

import java.util.List;

/**
 * A section as far as fio looks at it.
 *
 * @param name between the brackets
 * @param global whether it sets defaults rather than defines a job
 * @param position of its header
 * @param settings known options, in the order fio handles them
 */
public record FioSection(
    String name, boolean global, FioPosition position, List<FioSetting> settings) {
  /** Copies the list. */
  public FioSection {
    settings = List.copyOf(settings);
  }
}
