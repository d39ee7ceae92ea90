package launcher.validation;

import java.util.List;
import java.util.Optional;

/**
 * Runs, what was measured for them, and what is known to be off.
 *
 * @param name short name
 * @param source where it was published or measured
 * @param kernel which one was measured
 * @param description what it shows
 * @param file where it was read from
 * @param runs in the order of the file
 * @param figures in the order of the file
 * @param knownMisses in the order of the file
 */
public record Validation(
    String name,
    String source,
    String kernel,
    String description,
    String file,
    List<ValidationRun> runs,
    List<Figure> figures,
    List<KnownMiss> knownMisses) {
  /** Copies the lists. */
  public Validation {
    runs = List.copyOf(runs);
    figures = List.copyOf(figures);
    knownMisses = List.copyOf(knownMisses);
  }

  /** What is said about a figure that is off. */
  public Optional<KnownMiss> knownMiss(Figure figure) {
    return knownMisses.stream().filter(miss -> miss.isAbout(figure)).findFirst();
  }
}
