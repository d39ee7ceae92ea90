package launcher.scenario;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown when an input can't be used; has everything that is wrong with it, not just the first. */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * Refuses an input.
   *
   * @param problems at least one, in the order of the input
   */
  public ScenarioException(List<Problem> problems) {
    super(problems.stream().map(Problem::text).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the input. */
  public List<Problem> problems() {
    return problems;
  }
}
