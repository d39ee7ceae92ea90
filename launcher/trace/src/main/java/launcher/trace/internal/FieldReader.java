package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventField;

/**
 * Reads the fields of one event's line. Fields mostly come in the order of the grammar, so the next
 * one is tried first; words that the grammar does not know are skipped, as newer kernels add some.
 */
final class FieldReader {
  private final KernelEventView view;
  private FieldSpec missing;

  FieldReader(KernelEventView view) {
    this.view = view;
  }

  /** After {@link #read} was false: the field that is not there or not what it should be. */
  String fault() {
    String key = new String(missing.key(), StandardCharsets.US_ASCII);
    return key.isEmpty() ? "no number" : "no " + key;
  }

  /** Reads to the end of the line; false if a field is missing or is not of its type. */
  boolean read(Cursor line, FieldSpec[] fields) {
    int next = 0;
    while (true) {
      skipSeparators(line);
      if (line.atEnd()) {
        break;
      }
      int found = find(line, fields, next);
      if (found < 0) {
        skipUnknown(line);
        continue;
      }
      FieldSpec field = fields[found];
      line.at += field.key().length;
      value(line, field, found + 1 < fields.length ? fields[found + 1] : null);
      if (!line.ok) {
        missing = field;
        return false;
      }
      next = found + 1;
    }
    for (FieldSpec field : fields) {
      if (!field.optional() && !view.has(field.field())) {
        missing = field;
        return false;
      }
    }
    return true;
  }

  private static void skipSeparators(Cursor line) {
    while (line.at < line.end) {
      switch (line.bytes[line.at]) {
        case ' ', '\t', ',', '[', ']', ':' -> line.at++;
        default -> {
          return;
        }
      }
    }
  }

  private static void skipUnknown(Cursor line) {
    while (line.at < line.end && line.bytes[line.at] != ' ') {
      line.at++;
    }
  }

  private static int find(Cursor line, FieldSpec[] fields, int next) {
    for (int i = 0; i < fields.length; i++) {
      int index = next + i < fields.length ? next + i : next + i - fields.length;
      byte[] key = fields[index].key();
      if (line.startsWith(key) && (key.length == 0 || endsKey(line, line.at + key.length))) {
        return index;
      }
    }
    return -1;
  }

  private static boolean endsKey(Cursor line, int at) {
    if (at >= line.end) {
      return true;
    }
    byte after = line.bytes[at];
    return after == '=' || after == ' ' || after == ':';
  }

  private void value(Cursor line, FieldSpec spec, FieldSpec following) {
    while (line.at < line.end) {
      byte next = line.bytes[line.at];
      if (next != ' ' && next != '=' && next != ':') {
        break;
      }
      line.at++;
    }
    switch (spec.type()) {
      case NUMBER -> view.put(spec.field(), ended(line, line.number()));
      case HEX -> view.put(spec.field(), ended(line, line.hex()));
      case RANGE -> {
        view.put(spec.field(), line.number());
        if (line.take('-')) {
          view.put(EventField.OFFSET_END, line.number());
        }
        ended(line, 0);
      }
      case DEVICE -> device(line, spec);
      case BDI -> backingDevice(line, spec);
      case WORD -> {
        int start = line.at;
        while (line.at < line.end && !endsWord(line.bytes[line.at])) {
          line.at++;
        }
        text(line, spec, start, line.at);
      }
      case TASK -> task(line, spec, following);
      case REST -> {
        int start = line.at;
        line.at = line.end;
        text(line, spec, start, line.end);
      }
    }
  }

  private void text(Cursor line, FieldSpec spec, int start, int end) {
    view.putText(spec.field(), line.bytes, start, end);
    if (end == start && !spec.optional()) {
      line.ok = false;
    }
  }

  /** A number has to end where its text ends: 12x is none. */
  private static long ended(Cursor line, long value) {
    if (!line.atEnd() && !endsNumber(line.bytes[line.at])) {
      line.ok = false;
    }
    return value;
  }

  private static boolean endsNumber(byte next) {
    return switch (next) {
      case ' ', ',', ':', ']', ')', '\t' -> true;
      default -> false;
    };
  }

  private static boolean endsWord(byte next) {
    return next == ' ' || next == ',' || next == ']' || next == '\t';
  }

  private void device(Cursor line, FieldSpec spec) {
    boolean bracketed = line.take('(');
    long major = line.count();
    if (!line.take(':')) {
      line.expect(',');
    }
    int device = DeviceNumber.of(major, line.count());
    if (bracketed) {
      line.expect(')');
    }
    if (device == DeviceNumber.NONE) {
      line.ok = false;
    }
    view.put(spec.field(), device);
  }

  private void backingDevice(Cursor line, FieldSpec spec) {
    int start = line.at;
    line.skipWord();
    int end = line.at;
    if (end > start && line.bytes[end - 1] == ':') {
      end--;
    }
    text(line, spec, start, end);
    int device = pair(line.bytes, start, end);
    if (device != DeviceNumber.NONE) {
      view.put(EventField.DEVICE, device);
    }
  }

  private static int pair(byte[] bytes, int start, int end) {
    long major = 0;
    long minor = -1;
    for (int i = start; i < end; i++) {
      int digit = bytes[i] - '0';
      if (bytes[i] == ':' && minor < 0) {
        minor = 0;
      } else if (digit < 0 || digit > 9 || end - start > 12) {
        return DeviceNumber.NONE;
      } else if (minor < 0) {
        major = 10 * major + digit;
      } else {
        minor = 10 * minor + digit;
      }
    }
    return minor < 0 ? DeviceNumber.NONE : DeviceNumber.of(major, minor);
  }

  private void task(Cursor line, FieldSpec spec, FieldSpec following) {
    int start = line.at;
    int end = line.end;
    if (following != null) {
      byte[] key = following.key();
      for (int i = start; i <= line.end - key.length - 2; i++) {
        if (line.bytes[i] == ' '
            && line.startsWith(key, i + 1)
            && line.bytes[i + 1 + key.length] == '=') {
          end = i;
          break;
        }
      }
    }
    line.at = end;
    text(line, spec, start, end);
  }
}
