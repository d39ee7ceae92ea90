package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * FLUSH requests of one device ({@code block/blk-flush.c}): at most one at the device; requests
 * that need a flush meanwhile share the next one. A request with data is issued after its flush.
 */
final class FlushSequence {
  /** Request flags that need a volatile cache to mean anything. */
  static final int FLAGS = ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask();

  /** What the device knows the flush by. */
  static final int HANDLE = -1;

  private final RequestQueue queue;
  private final RequestList pending = new RequestList();
  private final RequestList running = new RequestList();
  private boolean inFlight;
  private HardwareQueue hardwareQueue;
  private final Step doorbell;
  private final Step next = this::next;

  FlushSequence(RequestQueue queue) {
    this.queue = queue;
    doorbell = x -> queue.startFlush();
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
    hardwareQueue = first.hardwareQueue();
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BLOCK_RQ_ISSUE,
            queue.device().number(),
            0,
            0,
            queue.device().layer().rwbs().of(BioOp.FLUSH, 0),
            first.pid);
    x.charge(Cost.REQUEST_ISSUE);
    x.then(doorbell);
  }

  /** The queue whose CPU began the flush that is at the device. */
  HardwareQueue hardwareQueue() {
    return hardwareQueue;
  }

  /** {@code flush_end_io}: what waited for this flush goes on. */
  void completed(Exec x) {
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
    if (request.sizeBytes == 0) {
      queue.complete(x, request);
    } else {
      request.hardwareQueue().insertAtHead(request);
      request.hardwareQueue().queueRun(x);
    }
  }
}
