package launcher.calibration.internal;

import launcher.trace.event.EventHead;

/** Collects the spans of one rule. */
final class SpanFold {
  private final SpanRule rule;
  private final Samples samples = new Samples();

  // By CPU: when a span began, of which task, and the events in it; -1 if none is open.
  private long[] beganNs = {};
  private int[] pids = {};
  private int[] inside = {};
  private long eventsInside;

  SpanFold(SpanRule rule) {
    this.rule = rule;
  }

  void event(EventHead head, String event) {
    int cpu = head.cpu();
    grow(cpu);
    if (beganNs[cpu] >= 0) {
      if (pids[cpu] != key(head)) {
        beganNs[cpu] = -1;
      } else if (event.equals(rule.to())) {
        // A rule whose end is its beginning asks for something in between if it names it.
        if (rule.between().isEmpty() || inside[cpu] > 0) {
          samples.add(head.timeNs() - beganNs[cpu]);
          eventsInside += inside[cpu];
        }
        beganNs[cpu] = -1;
      } else if (rule.between().contains(event)) {
        inside[cpu]++;
      } else {
        beganNs[cpu] = -1;
      }
    }
    if (event.equals(rule.from())) {
      beganNs[cpu] = head.timeNs();
      pids[cpu] = key(head);
      inside[cpu] = 0;
    }
  }

  /** The task, since an interrupt's events carry the interrupted task's number. */
  private static int key(EventHead head) {
    return head.pid();
  }

  private void grow(int cpu) {
    if (cpu >= beganNs.length) {
      int before = beganNs.length;
      beganNs = java.util.Arrays.copyOf(beganNs, cpu + 1);
      pids = java.util.Arrays.copyOf(pids, cpu + 1);
      inside = java.util.Arrays.copyOf(inside, cpu + 1);
      java.util.Arrays.fill(beganNs, before, cpu + 1, -1);
    }
  }

  SpanRule rule() {
    return rule;
  }

  Samples samples() {
    return samples;
  }

  /** Recorded events that a span holds on average: those inside, and one of its ends. */
  double eventsOfASpan() {
    return 1 + (samples.count() == 0 ? 0 : eventsInside / (double) samples.count());
  }
}
