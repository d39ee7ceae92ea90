package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.event.EventHead;
import launcher.trace.event.TraceContext;

/** The head of the line that is being read. */
final class HeadView implements EventHead {
  private final NameTable names;

  long line;
  long timeNs;
  boolean timed;
  int cpu;
  int pid;
  int tgid;
  int taskId;
  int eventId;
  boolean flagged;
  byte irqs;
  byte resched;
  byte interrupts;
  byte depth;

  HeadView(NameTable names) {
    this.names = names;
  }

  /** The line has no flags. */
  void unflagged() {
    flagged = false;
    irqs = '.';
    resched = '.';
    interrupts = '.';
    depth = '.';
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public long timeNs() {
    return timeNs;
  }

  @Override
  public boolean timed() {
    return timed;
  }

  @Override
  public int cpu() {
    return cpu;
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public int tgid() {
    return tgid;
  }

  @Override
  public String task() {
    return names.text(taskId);
  }

  @Override
  public int taskId() {
    return taskId;
  }

  @Override
  public String event() {
    return names.text(eventId);
  }

  @Override
  public int eventId() {
    return eventId;
  }

  @Override
  public TraceContext context() {
    if (!flagged) {
      return TraceContext.UNKNOWN;
    }
    return switch (interrupts) {
      case 'h', 'H' -> TraceContext.HARDIRQ;
      case 's' -> TraceContext.SOFTIRQ;
      case 'z', 'Z' -> TraceContext.NMI;
      default -> TraceContext.TASK;
    };
  }

  /** d: off, D: off with softirqs disabled too; b alone is softirqs only. */
  @Override
  public boolean irqsOff() {
    return irqs == 'd' || irqs == 'D';
  }

  @Override
  public boolean needResched() {
    return flagged && resched != '.';
  }

  @Override
  public int preemptDepth() {
    return !flagged ? -1 : depth == '.' ? 0 : Character.digit(depth, 16);
  }
}
