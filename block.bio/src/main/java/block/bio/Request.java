package block.bio;

import block.bio.device.CommandFate;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;

/** Neighbouring bios on their way to the device under one tag ({@code struct request}). */
final class Request {
  /** {@code enum mq_rq_state}. */
  enum State {
    /** Not at the device. */
    IDLE,
    /** Issued; it may complete or time out, whichever comes first. */
    IN_FLIGHT,
    /** Completed, or given up by a time-out: no answer of the device is for it any more. */
    COMPLETE
  }

  private static final int GENERATION_SHIFT = 32;

  private final HardwareQueue hardwareQueue;
  private final int index;

  BioOp op;
  int reqFlags;
  long sector;
  int sizeBytes;
  int segments;

  /** Descriptors of the device's virtqueue that it has. */
  int descriptors;

  BlkStatus status;

  /** CPU that submitted it: where {@code rq_affinity} wants it to complete. */
  int cpu;

  int pid;

  /** Has one of the device's places; without a scheduler, a tag is one. */
  boolean atDevice;

  State state = State.IDLE;

  /** Whether its completion is on the device's queue, seen or not. */
  boolean answered;

  /** Whether it has a place of writeback throttling. */
  boolean throttled;

  /** What it waits for, if it is to be ordered by FLUSHes. */
  FlushStep flushStep = FlushStep.NONE;

  /** Whether a FLUSH comes behind its data. */
  boolean flushAfter;

  long issuedAtNs;

  /** When its time is over, while it is in flight. */
  long timeoutAtNs;

  /** What the device makes of the command. */
  CommandFate fate;

  /** Was told to be aborted and has not come back ({@code IOD_ABORTED}). */
  boolean aborted;

  /** Ended by an abort or a reset, so that it may be issued again. */
  boolean cancelled;

  /** Times that it was issued again. */
  int retries;

  /** Distinguishes the commands that are made of it, one after the other ({@code genctr}). */
  private int generation;

  private int doorbells;

  /** Latest time at which a scheduler should give it to the device. */
  long deadlineNs;

  /** Links: of the one list it is in, and of a scheduler's list by age. */
  Request next;

  Request older;
  Request younger;

  private Bio head;
  private Bio tail;
  final Step doorbell = this::doorbell;
  private final Step endNext = this::endNext;
  private final Step charged = this::charged;

  Request(HardwareQueue hardwareQueue, int index) {
    this.hardwareQueue = hardwareQueue;
    this.index = index;
  }

  HardwareQueue hardwareQueue() {
    return hardwareQueue;
  }

  RequestQueue queue() {
    return hardwareQueue.queue();
  }

  /** Its place among all requests of the device. */
  int index() {
    return index;
  }

  /** What the device knows its current command by. */
  long handle() {
    return (long) generation << GENERATION_SHIFT | index;
  }

  static int indexOf(long handle) {
    return (int) handle;
  }

  /**
   * {@code nvme_find_rq}: whether an answer is for the command that this request is waiting for.
   */
  boolean awaits(long handle) {
    return handle == handle() && state == State.IN_FLIGHT && !answered;
  }

  /** Whether it is the one that stands for a hardware queue's FLUSH. */
  boolean isFlush() {
    return hardwareQueue.isFlush(this);
  }

  /** A FLUSH of the device's cache, for somebody's bio. */
  void beginFlush(Exec x, int forPid) {
    op = BioOp.FLUSH;
    reqFlags = 0;
    sector = 0;
    sizeBytes = 0;
    segments = 0;
    status = BlkStatus.OK;
    cpu = x.cpu().id();
    pid = forPid;
    retries = 0;
  }

  /** {@code blk_mq_start_request}. */
  void started(long nowNs, long timeOutNs) {
    issuedAtNs = nowNs;
    generation++;
    doorbells++;
    state = State.IN_FLIGHT;
    answered = false;
    aborted = false;
    cancelled = false;
    status = BlkStatus.OK;
    timeoutAtNs = timeOutNs;
  }

