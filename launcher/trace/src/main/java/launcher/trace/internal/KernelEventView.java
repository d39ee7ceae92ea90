package launcher.trace.internal;

import java.nio.charset.StandardCharsets;
import launcher.trace.NameTable;
import launcher.trace.event.EventField;
import launcher.trace.event.EventKind;
import launcher.trace.event.KernelEvent;

/** The kernel event of the line that is being read. */
final class KernelEventView implements KernelEvent {
  private static final int FIELDS = EventField.values().length;

  private final NameTable names;
  private final long[] values = new long[FIELDS];
  // A field belongs to the line if its stamp is the line's: nothing has to be cleared.
  private final long[] stamps = new long[FIELDS];
  private long stamp;

  private EventKind kind;
  private byte[] bytes;
  private int argsStart;
  private int argsEnd;

  KernelEventView(NameTable names) {
    this.names = names;
  }

  void begin(EventKind of, Cursor line) {
    kind = of;
    stamp++;
    bytes = line.bytes;
    argsStart = line.at;
    argsEnd = line.end;
  }

  void put(EventField field, long value) {
    values[field.ordinal()] = value;
    stamps[field.ordinal()] = stamp;
  }

  void putText(EventField field, byte[] from, int start, int end) {
    put(field, names.id(from, start, end));
  }

  @Override
  public EventKind kind() {
    return kind;
  }

  @Override
  public long value(EventField field) {
    return stamps[field.ordinal()] == stamp ? values[field.ordinal()] : ABSENT;
  }

  @Override
  public boolean has(EventField field) {
    return stamps[field.ordinal()] == stamp;
  }

  @Override
  public String text(EventField field) {
    return has(field) ? names.text((int) values[field.ordinal()]) : "";
  }

  @Override
  public String args() {
    return new String(bytes, argsStart, argsEnd - argsStart, StandardCharsets.UTF_8);
  }
}
