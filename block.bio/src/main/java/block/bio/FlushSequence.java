package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;

/**
 * FLUSH requests of one device ({@code block/blk-flush.c}): at most one at the device; requests
 * that need a flush meanwhile share the next one. A request with data is issued after its flush,
 * and waits for another one where it asks for FUA and the device has none. FLUSHes, and data behind
 * them, are issued by kblockd ({@code blk_mq_requeue_work}).
 */
final class FlushSequence {
  /** Request flags that need a volatile cache to mean anything. */
  static final int FLAGS = ReqFlag.PREFLUSH.mask() | ReqFlag.FUA.mask();

  /** {@code FLUSH_PENDING_TIMEOUT}: how long flushes wait for data that is on the way. */
  private static final long PENDING_NS = 5_000_000_000L;

  private final RequestQueue queue;
  private final boolean fua;
  private final RequestList pending = new RequestList();
  private final RequestList running = new RequestList();
  private final RequestList requeued = new RequestList();
  private boolean inFlight;
  private int dataInFlight;
  private long pendingSinceNs;
  private BlkStatus status;
  private final Step next = this::next;
  private final Work requeueWork = new Work("blk_mq_requeue_work", this::requeue);

  FlushSequence(RequestQueue queue, boolean fua) {
    this.queue = queue;
    this.fua = fua;
  }

  /**
   * {@code blk_insert_flush}: takes a request that needs a flush first; false if it goes on as any
   * other, though a flush may come behind it.
   */
  boolean takes(Exec x, Request request) {
    boolean before = request.op == BioOp.FLUSH || (request.reqFlags & ReqFlag.PREFLUSH.mask()) != 0;
    boolean after = !fua && (request.reqFlags & ReqFlag.FUA.mask()) != 0;
    if (!before && !after) {
      return false;
    }
    request.reqFlags &= fua ? ~ReqFlag.PREFLUSH.mask() : ~FLAGS;
    request.reqFlags |= ReqFlag.SYNC.mask();
    request.flushAfter = after;
    if (!before) {
      request.flushStep = FlushStep.DATA;
      dataInFlight++;
      return false;
    }
    request.flushStep = FlushStep.BEFORE;
    await(x, request);
    return true;
  }

  private void await(Exec x, Request request) {
    if (pending.isEmpty()) {
      pendingSinceNs = x.nowNs();
    }
    pending.add(request);
    kick(x);
  }

  /** {@code blk_kick_flush}. */
  private void kick(Exec x) {
    if (inFlight
        || pending.isEmpty()
        || dataInFlight > 0 && x.nowNs() < pendingSinceNs + PENDING_NS) {
      return;
    }
    inFlight = true;
    running.takeAll(pending);
    Request first = running.first();
    Request flush = first.hardwareQueue().flushRequest();
    flush.beginFlush(x, first.pid);
    requeue(x, flush);
  }

  /** {@code blk_mq_kick_requeue_list}. */
  private void requeue(Exec x, Request request) {
    requeued.add(request);
    x.machine().workqueues().queue(x, queue.device().layer().kblockd(), requeueWork);
  }

  /** {@code blk_mq_requeue_work}. */
  private void requeue(Exec x) {
    Request last = null;
    for (Request request = requeued.pop(); request != null; request = requeued.pop()) {
      if (last != null && last.hardwareQueue() != request.hardwareQueue()) {
        x.then(last.hardwareQueue().runStep());
      }
      request.hardwareQueue().insertAtHead(request);
      last = request;
    }
    if (last != null) {
      x.then(last.hardwareQueue().runStep());
    }
  }

  /** {@code mq_flush_data_end_io}. */
  void dataEnded(Exec x, Request request) {
    dataInFlight--;
    if (request.flushAfter && request.status == BlkStatus.OK) {
      request.flushStep = FlushStep.AFTER;
      await(x, request);
    } else {
      done(x, request);
      kick(x);
    }
  }

  private static void done(Exec x, Request request) {
    boolean hasEnded = request.flushStep != FlushStep.BEFORE;
    request.flushStep = FlushStep.NONE;
    if (hasEnded) {
      request.endAfterFlush(x);
    } else {
      request.end(x);
    }
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
      kick(x);
      return;
    }
    x.then(next);
    if (status == BlkStatus.OK && request.flushStep == FlushStep.BEFORE && request.sizeBytes > 0) {
      request.flushStep = FlushStep.DATA;
      dataInFlight++;
      requeue(x, request);
    } else {
      request.status = status == BlkStatus.OK ? request.status : status;
      done(x, request);
    }
  }
}
