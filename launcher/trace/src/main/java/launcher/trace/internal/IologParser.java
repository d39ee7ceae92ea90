package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Locale;
import launcher.trace.NameTable;
import launcher.trace.TraceVisitor;
import launcher.trace.event.IoAction;

/**
 * Fio's I/O log: {@code [USEC] FILE ACTION [OFFSET LENGTH]} after a line that names the version.
 * Lines that fio's reader skips with a message are broken lines here.
 */
final class IologParser implements LineParser {
  static final byte[] HEADER = "fio version ".getBytes(StandardCharsets.US_ASCII);

  private static final int NAME_BYTES_MAX = 256;

  /** By the numbers that their words get in a table of their own, which begins with 1. */
  private static final IoAction[] ACTIONS = {
    null,
    IoAction.ADD,
    IoAction.OPEN,
    IoAction.CLOSE,
    IoAction.READ,
    IoAction.WRITE,
    IoAction.TRIM,
    IoAction.SYNC,
    IoAction.DATASYNC,
    IoAction.SYNC_FILE_RANGE,
    IoAction.WAIT,
  };

  private final NameTable words = new NameTable();
  private final NameTable names;
  private final TraceVisitor visitor;
  private final RequestView request;
  private final boolean timed;
  private final BitSet added = new BitSet();
  private boolean headed;
  private String fault = "";

  IologParser(NameTable names, TraceVisitor visitor, boolean timed) {
    this.names = names;
    this.visitor = visitor;
    this.timed = timed;
    request = new RequestView(names);
    for (int i = 1; i < ACTIONS.length; i++) {
      words.id(ACTIONS[i].name().toLowerCase(Locale.ROOT));
    }
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
    if (line.startsWith(HEADER)) {
      boolean first = !headed;
      headed = true;
      return first ? Outcome.OTHER : broken("a second header: two jobs wrote into one log");
    }
    line.skipSpaces();
    if (line.atEnd()) {
      return Outcome.OTHER;
    }
    request.clear(number);
    if (timed) {
      request.timeNs = line.count() * 1000;
      if (!line.ok || request.timeNs < 0) {
        return broken("no microseconds at the start");
      }
      line.skipSpaces();
    }
    int name = line.at;
    line.skipWord();
    if (line.at == name || line.at - name > NAME_BYTES_MAX) {
      return broken("no file's name of at most " + NAME_BYTES_MAX + " bytes");
    }
    request.targetId = names.id(line.bytes, name, line.at);
    line.skipSpaces();
    int word = line.at;
    line.skipWord();
    IoAction action = action(line, word);
    if (action == null) {
      return broken("no action that fio logs");
    }
    line.skipSpaces();
    return finish(line, action);
  }

  private Outcome finish(Cursor line, IoAction action) {
    request.action = action;
    switch (action) {
      case ADD -> added.set(request.targetId);
      case OPEN, CLOSE -> {}
      case WAIT -> {
        if (timed) {
          return broken("wait is an action of version 2");
        }
        request.timeNs = line.count() * 1_000_000;
        line.skipSpaces();
        line.count();
      }
      default -> {
        long offset = line.count();
        line.skipSpaces();
        long length = line.count();
        // Of a sync, fio logs what its request held before.
        request.offsetBytes = action.transfers() ? offset : 0;
        request.lengthBytes = action.transfers() ? length : 0;
      }
    }
    line.skipSpaces();
    if (!line.ok || !line.atEnd()) {
      return broken("no offset and length after the action, or more than that");
    }
    if (!added.get(request.targetId) && action != IoAction.WAIT) {
      return broken("the file is used before it is added");
    }
    visitor.request(request);
    return Outcome.RECORD;
  }

  /** The action that a word is; null if it is none. */
  private IoAction action(Cursor line, int start) {
    int id = words.id(line.bytes, start, line.at);
    return id > 0 && id < ACTIONS.length ? ACTIONS[id] : null;
  }
}
