package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.event.EventField;
import launcher.trace.event.EventKind;

/**
 * Scheduler events as trace-cmd prints them: {@code fio:151 [120] S ==> swapper/0:0 [120]} and
 * {@code fio:151 [120] success=1 CPU:000}.
 */
final class SchedLine {
  private static final byte[] ARROW = " ==> ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CPU = "CPU:".getBytes(StandardCharsets.US_ASCII);

  private final KernelEventView view;

  SchedLine(KernelEventView view) {
    this.view = view;
  }

  /** Reads a switch or a wake-up; false if it is neither. */
  boolean read(Cursor line) {
    if (view.kind() != EventKind.SCHED_SWITCH) {
      return woken(line);
    }
    int arrow = line.find(ARROW);
    return arrow >= 0 && switched(line, arrow);
  }

  private boolean switched(Cursor line, int arrow) {
    int end = line.end;
    line.end = arrow;
    task(line, EventField.PREV_COMM, EventField.PREV_PID, EventField.PREV_PRIO);
    line.skipSpaces();
    view.putText(EventField.PREV_STATE, line.bytes, line.at, arrow);
    if (line.at >= arrow) {
      line.ok = false;
    }
    line.end = end;
    line.at = arrow + ARROW.length;
    task(line, EventField.NEXT_COMM, EventField.NEXT_PID, EventField.NEXT_PRIO);
    return line.ok;
  }

  private boolean woken(Cursor line) {
    task(line, EventField.COMM, EventField.PID, EventField.PRIO);
    int cpu = line.find(CPU);
    if (cpu >= 0) {
      line.at = cpu + CPU.length;
      view.put(EventField.CPU, line.small());
    }
    return line.ok;
  }

  /** {@code NAME:PID [PRIO]}; a name may hold colons, so the bracket is looked for first. */
  private void task(Cursor line, EventField name, EventField pid, EventField prio) {
    int bracket = line.at;
    while (bracket < line.end && line.bytes[bracket] != '[') {
      bracket++;
    }
    int colon = bracket - 1;
    while (colon > line.at && line.bytes[colon] != ':') {
      colon--;
    }
    if (bracket >= line.end || colon <= line.at) {
      line.ok = false;
      return;
    }
    view.putText(name, line.bytes, line.at, colon);
    line.at = colon + 1;
    view.put(pid, line.signed());
    line.at = bracket + 1;
    view.put(prio, line.signed());
    line.expect(']');
  }
}
