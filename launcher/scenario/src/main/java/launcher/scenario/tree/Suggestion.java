package launcher.scenario.tree;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds the word that somebody may have meant. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest of the words, if one is near: at most a third of its letters differ. */
  public static Optional<String> nearest(String word, Collection<String> words) {
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : words) {
      int distance = distance(word, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    boolean near = best != null && bestDistance <= Math.max(1, best.length() / 3);
    return near ? Optional.of(best) : Optional.empty();
  }

  /** The lines that follow a message about an unknown word. */
  public static String[] lines(String word, Collection<String> words) {
    List<String> lines = new ArrayList<>();
    lines.add("known: " + String.join(", ", words));
    nearest(word, words).ifPresent(near -> lines.add("did you mean '" + near + "'?"));
    return lines.toArray(new String[0]);
  }

  /** Edits from one word to the other, a swap of neighbours counted as one. */
  static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        edits[i][j] = i == 0 ? j : j == 0 ? i : cheapest(a, b, edits, i, j);
      }
    }
    return edits[a.length()][b.length()];
  }

  private static int cheapest(String a, String b, int[][] edits, int i, int j) {
    int change = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(change, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, edits[i - 2][j - 2] + 1) : best;
  }
}
