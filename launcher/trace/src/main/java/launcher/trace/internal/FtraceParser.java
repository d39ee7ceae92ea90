package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.BlockAction;
import launcher.trace.event.EventKind;

/**
 * Ftrace text: {@code TASK-PID [CPU] FLAGS SECONDS.MICROS: EVENT: ARGS}, as kernel/trace/trace.c
 * and trace-cmd print it. A process id in parentheses may stand before the CPU; trace-cmd leaves
 * the flags out or has more digits of time.
 */
final class FtraceParser implements LineParser {
  private static final byte[] LOST = ascii("LOST");
  private static final byte[] DROPPED = ascii("DROPPED");
  private static final byte[] WRITTEN = ascii("# entries-in-buffer/entries-written:");
  private static final byte[] PREV_COMM = ascii("prev_comm=");
  private static final byte[] COMM = ascii("comm=");
  private static final byte[] STACK = ascii("=> ");
  private static final byte[] STACK_HEAD = ascii("<stack trace>");

  /** What an event's name stands for, by the name's number. */
  private static final class Meaning {
    final BlockAction action;
    final EventKind kind;
    final FieldSpec[] fields;

    Meaning(BlockAction action, EventKind kind) {
      this.action = action;
      this.kind = kind;
      this.fields = EventGrammar.fields(kind);
    }
  }

  private final NameTable names;
  private final TraceVisitor visitor;
  private final HeadView head;
  private final BlockView block;
  private final BlockLine blockLine;
  private final KernelEventView event;
  private final FieldReader fields;
  private final SchedLine sched;
  private Meaning[] meanings = new Meaning[256];
  private long lost;
  private String fault = "";

