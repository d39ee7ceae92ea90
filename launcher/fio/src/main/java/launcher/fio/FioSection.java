package launcher.fio;

import java.util.List;

/**
 * A section as far as fio looks at it.
 *
 * @param name between the brackets
 * @param global whether it sets defaults rather than defines a job
 * @param position of its header
 * @param settings known options, in the order fio handles them: those of every job, then those of
 *     the engine
 * @param commonCount how many of them are options of every job
 * @param engineDefaults what fio stores for the engine's options before it reads the first of them;
 *     empty if none is read here, or if an earlier section did so
 */
public record FioSection(
    String name,
    boolean global,
    FioPosition position,
    List<FioSetting> settings,
    int commonCount,
    List<FioSetting> engineDefaults) {
  /** Copies the lists. */
  public FioSection {
    settings = List.copyOf(settings);
    engineDefaults = List.copyOf(engineDefaults);
  }
}
