package launcher.calibration.internal;

import java.util.Map;
import java.util.TreeMap;
import launcher.trace.event.EventHead;

/**
 * The spacing of each event and the one after it, on the same CPU and by the same task: what tells
 * how much recording an event costs at most, and how dense the events are.
 */
final class PairFold {
  private static final int COUNT_MIN = 500;
  private static final double INTERRUPTED_MAX = 0.1;

  private record Last(String event, long timeNs, int pid) {}

  private final Map<Integer, Last> lastOfCpu = new TreeMap<>();
  private final Map<String, Samples> byPair = new TreeMap<>();
  private final Map<String, Samples> byFirst = new TreeMap<>();

  /** Before an interrupt of code that runs: the event, and how long before. */
  private final Map<String, Samples> beforeInterrupt = new TreeMap<>();

  void event(EventHead head, String event) {
    Last last = lastOfCpu.get(head.cpu());
    if (last != null && last.pid() == head.pid()) {
      long spanNs = head.timeNs() - last.timeNs();
      byPair.computeIfAbsent(last.event() + ' ' + event, key -> new Samples()).add(spanNs);
      if (event.equals("irq_handler_entry")) {
        if (head.pid() != 0) {
          beforeInterrupt.computeIfAbsent(last.event(), key -> new Samples()).add(spanNs);
        }
      } else {
        byFirst.computeIfAbsent(last.event(), key -> new Samples()).add(spanNs);
      }
    }
    lastOfCpu.put(head.cpu(), new Last(event, head.timeNs(), head.pid()));
  }

  /** Nanoseconds that recording an event costs at most; 0 if there are too few pairs. */
  double eventNs() {
    return byPair.values().stream()
        .filter(samples -> samples.count() >= COUNT_MIN)
        .mapToDouble(Samples::trimmedMean)
        .min()
        .orElse(0);
  }

  /**
   * What an interrupt takes of the code that it interrupts before its handler's first event: the
   * gap before it, less half of the gap that usually follows that event. Of code dense with events
   * only.
   *
   * @param denseNs the longest usual gap
   */
  Samples interruptEntries(double denseNs) {
    Samples entries = new Samples();
    beforeInterrupt.forEach(
        (event, gaps) -> {
          Samples usual = byFirst.get(event);
          // Behind an event that interrupts follow often, the code does something without events.
          if (usual == null
              || usual.count() < COUNT_MIN
              || gaps.count() > INTERRUPTED_MAX * usual.count()) {
            return;
          }
          double usualNs = usual.trimmedMean();
          if (usualNs <= denseNs) {
            for (long gapNs : gaps.toArray()) {
              entries.add(Math.max(0, Math.round(gapNs - usualNs / 2)));
            }
          }
        });
    return entries;
  }
}
