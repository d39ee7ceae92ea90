package launcher.scenario.tree;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;

/** Collects what is wrong with an input, so that all of it can be told at once. */
public final class Problems {
  private final List<Problem> problems = new ArrayList<>();

  /** Adds a problem; further lines say what exists and what may be meant. */
  public void add(Origin origin, String key, String what, String... details) {
    add(new Problem(origin.text(), key, what, List.of(details)));
  }

  /** Adds a problem. */
  public void add(Problem problem) {
    problems.add(problem);
  }

  /** Whether nothing is wrong so far. */
  public boolean isEmpty() {
    return problems.isEmpty();
  }

  /** What is wrong so far. */
  public List<Problem> list() {
    return List.copyOf(problems);
  }

  /** Goes on only if nothing is wrong. */
  public void throwIfAny() throws ScenarioException {
    if (!problems.isEmpty()) {
      throw new ScenarioException(problems);
    }
  }
}
