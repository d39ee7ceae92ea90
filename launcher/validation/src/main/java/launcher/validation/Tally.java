package launcher.validation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many figures came out how.
 *
 * @param holds inside their tolerance
 * @param better inside, though said to be off
 * @param known outside, as it is said
 * @param off outside, and nobody said so
 */
public record Tally(int holds, int better, int known, int off) {
  /** Of some figures. */
  public static Tally of(List<Judged> figures) {
    int[] counts = new int[Judged.Verdict.values().length];
    figures.forEach(figure -> counts[figure.verdict().ordinal()]++);
    return new Tally(
        counts[Judged.Verdict.HOLDS.ordinal()],
        counts[Judged.Verdict.BETTER.ordinal()],
        counts[Judged.Verdict.KNOWN.ordinal()],
        counts[Judged.Verdict.OFF.ordinal()]);
  }

  /** Of figures by kind, in the order of the words. */
  public static Map<String, Tally> byKind(List<Judged> figures) {
    Map<String, List<Judged>> kinds = new TreeMap<>();
    for (Judged figure : figures) {
      kinds
          .computeIfAbsent(figure.figure().kind(), kind -> new java.util.ArrayList<>())
          .add(figure);
    }
    Map<String, Tally> tallies = new LinkedHashMap<>();
    kinds.forEach((kind, of) -> tallies.put(kind, of(of)));
    return tallies;
  }

  /** All of them. */
  public int all() {
    return holds + better + known + off;
  }

  /** Those inside their tolerance, whatever was said. */
  public int inside() {
    return holds + better;
  }
}
