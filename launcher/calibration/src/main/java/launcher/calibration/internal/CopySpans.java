package launcher.calibration.internal;

import java.util.Map;
import java.util.TreeMap;

/**
 * From insertions of folios to their dirtying, by order. Spans of more than twice the lower
 * quartile are left out: an interrupt was in them, or memory that the hypervisor had to give first.
 */
final class CopySpans {
  private static final int COUNT_MIN = 100;

  private final Map<Integer, Samples> byOrder = new TreeMap<>();

  void add(int order, long ns) {
    byOrder.computeIfAbsent(order, key -> new Samples()).add(ns);
  }

  void addAll(CopySpans others) {
    others.byOrder.forEach(
        (order, samples) -> {
          for (long ns : samples.toArray()) {
            add(order, ns);
          }
        });
  }

  /** The least order that is told of often enough; -1 if there is none. */
  int least() {
    return byOrder.keySet().stream().filter(this::isEnough).findFirst().orElse(-1);
  }

  /** The greatest such order. */
  int greatest() {
    return byOrder.keySet().stream().filter(this::isEnough).reduce((a, b) -> b).orElse(-1);
  }

  private boolean isEnough(int order) {
    return byOrder.get(order).count() >= COUNT_MIN;
  }

  /** The spans of an order without the slow ones. */
  Samples usual(int order) {
    Samples all = byOrder.get(order);
    long most = 2 * all.quantile(0.25);
    Samples usual = new Samples();
    for (long ns : all.toArray()) {
      if (ns <= most) {
        usual.add(ns);
      }
    }
    return usual;
  }
}
