package launcher.cli.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.DidYouMean;

/** The runs of a shell by their names, and the one that commands are about. */
final class Simulations implements AutoCloseable {
  /** Each has a thread and a machine of its own. */
  private static final int COUNT_MAX = 32;

  private final Map<String, LiveSimulation> byName = new LinkedHashMap<>();
  private LiveSimulation selected;
  private boolean closed;

  /**
   * Adds a run, which is selected from then on.
   *
   * @throws IllegalArgumentException if its name is taken, or there are too many; it is ended then
   */
  synchronized void add(LiveSimulation simulation) {
    String wrong = whyNot(simulation.name());
    if (!wrong.isEmpty()) {
      simulation.close();
      throw new IllegalArgumentException(wrong);
    }
    byName.put(simulation.name(), simulation);
    selected = simulation;
  }

  private String whyNot(String name) {
    if (closed) {
      return "the shell is being left; no run can be begun";
    }
    if (byName.containsKey(name)) {
      return "there is a run '" + name + "' already; choose another name";
    }
    if (byName.size() == COUNT_MAX) {
      return "there are " + COUNT_MAX + " runs already; leave the shell and begin anew";
    }
    return "";
  }

  /** The one that commands are about. */
  synchronized LiveSimulation selected() {
    return selected;
  }

  /**
   * Makes commands be about another run.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  synchronized LiveSimulation select(String name) {
    selected = named(name);
    return selected;
  }

  /**
   * The run of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  synchronized LiveSimulation named(String name) {
    LiveSimulation simulation = byName.get(name);
    if (simulation == null) {
      throw new IllegalArgumentException(
          "no run '" + name + "'" + DidYouMean.lines(name, byName.keySet()));
    }
    return simulation;
  }

  /** All of them, in the order in which they were begun. */
  synchronized List<LiveSimulation> all() {
    return new ArrayList<>(byName.values());
  }

  /** Ends all that are not over, and begins no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    all().forEach(simulation -> simulation.mailbox().stop());
    all().forEach(LiveSimulation::close);
  }
}
