package launcher.scenario;

import java.util.Collection;
import launcher.scenario.tree.Suggestion;

/** What follows a message about a name that nothing has. */
public final class DidYouMean {
  private DidYouMean() {}

  /**
   * Lines with what there is and, if one is near, the name that was meant; each begins with a line
   * feed.
   */
  public static String lines(String name, Collection<String> names) {
    return names.isEmpty() ? "" : "\n  " + String.join("\n  ", Suggestion.lines(name, names));
  }
}
