package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.event.IoAction;
import launcher.trace.event.IoRequest;

/** The request of the line that is being read. */
final class RequestView implements IoRequest {
  private final NameTable names;

  long line;
  long timeNs;
  IoAction action;
  int targetId;
  long offsetBytes;
  long lengthBytes;

  RequestView(NameTable names) {
    this.names = names;
  }

  void clear(long number) {
    line = number;
    timeNs = UNTIMED;
    action = IoAction.MARK;
    targetId = 0;
    offsetBytes = 0;
    lengthBytes = 0;
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
  public IoAction action() {
    return action;
  }

  @Override
  public String target() {
    return names.text(targetId);
  }

  @Override
  public int targetId() {
    return targetId;
  }

  @Override
  public long offsetBytes() {
    return offsetBytes;
  }

  @Override
  public long lengthBytes() {
    return lengthBytes;
  }
}
