package launcher.fio;

import java.util.List;

/**
 * An option that job files may have.
 *
 * @param name canonical
 * @param aliases other names
 * @param values words it takes; empty if it takes anything else
 * @param defaultText as one would write it; empty if there is none
 * @param engines those that have it; empty for an option of every job
 * @param treatment what a simulation makes of it, unless it has its default
 * @param harmless values with which a refused option changes nothing, beside its default
 * @param why for ignored and refused options
 */
public record FioOption(
    String name,
    List<String> aliases,
    List<String> values,
    String defaultText,
    List<String> engines,
    OptionTreatment treatment,
    List<String> harmless,
    String why) {
  /** Copies the lists. */
  public FioOption {
    aliases = List.copyOf(aliases);
    values = List.copyOf(values);
    engines = List.copyOf(engines);
    harmless = List.copyOf(harmless);
  }
}
