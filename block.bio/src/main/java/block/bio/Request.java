package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;

/** Neighbouring bios on their way to the device under one tag ({@code struct request}). */
final class Request {
  private final HardwareQueue hardwareQueue;
  private final int handle;

  BioOp op;
  int reqFlags;
  long sector;
  int sizeBytes;
  int segments;
  BlkStatus status;

  /** CPU that submitted it: where {@code rq_affinity} wants it to complete. */
  int cpu;

  int pid;

  /** Has one of the device's places; without a scheduler, a tag is one. */
  boolean atDevice;

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

  Request(HardwareQueue hardwareQueue, int handle) {
    this.hardwareQueue = hardwareQueue;
    this.handle = handle;
  }

  HardwareQueue hardwareQueue() {
    return hardwareQueue;
  }

  RequestQueue queue() {
    return hardwareQueue.queue();
  }

  /** What the device knows it by. */
  int handle() {
    return handle;
  }

  void begin(Exec x, Bio bio, int bioSegments) {
    op = bio.op();
    reqFlags = bio.reqFlags();
    sector = bio.sector();
    sizeBytes = bio.sizeBytes();
    segments = bioSegments;
    status = BlkStatus.OK;
    cpu = x.cpu().id();
    pid = x.task() == null ? 0 : x.task().id();
    bio.next = null;
    head = bio;
    tail = bio;
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

  /** The device is told, at this instant. */
  private void doorbell(Exec x) {
    queue().start(x, this);
  }

  /** {@code blk_mq_end_request}: ends every bio in order, each in a step, then frees the tag. */
  void end(Exec x) {
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
