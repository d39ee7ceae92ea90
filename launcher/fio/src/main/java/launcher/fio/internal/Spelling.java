package launcher.fio.internal;

import java.util.Collection;
import java.util.Optional;

/** Finds what a misspelt word may stand for. */
final class Spelling {
  private Spelling() {}

  /** The nearest word, unless more than a third of the letters would have to change. */
  static Optional<String> nearest(String word, Collection<String> words) {
    return nearest(word, words, Math.max(1, word.length() / 3), true);
  }

  /**
   * The nearest word; the first of several.
   *
   * @param most letters that may have to change
   * @param swaps whether two neighbours that change places count as one letter and not as two
   */
  static Optional<String> nearest(String word, Collection<String> words, int most, boolean swaps) {
    String best = null;
    int bestDistance = most + 1;
    for (String candidate : words) {
      int distance = distance(word, candidate, swaps);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Letters to insert, remove, replace or, if wanted, swap with their neighbour. */
  private static int distance(String a, String b, boolean swaps) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = Math.min(cost[i - 1][j], cost[i][j - 1]) + 1;
        least = Math.min(least, cost[i - 1][j - 1] + (same ? 0 : 1));
        if (swaps
            && i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[a.length()][b.length()];
  }
}
