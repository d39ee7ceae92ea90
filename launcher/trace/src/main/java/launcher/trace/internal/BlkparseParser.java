package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.BlockAction;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.Rwbs;

/**
 * Blkparse's default text: {@code MAJ,MIN CPU SEQUENCE SECONDS.NANOS PID ACTION RWBS}, then what
 * the action has. The tables after the events and lines that begin with # are no events.
 */
final class BlkparseParser implements LineParser {
  private static final String[] SUMMARY = {
    "CPU", "Reads ", "Read ", "IO unplugs:", "Total ", "Throughput ", "Events ", "Skips:", "Input ",
  };
  private static final byte[][] SUMMARIES = new byte[SUMMARY.length][];
  private static final BlockAction[] ACTIONS = new BlockAction[128];

  static {
    for (int i = 0; i < SUMMARY.length; i++) {
      SUMMARIES[i] = SUMMARY[i].getBytes(StandardCharsets.US_ASCII);
    }
    for (BlockAction action : BlockAction.values()) {
      if (action.letter() != ' ') {
        ACTIONS[action.letter()] = action;
      }
    }
    // T alone is no action of blkparse's text: it is spelled UT.
    ACTIONS['T'] = null;
  }

  private final NameTable names;
  private final TraceVisitor visitor;
  private final HeadView head;
  private final BlockView block;
  private String fault = "";
  private long headed;

  BlkparseParser(NameTable names, TraceVisitor visitor) {
    this.names = names;
    this.visitor = visitor;
    head = new HeadView(names);
    head.unflagged();
    head.timed = true;
    head.tgid = -1;
    block = new BlockView(names);
  }

  /** Lines whose head is blkparse's, whatever follows. */
  long headed() {
    return headed;
  }

  @Override
  public String fault() {
    return fault;
  }

  private Outcome broken(String reason) {
    fault = reason;
    return Outcome.BROKEN;
  }

  @Override
  public Outcome line(Cursor line, long number) {
    line.skipSpaces();
    if (line.atEnd() || line.peek() == '#') {
      return Outcome.OTHER;
    }
    if (line.peek() < '0' || line.peek() > '9') {
      return isSummary(line) ? Outcome.OTHER : broken("no device number at the start");
    }
    head.line = number;
    int device = head(line);
    if (!line.ok) {
      return broken("no device, CPU, sequence, time and pid at the start");
    }
    line.skipSpaces();
    int start = line.at;
    line.skipWord();
    BlockAction action = action(line, start);
    if (action == null) {
      return broken("no action of blktrace after the pid");
    }
    headed++;
    head.eventId = names.id(line.bytes, start, line.at);
    block.clear(action);
    block.device = device;
    line.skipSpaces();
    start = line.at;
    line.skipWord();
    block.rwbs = Rwbs.parse(line.bytes, start, line.at);
    if (block.rwbs < 0) {
      return broken("no operation after the action");
    }
    line.skipSpaces();
    details(line, action);
    if (!line.ok) {
      return broken(action.letter() + " without what follows it");
    }
    head.taskId = block.processId;
    visitor.block(head, block);
    return Outcome.RECORD;
  }

  private static boolean isSummary(Cursor line) {
    for (byte[] word : SUMMARIES) {
      if (line.startsWith(word)) {
        return true;
      }
    }
    return false;
  }

  private int head(Cursor line) {
    long major = line.count();
    line.expect(',');
    int device = DeviceNumber.of(major, line.count());
    line.skipSpaces();
    head.cpu = line.small();
    line.skipSpaces();
    line.count();
    line.skipSpaces();
    long seconds = line.count();
    line.expect('.');
    int start = line.at;
    long nanos = line.count();
    line.ok &= line.at - start == 9 && device != DeviceNumber.NONE && seconds < 1L << 32;
    head.timeNs = seconds * 1_000_000_000 + nanos;
    line.skipSpaces();
    head.pid = line.small();
    line.ok &= line.peek() == ' ';
    return device;
  }

  private static BlockAction action(Cursor line, int start) {
    int length = line.at - start;
    byte first = length == 0 ? 0 : line.bytes[start];
    if (length == 2 && first == 'U' && line.bytes[start + 1] == 'T') {
      return BlockAction.UNPLUG_TIMER;
    }
    return length == 1 && first > 0 ? ACTIONS[first] : null;
  }

  private void details(Cursor line, BlockAction action) {
    switch (action) {
      case PLUG -> process(line);
      case UNPLUG, UNPLUG_TIMER -> {
        process(line);
        line.skipSpaces();
        block.unplugged = line.small();
      }
      case BIO_REMAP -> {
        sectors(line);
        remapped(line);
      }
      case SPLIT -> {
        block.sector = line.count();
        line.skipSpaces();
        line.expect('/');
        line.skipSpaces();
        block.fromSector = line.count();
        line.skipSpaces();
        process(line);
      }
      case RQ_COMPLETE, RQ_REQUEUE -> {
        extent(line);
        line.expect('[');
        block.error = (int) line.signed();
        line.expect(']');
      }
      case MESSAGE, ABORT, DRIVER_DATA -> {}
      default -> {
        extent(line);
        process(line);
      }
    }
  }

  /** Sectors, a packet command, a lone sector, or nothing; then the time that has passed (-t). */
  private void extent(Cursor line) {
    byte first = line.peek();
    if (first >= '0' && first <= '9') {
      long number = line.count();
      line.skipSpaces();
      if (line.peek() == '(') {
        block.bytes = number;
      } else {
        block.sector = number;
        if (line.take('+')) {
          line.skipSpaces();
          block.sectors = line.count();
          line.skipSpaces();
        }
      }
    }
    if (line.take('(')) {
      while (!line.atEnd() && line.peek() != ')') {
        line.at++;
      }
      line.expect(')');
      line.skipSpaces();
    }
  }

  private void sectors(Cursor line) {
    block.sector = line.count();
    line.skipSpaces();
    line.expect('+');
    line.skipSpaces();
    block.sectors = line.count();
    line.skipSpaces();
  }

  private void remapped(Cursor line) {
    line.expect('<');
    line.expect('-');
    line.skipSpaces();
    line.expect('(');
    long major = line.count();
    line.expect(',');
    block.fromDevice = DeviceNumber.of(major, line.count());
    line.expect(')');
    line.skipSpaces();
    block.fromSector = line.count();
  }

  /** From here to the last bracket: a task's name may hold brackets. */
  private void process(Cursor line) {
    line.expect('[');
    int last = line.end - 1;
    while (last >= line.at && line.bytes[last] != ']') {
      last--;
    }
    if (last < line.at) {
      line.ok = false;
      return;
    }
    block.processId = names.id(line.bytes, line.at, last);
    line.at = last + 1;
  }
}
