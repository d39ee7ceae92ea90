package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * FLUSH requests of one device ({@code block/blk-flush.c}): at most one at the device; requests
 * that need a flush meanwhile share the next one. A request with data is issued after its flush.
 */
final class FlushSequence {
  /** Request flags that need a volatile cache to mean anything. */
  static final int FLAGS = ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask();

  private final RequestQueue queue;
  private final RequestList pending = new RequestList();
  private final RequestList running = new RequestList();
  private boolean inFlight;
  private BlkStatus status;
  private final Step next = this::next;

  FlushSequence(RequestQueue queue) {
    this.queue = queue;
  }

  /** Takes a request that needs a flush first; false if it needs none. */
  boolean takes(Exec x, Request request) {
    if (request.op != BioOp.FLUSH && (request.reqFlags & ReqFlag.PREFLUSH.mask()) == 0) {
      return false;
    }
    pending.add(request);
    if (!inFlight) {
      begin(x);
    }
    return true;
  }

  private void begin(Exec x) {
    inFlight = true;
    running.takeAll(pending);
    Request first = running.first();
    Request flush = first.hardwareQueue().flushRequest();
    flush.beginFlush(x, first.pid);
    queue.issue(x, flush);
  }

  /** {@code flush_end_io}: what waited for this flush goes on, or ends with its error. */
  void completed(Exec x, BlkStatus outcome) {
    status = outcome;
    x.then(next);
  }

  private void next(Exec x) {
    Request request = running.pop();
    if (request == null) {
      inFlight = false;
      if (!pending.isEmpty()) {
        begin(x);
      }
      return;
    }
    x.then(next);
    if (request.sizeBytes == 0 || status != BlkStatus.OK) {
      request.status = status;
      queue.complete(x, request);
    } else {
      request.hardwareQueue().insertAtHead(request);
      request.hardwareQueue().queueRun(x);
    }
  }
}