  void begin(Exec x, Bio bio, int bioSegments) {
    op = bio.op();
    reqFlags = bio.reqFlags();
    sector = bio.sector();
    sizeBytes = bio.sizeBytes();
    segments = bioSegments;
    status = BlkStatus.OK;
    retries = 0;
    cancelled = false;
    cpu = x.cpu().id();
    pid = x.task() == null ? 0 : x.task().id();
    throttled = bio.throttled;
    flushStep = FlushStep.NONE;
    bio.throttled = false;
    bio.next = null;
    head = bio;
    tail = bio;
  }

  /** The first of its bios, which are linked by {@code next}. */
  Bio firstBio() {
    return head;
  }

  long endSector() {
    return sector + sizeBytes / Bio.SECTOR_BYTES;
  }

  boolean isPolled() {
    return (reqFlags & ReqFlag.POLLED.mask()) != 0;
  }

  /** {@code blk_try_merge}, back: whether this bio may become part of this request. */
  boolean takesBehind(Bio bio, int bioSegments, QueueLimits limits) {
    return bio.sector() == endSector()
        && bio.op() == op
        && ((reqFlags | bio.reqFlags()) & QueueLimits.UNMERGEABLE) == 0
        && (long) sizeBytes + bio.sizeBytes() <= limits.requestBytesMax()
        && segments + bioSegments <= limits.segmentsMax();
  }

  void mergeBehind(Bio bio, int bioSegments) {
    bio.next = null;
    tail.next = bio;
    tail = bio;
    sizeBytes += bio.sizeBytes();
    segments += bioSegments;
  }

  /** The device is told, at this instant, unless a reset came in between. */
  private void doorbell(Exec x) {
    doorbells--;
    if (doorbells == 0 && state == State.IN_FLIGHT) {
      queue().start(x, this);
    }
  }

  /** {@code WRITE_ONCE(rq->state, MQ_RQ_COMPLETE)}: nothing else may end it from now on. */
  void completed() {
    if (state == State.IN_FLIGHT) {
      queue().recovery().left();
    }
    state = State.COMPLETE;
  }

  /** {@code __blk_mq_requeue_request}: the device has not taken it. */
  void requeued() {
    if (state == State.IN_FLIGHT) {
      queue().recovery().left();
    }
    state = State.IDLE;
  }

  /**
   * The driver's {@code complete}: issues again what was cancelled. Everything else ends, {@code
   * blk_mq_end_request}: every bio in order, each in a step; then the tag is freed.
   */
  void end(Exec x) {
    if (cancelled) {
      if (retries < queue().recovery().retriesMax()) {
        retries++;
        queue().recovery().requeue(x, this);
        return;
      }
      queue().recovery().gaveUp();
    }
    queue().throttle().done(x, this);
    BlockDevice device = queue().device();
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BLOCK_RQ_COMPLETE,
            device.number(),
            sector,
            sizeBytes / Bio.SECTOR_BYTES,
            status.errno(),
            device.layer().rwbs().of(op, reqFlags));
    if (isFlush()) {
      hardwareQueue.ended(x, this);
      queue().flushes().completed(x, status);
    } else if (flushStep == FlushStep.DATA) {
      hardwareQueue.ended(x, this);
      queue().flushes().dataEnded(x, this);
    } else {
      endNext(x);
    }
  }

  /** {@code blk_flush_restore_request}: ends with its bios what has been traced as complete. */
  void endAfterFlush(Exec x) {
    endNext(x);
  }

  private void endNext(Exec x) {
    if (head == null) {
      hardwareQueue.free(x, this);
      return;
    }
    x.charge(queue().completeNs());
    x.then(charged);
  }

  private void charged(Exec x) {
    Bio bio = head;
    head = bio.next;
    bio.next = null;
    if (status != BlkStatus.OK) {
      bio.setStatus(status);
    }
    x.then(endNext);
    queue().device().layer().endBio(x, bio);
  }
}