  FtraceParser(NameTable names, TraceVisitor visitor) {
    this.names = names;
    this.visitor = visitor;
    head = new HeadView(names);
    block = new BlockView(names);
    blockLine = new BlockLine(names, block);
    event = new KernelEventView(names);
    fields = new FieldReader(event);
    sched = new SchedLine(event);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String fault() {
    return fault;
  }

  @Override
  public long lostEvents() {
    return lost;
  }

  @Override
  public Outcome line(Cursor line, long number) {
    int start = line.at;
    line.skipSpaces();
    if (line.atEnd()) {
      return Outcome.OTHER;
    }
    if (line.peek() == '#') {
      comment(line);
      return Outcome.OTHER;
    }
    head.line = number;
    if (!task(line)) {
      line.at = start;
      return unlike(line);
    }
    if (!flagsAndTime(line)) {
      return broken("no time after the CPU");
    }
    return event(line);
  }

  private Outcome broken(String reason) {
    fault = reason;
    return Outcome.BROKEN;
  }

  /** Lines without a task: what the tracer and trace-cmd print between events. */
  private Outcome unlike(Cursor line) {
    line.skipSpaces();
    byte first = line.peek();
    if (first == 'C' && (line.find(LOST) >= 0 || line.find(DROPPED) >= 0)) {
      return lostLine(line);
    }
    if (line.startsWith(STACK)
        || line.startsWith(STACK_HEAD)
        || line.startsWith(ascii("cpus="))
        || line.startsWith(ascii("version = "))
        || line.startsWith(ascii("CPU "))) {
      return Outcome.OTHER;
    }
    return broken("no task, pid and [CPU] before the time");
  }

  /** {@code CPU:3 [LOST 1234 EVENTS]}; trace-cmd: {@code CPU:3 [1234 EVENTS DROPPED]}. */
  private Outcome lostLine(Cursor line) {
    while (!line.atEnd() && !isDigit(line.peek()) && line.peek() != '[') {
      line.at++;
    }
    int cpu = isDigit(line.peek()) ? line.small() : -1;
    while (!line.atEnd() && !isDigit(line.peek())) {
      line.at++;
    }
    long events = line.atEnd() ? 0 : line.count();
    if (!line.ok) {
      return broken("no count of lost events");
    }
    lost += events;
    visitor.lost(cpu, events);
    return Outcome.OTHER;
  }

  /** What was written and is not in the buffer any more was overwritten. */
  private void comment(Cursor line) {
    if (!line.startsWith(WRITTEN)) {
      return;
    }
    line.at += WRITTEN.length;
    line.skipSpaces();
    long inBuffer = line.count();
    line.expect('/');
    long written = line.count();
    if (line.ok && written > inBuffer) {
      lost += written - inBuffer;
      visitor.lost(-1, written - inBuffer);
    }
    line.ok = true;
  }

  private static boolean isDigit(byte next) {
    return next >= '0' && next <= '9';
  }

  /** Finds {@code -PID [CPU]}; a task's name may hold spaces, dashes and brackets. */
  private boolean task(Cursor line) {
    int start = line.at;
    byte[] bytes = line.bytes;
    for (int i = start; i < line.end; i++) {
      if (bytes[i] == '[' && i + 1 < line.end && isDigit(bytes[i + 1]) && cpu(line, start, i)) {
        return true;
      }
    }
    return false;
  }

  private boolean cpu(Cursor line, int start, int bracket) {
    byte[] bytes = line.bytes;
    int at = bracket - 1;
    while (at > start && bytes[at] == ' ') {
      at--;
    }
    int tgid = -1;
    if (at > start && bytes[at] == ')') {
      int close = at;
      while (at > start && bytes[at] != '(') {
        at--;
      }
      tgid = number(bytes, at + 1, close);
      at--;
      while (at > start && bytes[at] == ' ') {
        at--;
      }
    }
    int last = at + 1;
    while (at > start && isDigit(bytes[at])) {
      at--;
    }
    if (at <= start || bytes[at] != '-' || last == at + 1) {
      return false;
    }
    line.at = bracket + 1;
    head.cpu = line.small();
    if (!line.ok || !line.take(']')) {
      line.ok = true;
      return false;
    }
    head.pid = number(bytes, at + 1, last);
    head.tgid = tgid;
    head.taskId = names.id(bytes, start, at);
    return true;
  }

  /** A number between spaces; -1 if it is none, as dashes for an unknown process. */
  private static int number(byte[] bytes, int start, int end) {
    long value = -1;
    for (int i = start; i < end; i++) {
      if (isDigit(bytes[i]) && value < Integer.MAX_VALUE) {
        value = 10 * Math.max(value, 0) + bytes[i] - '0';
      } else if (bytes[i] != ' ') {
        return -1;
      }
    }
    return value > Integer.MAX_VALUE ? -1 : (int) value;
  }

  private boolean flagsAndTime(Cursor line) {
    line.skipSpaces();
    head.unflagged();
    if (!isDigit(line.peek())) {
      int start = line.at;
      line.skipWord();
      if (line.at - start < 4) {
        return false;
      }
      head.flagged = true;
      head.irqs = line.bytes[start];
      head.resched = line.bytes[start + 1];
      head.interrupts = line.bytes[start + 2];
      head.depth = line.bytes[start + 3];
      line.skipSpaces();
    }
    return time(line);
  }

  private boolean time(Cursor line) {
    long seconds = line.count();
    if (line.take(':')) {
      head.timed = false;
      head.timeNs = seconds;
      return line.ok;
    }
    line.expect('.');
    int start = line.at;
    long fraction = line.count();
    int digits = line.at - start;
    if (!line.ok || !line.take(':') || digits > 9 || seconds > 1L << 32) {
      return false;
    }
    for (; digits < 9; digits++) {
      fraction *= 10;
    }
    head.timed = true;
    head.timeNs = seconds * 1_000_000_000 + fraction;
    return true;
  }

  private Outcome event(Cursor line) {
    line.skipSpaces();
    int start = line.at;
    while (!line.atEnd() && line.bytes[line.at] != ':' && line.bytes[line.at] != ' ') {
      line.at++;
    }
    if (!line.take(':')) {
      return broken("no event with a colon after the time");
    }
    head.eventId = names.id(line.bytes, start, line.at - 1);
    if (head.eventId == 0) {
      return broken("no event with a colon after the time");
    }
    Meaning meaning = meaning(head.eventId);
    line.skipSpaces();
    return meaning.action == null ? kernel(line, meaning) : block(line, meaning);
  }

  private Outcome block(Cursor line, Meaning meaning) {
    if (!blockLine.read(line, meaning.action)) {
      return broken(head.event() + ": " + blockLine.fault());
    }
    visitor.block(head, block);
    return Outcome.RECORD;
  }

  private Outcome kernel(Cursor line, Meaning meaning) {
    event.begin(meaning.kind, line);
    boolean ofTraceCmd =
        switch (meaning.kind) {
          case SCHED_SWITCH -> !line.startsWith(PREV_COMM);
          case SCHED_WAKEUP, SCHED_WAKEUP_NEW, SCHED_WAKING -> !line.startsWith(COMM);
          default -> false;
        };
    if (ofTraceCmd && !sched.read(line)) {
      return broken(head.event() + ": neither tracefs's fields nor trace-cmd's");
    }
    if (!ofTraceCmd && meaning.kind != EventKind.OTHER && !fields.read(line, meaning.fields)) {
      return broken(head.event() + ": " + fields.fault());
    }
    visitor.event(head, event);
    return Outcome.RECORD;
  }

  private Meaning meaning(int eventId) {
    if (eventId >= meanings.length) {
      meanings = Arrays.copyOf(meanings, 2 * eventId);
    }
    Meaning meaning = meanings[eventId];
    if (meaning == null) {
      meaning = meant(names.text(eventId));
      meanings[eventId] = meaning;
    }
    return meaning;
  }

  private static Meaning meant(String name) {
    if (name.startsWith("block_")) {
      String rest = name.substring("block_".length()).toUpperCase(Locale.ROOT);
      for (BlockAction action : BlockAction.values()) {
        String known = action.name().replace("UNPLUG_TIMER", "UNPLUG_TIMEOUT");
        if (known.equals(rest) || known.equals("RQ_" + rest) || known.equals("BIO_" + rest)) {
          return new Meaning(action, EventKind.OTHER);
        }
      }
      // block_unplug_io is what block_unplug was called before 3.0.
      if (rest.equals("UNPLUG_IO")) {
        return new Meaning(BlockAction.UNPLUG, EventKind.OTHER);
      }
    }
    return new Meaning(null, EventGrammar.kind(name));
  }
}
