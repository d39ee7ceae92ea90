package launcher.trace.replay;

import java.util.Arrays;
import launcher.trace.TraceFormat;
import launcher.trace.TraceVisitor;
import launcher.trace.UnreadableTraceException;
import launcher.trace.event.IoRequest;

/** Takes the requests of iologs and tables. */
final class RequestTape implements TraceVisitor {
  private static final String VOLUME = "volume";

  private final TapeBuilder tape;
  private final boolean iolog;
  private int[] targets = new int[64];
  private long waitedNs;
  private boolean timed;
  private long references;
  private long trims;

  RequestTape(TapeBuilder tape, TraceFormat format) {
    this.tape = tape;
    iolog = format == TraceFormat.IOLOG_V2 || format == TraceFormat.IOLOG_V3;
    tape.paused = format == TraceFormat.IOLOG_V2;
  }

  @Override
  public void request(IoRequest request) {
    switch (request.action()) {
      case ADD -> target(request);
      case OPEN -> tape.opened(target(request));
      case READ, WRITE -> transfer(request);
      case SYNC, DATASYNC -> tape.sync(timeNs(request), request.action(), target(request));
      case TRIM -> trims++;
      case REFERENCE -> references++;
      case WAIT -> {
        timed = true;
        waitedNs = Math.max(waitedNs, request.timeNs());
      }
      case CLOSE, MARK, SYNC_FILE_RANGE -> {}
    }
  }

  private void transfer(IoRequest request) {
    // fio's reader takes the length for an unsigned of 32 bits.
    long length = iolog ? request.lengthBytes() & 0xffffffffL : request.lengthBytes();
    tape.transfer(
        timeNs(request), request.action(), target(request), request.offsetBytes(), length);
  }

  private long timeNs(IoRequest request) {
    if (request.timeNs() == IoRequest.UNTIMED) {
      return waitedNs;
    }
    timed = true;
    return request.timeNs();
  }

  private int target(IoRequest request) {
    int id = request.targetId();
    if (id >= targets.length) {
      targets = Arrays.copyOf(targets, 2 * id);
    }
    if (targets[id] == 0) {
      String name = request.target().isEmpty() ? VOLUME : request.target();
      targets[id] = tape.target(name) + 1;
    }
    return targets[id] - 1;
  }

  void close(TapeRecorder.Refusal refused) throws UnreadableTraceException {
    if (references > 0 && tape.count() == 0) {
      throw refused.because(
          "tells which blocks a cache was asked for, and neither when nor whether to read or to"
              + " write: such a list can't be played; a block trace or an iolog can");
    }
    tape.timed = timed;
    if (trims > 0) {
      tape.notes.add(
          trims
              + (trims == 1 ? " trim is" : " trims are")
              + " left out: simulated devices have no discard");
    }
  }
}
