package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.event.BlockAction;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.Rwbs;

/**
 * Reads the arguments of ftrace's block events, as include/trace/events/block.h prints them. The
 * priority of a request ({@code be,0,4}) is there since 6.x.
 */
final class BlockLine {
  private final NameTable names;
  private final BlockView view;
  private String fault = "";

  BlockLine(NameTable names, BlockView view) {
    this.names = names;
    this.view = view;
  }

  /** After {@link #read} was false. */
  String fault() {
    return fault;
  }

  /** False if the arguments are not those of the action. */
  boolean read(Cursor line, BlockAction action) {
    view.clear(action);
    fault = "";
    switch (action) {
      case PLUG, UNPLUG, UNPLUG_TIMER -> plug(line);
      case DIRTY_BUFFER, TOUCH_BUFFER -> buffer(line);
      case MESSAGE -> {
        return true;
      }
      default -> transfer(line, action);
    }
    if (!line.ok && fault.isEmpty()) {
      fault = "its fields are not those of the event";
    }
    return line.ok;
  }

  private void plug(Cursor line) {
    process(line);
    line.skipSpaces();
    if (view.action != BlockAction.PLUG) {
      view.unplugged = line.small();
    }
  }

  private void buffer(Cursor line) {
    device(line);
    line.skipSpaces();
    word(line, "sector=");
    view.sector = line.count();
    line.skipSpaces();
    word(line, "size=");
    view.bytes = line.count();
    view.sectors = view.bytes / BlockView.SECTOR_BYTES;
  }

  private void transfer(Cursor line, BlockAction action) {
    device(line);
    line.skipSpaces();
    rwbs(line);
    line.skipSpaces();
    switch (action) {
      case RQ_INSERT, RQ_ISSUE, RQ_MERGE, IO_START, IO_DONE -> {
        view.bytes = line.count();
        line.skipSpaces();
        command(line);
      }
      case RQ_COMPLETE, RQ_REQUEUE, RQ_ERROR -> command(line);
      default -> {}
    }
    line.skipSpaces();
    // A flush without data has sector -1 in some kernels: it wraps.
    view.sector = line.signed();
    line.skipSpaces();
    if (action == BlockAction.SPLIT) {
      line.expect('/');
      line.skipSpaces();
      view.fromSector = line.count();
    } else {
      line.expect('+');
      line.skipSpaces();
      view.sectors = line.count();
    }
    line.skipSpaces();
    if (!line.ok) {
      fault = fault.isEmpty() ? "no sectors" : fault;
      return;
    }
    if (action == BlockAction.BIO_REMAP || action == BlockAction.RQ_REMAP) {
      remapped(line);
    } else {
      tail(line, action);
    }
  }

  /** The priority if there is one, then what is in brackets: a task or an error. */
  private void tail(Cursor line, BlockAction action) {
    if (line.peek() != '[') {
      line.skipWord();
      line.skipSpaces();
    }
    switch (action) {
      case BIO_COMPLETE, RQ_COMPLETE, RQ_REQUEUE, RQ_ERROR -> {
        line.expect('[');
        view.error = (int) line.signed();
        line.expect(']');
      }
      default -> process(line);
    }
    if (!line.ok) {
      fault = "nothing in brackets";
    }
  }

  private void remapped(Cursor line) {
    line.expect('<');
    line.expect('-');
    line.skipSpaces();
    line.expect('(');
    long major = line.count();
    if (!line.take(':')) {
      line.expect(',');
    }
    view.fromDevice = DeviceNumber.of(major, line.count());
    line.expect(')');
    line.skipSpaces();
    view.fromSector = line.count();
    if (!line.ok) {
      fault = "no device that it comes from";
    }
  }

  private void device(Cursor line) {
    long major = line.count();
    if (!line.take(',')) {
      line.expect(':');
    }
    view.device = DeviceNumber.of(major, line.count());
    if (!line.ok || view.device == DeviceNumber.NONE) {
      fault = "no device";
      line.ok = false;
    }
  }

  private void rwbs(Cursor line) {
    int start = line.at;
    line.skipWord();
    int rwbs = Rwbs.parse(line.bytes, start, line.at);
    if (rwbs < 0 && line.ok) {
      fault = "its operation is none of the block layer's";
      line.ok = false;
    }
    view.rwbs = rwbs;
  }

  /** The bytes of a SCSI command, in parentheses. */
  private void command(Cursor line) {
    line.expect('(');
    while (line.at < line.end && line.bytes[line.at] != ')') {
      line.at++;
    }
    line.expect(')');
  }

  /** To the last bracket: a task's name may hold brackets. */
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
    view.processId = names.id(line.bytes, line.at, last);
    line.at = last + 1;
  }

  private static void word(Cursor line, String word) {
    for (int i = 0; i < word.length(); i++) {
      line.expect(word.charAt(i));
    }
  }
}
