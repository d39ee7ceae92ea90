package launcher.trace;

import java.util.ArrayList;
import java.util.List;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.EventKind;
import launcher.trace.event.IoRequest;
import launcher.trace.event.KernelEvent;
import launcher.trace.event.Rwbs;

/** Writes down all that it is given, a line a record. */
public final class Recorded implements TraceVisitor {
  private static final EventField[] FIELDS = EventField.values();

  private final List<String> lines = new ArrayList<>();

  /** What was given so far. */
  public List<String> lines() {
    return lines;
  }

  @Override
  public void block(EventHead head, BlockEvent event) {
    StringBuilder text = head(head).append(event.action());
    text.append(' ').append(DeviceNumber.text(event.device()));
    text.append(' ').append(Rwbs.text(event.rwbs()));
    text.append(' ').append(event.sector()).append('+').append(event.sectors());
    text.append(" bytes=").append(event.bytes());
    if (event.error() != 0) {
      text.append(" error=").append(event.error());
    }
    if (event.fromDevice() != DeviceNumber.NONE) {
      text.append(" from=").append(DeviceNumber.text(event.fromDevice()));
    }
    if (event.fromSector() != 0) {
      text.append(" at=").append(event.fromSector());
    }
    if (event.unplugged() != 0) {
      text.append(" unplugged=").append(event.unplugged());
    }
    lines.add(text.append(" [").append(event.process()).append(']').toString());
  }

  @Override
  public void event(EventHead head, KernelEvent event) {
    StringBuilder text = head(head).append(event.kind());
    if (event.kind() == EventKind.OTHER) {
      text.append(' ').append(head.event()).append(": ").append(event.args());
    }
    for (EventField field : FIELDS) {
      if (event.has(field)) {
        text.append(' ').append(field.name().toLowerCase(java.util.Locale.ROOT)).append('=');
        text.append(value(event, field));
      }
    }
    lines.add(text.toString());
  }

  private static String value(KernelEvent event, EventField field) {
    return switch (field) {
      case BDI, REASON, STATE, FLAGS, TYPE, FUNCTION, WORKQUEUE, NAME, RET, ACTION ->
          event.text(field);
      case PREV_COMM, PREV_STATE, NEXT_COMM, COMM -> event.text(field);
      case DEVICE -> DeviceNumber.text(event.device());
      default -> Long.toString(event.value(field));
    };
  }

  private static StringBuilder head(EventHead head) {
    StringBuilder text =
        new StringBuilder().append(head.timeNs()).append(" cpu").append(head.cpu());
    text.append(' ').append(head.task()).append('-').append(head.pid());
    if (head.tgid() >= 0) {
      text.append('/').append(head.tgid());
    }
    text.append(' ').append(head.context());
    return text.append(head.irqsOff() ? " off " : " ");
  }

  @Override
  public void request(IoRequest request) {
    String time = request.timeNs() == IoRequest.UNTIMED ? "-" : Long.toString(request.timeNs());
    lines.add(
        time
            + ' '
            + request.action()
            + ' '
            + request.target()
            + ' '
            + request.offsetBytes()
            + '+'
            + request.lengthBytes());
  }

  @Override
  public void lost(int cpu, long events) {
    lines.add("lost cpu" + cpu + ' ' + events);
  }
}
