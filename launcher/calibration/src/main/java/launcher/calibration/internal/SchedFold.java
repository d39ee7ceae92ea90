package launcher.calibration.internal;

import java.util.HashMap;
import java.util.Map;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.KernelEvent;

/** Switches between tasks, and work items that wake a CPU at rest. */
final class SchedFold {
  /** Beyond this, a task did something else before it gave the CPU up. */
  private static final long SWITCH_NS_MAX = 20_000;

  private record Queued(long timeNs, int cpu) {}

  private record Switch(long timeNs, long fromPid, long toPid, long endedNs) {}

  private final Map<Long, Queued> queued = new HashMap<>();

  /** By CPU: the switch that was its last event. */
  private final Map<Integer, Switch> switches = new HashMap<>();

  /** By CPU: when its task has just ended something, and may be about to switch. */
  private final Map<Integer, Long> ended = new HashMap<>();

  private final Samples contextSwitches = new Samples();
  private final Samples wakeUps = new Samples();
  private final Samples localWakeUps = new Samples();

  void event(EventHead head, KernelEvent event) {
    int cpu = head.cpu();
    Switch by = switches.remove(cpu);
    Long endedNs = ended.remove(cpu);
    switch (event.kind()) {
      case WORKQUEUE_QUEUE_WORK ->
          queued.put(event.value(EventField.WORK), new Queued(head.timeNs(), cpu));
      case SCHED_SWITCH ->
          switches.put(
              cpu,
              new Switch(
                  head.timeNs(),
                  event.value(EventField.PREV_PID),
                  event.value(EventField.NEXT_PID),
                  endedNs == null ? -1 : endedNs));
      case WORKQUEUE_EXECUTE_START -> started(head, event, by);
      case WORKQUEUE_EXECUTE_END, SOFTIRQ_EXIT -> ended.put(cpu, head.timeNs());
      default -> {}
    }
  }

  /** An event of the block layer, which belongs to whatever runs. */
  void block(EventHead head) {
    ended.remove(head.cpu());
    switches.remove(head.cpu());
  }

  private void started(EventHead head, KernelEvent event, Switch by) {
    Queued from = queued.remove(event.value(EventField.WORK));
    if (by == null || by.toPid() != head.pid()) {
      return;
    }
    boolean fromIdle = by.fromPid() == 0;
    if (!fromIdle && by.endedNs() >= 0 && by.timeNs() - by.endedNs() <= SWITCH_NS_MAX) {
      contextSwitches.add(head.timeNs() - by.endedNs());
    }
    if (from != null && fromIdle && by.timeNs() >= from.timeNs()) {
      (from.cpu() == head.cpu() ? localWakeUps : wakeUps).add(head.timeNs() - from.timeNs());
    }
  }

  /** The end of a file. */
  void endOfFile() {
    queued.clear();
    switches.clear();
    ended.clear();
  }

  /** From the end of one task's work, over the switch, to the start of a worker's. */
  Samples contextSwitches() {
    return contextSwitches;
  }

  /** From queueing a work item to its start, on another CPU that was at rest. */
  Samples wakeUps() {
    return wakeUps;
  }

  /** Likewise, on the CPU that queued it and was at rest but for an interrupt. */
  Samples localWakeUps() {
    return localWakeUps;
  }
}
