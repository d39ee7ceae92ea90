package block.bio;

import block.bio.device.CommandFate;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceKind;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.ThrottleLimits;
import block.bio.internal.DeviceModel;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The requests of one device on their way to it and back ({@code struct request_queue}, {@code
 * block/blk-mq.c}): splits and merges bios, finds them tags, issues them, and takes them back when
 * the device has completed them.
 */
final class RequestQueue {
  private final BlockDevice device;
  private final Machine machine;
  private final QueueLimits limits;
  private final HardwareQueue[] hardwareQueues;
  private final FlushSequence flushes;
  private final boolean writeBack;
  private final BlockDriver driver;
  private final BlkThrottle limiter;
  private final int rqAffinity;
  private final RequestList polled = new RequestList();
  private final RequestList reaped = new RequestList();
  private final Step reapNext = this::reapNext;
  private final Step reap = this::reap;
  private final CommandRecovery recovery;
  private final WritebackThrottle throttle;
  private DeviceFaults faults = DeviceFaults.NONE;

  /** Commands that the device works on. */
  private int working;

  RequestQueue(BlockDevice device) {
    this.device = device;
    machine = device.layer().machine();
    DeviceProfile profile = device.profile();
    limits = QueueLimits.of(profile);
    int cpus = machine.cpuCount();
    int queues = (int) profile.value(DeviceParameter.QUEUES);
    hardwareQueues = new HardwareQueue[queues == 0 ? cpus : Math.min(queues, cpus)];
    for (int i = 0; i < hardwareQueues.length; i++) {
      hardwareQueues[i] = new HardwareQueue(this, i);
    }
    recovery = new CommandRecovery(this, profile);
    flushes = new FlushSequence(this, profile.value(DeviceParameter.FUA) == 1);
    // blk_mq_complete_need_ipi: none where interrupts are threads, which finish what they took.
    boolean irqThreads = machine.build().rt();
    rqAffinity = irqThreads ? 0 : (int) profile.value(DeviceParameter.RQ_AFFINITY);
    writeBack =
        profile.value(DeviceParameter.WRITE_CACHE) > 0
            || profile.value(DeviceParameter.FLUSH_LATENCY) > 0
            || profile.kind() == DeviceKind.LOOP;
    throttle = new WritebackThrottle(this, hardwareQueues[0].tags(), writeBack);
    limiter =
        profile.limits().equals(ThrottleLimits.NONE)
            ? null
            : new BlkThrottle(this, profile.limits());
    driver = driver(profile);
  }

  private BlockDriver driver(DeviceProfile profile) {
    if (profile.kind() == DeviceKind.LOOP) {
      return new LoopDriver(this, device.backing());
    }
    if (profile.kind() == DeviceKind.NULL && profile.value(DeviceParameter.NULL_COMPLETION) < 2) {
      return this::completeAtOnce;
    }
    DeviceModel model = DeviceModel.of(machine, profile, this::completed, this::extraNs);
    boolean virtqueue = profile.value(DeviceParameter.DESCRIPTORS) > 0;
    return (x, request) -> {
      // virtqueue_kick_prepare: a backend that serves its queue asks for no notification.
      if (virtqueue && working == 0) {
        x.charge(Cost.VIRTQUEUE_KICK);
      }
      working++;
      model.start(
          request.handle(),
          request.op,
          request.sector,
          request.sizeBytes,
          request.segments,
          (request.reqFlags & ReqFlag.FUA.mask()) != 0);
    };
  }

  BlockDevice device() {
    return device;
  }

  int tagsInUse() {
    int sum = 0;
    for (HardwareQueue hardwareQueue : hardwareQueues) {
      sum += hardwareQueue.tagsInUse();
    }
    return sum;
  }

  HardwareQueue[] hardwareQueues() {
    return hardwareQueues;
  }

  HardwareQueue hardwareQueueOf(int cpu) {
    return hardwareQueues[indexOf(cpu)];
  }

  WritebackThrottle throttle() {
    return throttle;
  }

  CommandRecovery recovery() {
    return recovery;
  }

  void setFaults(DeviceFaults newFaults) {
    faults = newFaults;
  }

  long completeNs() {
    return machine.costNs(Cost.BIO_COMPLETE);
  }

  /** {@code blk_mq_map_queue}: neighbouring CPUs share a hardware queue. */
  int indexOf(int cpu) {
    return (int) ((long) cpu * hardwareQueues.length / machine.cpuCount());
  }

  // --- submission -------------------------------------------------------------------------------

  /** {@code submit_bio_noacct}. */
  void submitBio(Exec x, Bio bio) {
    bio.setSubmittedAtNs(x.nowNs());
    if (bio.endSector() > device.sectors() || bio.sector() < 0) {
      fail(x, bio, BlkStatus.IOERR);
      return;
    }
    if (!writeBack && ((bio.reqFlags() & FlushSequence.FLAGS) != 0 || bio.op() == BioOp.FLUSH)) {
      bio.clear(ReqFlag.PREFLUSH);
      bio.clear(ReqFlag.FUA);
      if (bio.sizeBytes() == 0) {
        device.layer().endBio(x, bio);
        return;
      }
    }
    if (limiter == null || !limiter.takes(x, bio)) {
      submitUnchecked(x, bio);
    }
  }

  /** {@code submit_bio_noacct_nocheck}: a bio over a limit is paid for by who dispatches it. */
  void submitUnchecked(Exec x, Bio bio) {
    if (!bio.has(BioFlag.TRACE_COMPLETION)) {
      x.charge(Cost.BIO_SUBMIT);
      traceBio(x, Tracepoint.BLOCK_BIO_QUEUE, bio);
      bio.set(BioFlag.TRACE_COMPLETION);
    }
    x.then(bio.submit);
  }

  /** {@code blk_mq_submit_bio}; runs again after each wait for a tag and for each remainder. */
  void submit(Exec x, Bio whole) {
    if (whole.remainder) {
      whole.remainder = false;
      if (limiter != null && limiter.takes(x, whole)) {
        return;
      }
    }
    Bio bio = whole;
    int frontBytes = limits.frontBytes(whole);
    if (frontBytes < whole.sizeBytes()) {
      if (whole.has(ReqFlag.NOWAIT)) {
        fail(x, whole, BlkStatus.AGAIN);
        return;
      }
      bio = split(x, whole, frontBytes);
      x.then(whole.submit);
    }
    if (device.hasIntegrity()) {
      BioIntegrity.prepare(x, bio);
    }
    int segments = bio.segments();
    BlkPlug plug = BlkPlug.activeOf(x);
    HardwareQueue hardwareQueue = hardwareQueues[indexOf(x.cpu().id())];
    if ((bio.reqFlags() & QueueLimits.UNMERGEABLE) == 0
        && (merges(x, bio, segments, plug == null ? null : plug.lastOf(this))
            || hardwareQueue.scheduler() != null
                && merges(x, bio, segments, hardwareQueue.scheduler().endingAt(bio)))) {
      throttle.release(x, bio);
      return;
    }
    if (!throttle.admits(x, bio)) {
      return;
    }
    Request request = hardwareQueue.allocate();
    if (request == null) {
      waitForTag(x, bio, hardwareQueue);
      return;
    }
    request.begin(x, bio, segments);
    if (flushes.takes(x, request)) {
      return;
    }
    if (plug != null) {
      plug.add(x, request);
    } else if (hardwareQueue.scheduler() != null) {
      // As from 6.10, where each bio that is submitted without a plug has one of its own.
      hardwareQueue.insert(x, request);
      x.then(hardwareQueue.runStep());
    } else {
      issue(x, request);
    }
  }

  /** The front becomes a bio of its own that ends into the rest. */
  private Bio split(Exec x, Bio whole, int frontBytes) {
    Bio front = device.layer().bios().alloc(whole.op(), 0);
    front.setDevice(device);
    front.cloneFront(whole, frontBytes, QueueLimits.segmentsOfFront(whole, frontBytes));
    whole.clear(ReqFlag.POLLED);
    front.setReqFlags(whole.reqFlags());
    front.set(ReqFlag.NOMERGE);
    front.set(BioFlag.CLONED);
    front.set(BioFlag.TRACE_COMPLETION);
    front.chain(whole);
    whole.remainder = true;
    QueueLimits.advance(whole, frontBytes);
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BLOCK_SPLIT,
            device.number(),
            front.sector(),
            whole.sector(),
            device.layer().rwbs().of(whole));
    return front;
  }

  private boolean merges(Exec x, Bio bio, int segments, Request request) {
    if (request == null || !request.takesBehind(bio, segments, limits)) {
      return false;
    }
    traceRange(x, Tracepoint.BLOCK_BIO_BACKMERGE, bio);
    request.mergeBehind(bio, segments);
    return true;
  }

  private void waitForTag(Exec x, Bio bio, HardwareQueue hardwareQueue) {
    if (bio.has(ReqFlag.NOWAIT)) {
      throttle.release(x, bio);
      fail(x, bio, BlkStatus.AGAIN);
      return;
    }
    x.then(bio.submit);
    hardwareQueue.waitForTag(x);
  }

  private void fail(Exec x, Bio bio, BlkStatus status) {
    bio.setStatus(status);
    device.layer().endBio(x, bio);
  }

  // --- issue ------------------------------------------------------------------------------------

  /** {@code queue_rq}: the device hears of it when the cost has elapsed. */
  void issue(Exec x, Request request) {
    if (!request.hardwareQueue().accepts()) {
      request.hardwareQueue().park(request);
      return;
    }
    recovery.started(x, request);
    throttle.issued(x, request);
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BLOCK_RQ_ISSUE,
            device.number(),
            request.sector,
            request.sizeBytes / Bio.SECTOR_BYTES,
            device.layer().rwbs().of(request.op, request.reqFlags),
            x.task() == null ? 0 : x.task().id());
    x.charge(Cost.REQUEST_ISSUE);
    x.then(request.doorbell);
  }

  /** The device takes a request at this instant. */
  void start(Exec x, Request request) {
    if (!request.hardwareQueue().takesDescriptors(request)) {
      throttle.forget(request);
      traceRequeue(x, request);
      request.requeued();
      request.hardwareQueue().stop(request);
      return;
    }
    request.fate = faults.fate(request.op, request.sector, request.sizeBytes);
    if (request.fate == CommandFate.ANSWERED) {
      driver.queueRequest(x, request);
    }
  }

  /** {@code null_blk} has nothing to do and completes from its {@code queue_rq}. */
  private void completeAtOnce(Exec x, Request request) {
    request.status = faults.outcome(request.op, request.sector, request.sizeBytes);
    complete(x, request);
  }

  private long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs) {
    return faults.extraNs(op, sector, sizeBytes, ordinaryNs);
  }

  // --- completion -------------------------------------------------------------------------------

  /** The device has completed a command; an event outside any CPU. */
  private void completed(long handle) {
    working--;
    Request request = requestOf(Request.indexOf(handle));
    if (!request.awaits(handle)) {
      recovery.answeredTooLate();
      return;
    }
    request.status = faults.outcome(request.op, request.sector, request.sizeBytes);
    answered(request, faults.interruptDelayNs(request.op, request.sector, request.sizeBytes));
  }

  /** Whether the device has commands that it has not completed. */
  boolean deviceWorks() {
    return working > 0;
  }

  /** The device puts a request on its completion queue. */
  void answered(Request request, long irqDelayNs) {
    request.answered = true;
    if (request.isPolled()) {
      polled.add(request);
    } else {
      request.hardwareQueue().completed(request, irqDelayNs);
    }
  }

  Request requestOf(int index) {
    int stride = hardwareQueues[0].tags() + 1;
    return hardwareQueues[index / stride].request(index % stride);
  }

  FlushSequence flushes() {
    return flushes;
  }

  /** {@code blk_mq_complete_request}: ends a request here, or where it should end. */
  void complete(Exec x, Request request) {
    request.completed();
    if (!redirected(x, request)) {
      request.end(x);
    }
  }

  /**
   * {@code blk_mq_complete_request_remote}: decides where a request's bios end.
   *
   * @return false if here and now; true if BLOCK softirq has been raised for it
   */
  boolean redirected(Exec x, Request request) {
    int here = x.cpu().id();
    HardwareQueue hardwareQueue = request.hardwareQueue();
    if (hardwareQueue.cpuCount() == 1 && request.cpu == here || request.isPolled()) {
      return false;
    }
    BlockSoftirq softirq = device.layer().softirq();
    if (needsIpi(here, request.cpu)) {
      softirq.send(x, request, request.cpu);
      return true;
    }
    if (hardwareQueues.length == 1) {
      softirq.raiseHere(x, request);
      return true;
    }
    return false;
  }

  /** {@code blk_mq_complete_need_ipi}. */
  private boolean needsIpi(int here, int submitter) {
    return rqAffinity > 0
        && here != submitter
        && (rqAffinity == 2 || !machine.profile().shareCache(here, submitter))
        && machine.cpu(submitter).isOnline();
  }

  // --- poll -----------------------------------------------------------------------------

  void poll(Exec x) {
    x.charge(Cost.BIO_POLL);
    x.then(reap);
  }

  private void reap(Exec x) {
    reaped.takeAll(polled);
    for (Request request = reaped.first(); request != null; request = request.next) {
      request.completed();
    }
    reapNext(x);
  }

  private void reapNext(Exec x) {
    Request request = reaped.pop();
    if (request != null) {
      x.then(reapNext);
      request.end(x);
    }
  }

  // --- trace
  // --------------------------------------------------------------------------------------

  private void traceBio(Exec x, Tracepoint tracepoint, Bio bio) {
    if (machine.trace().enabled(tracepoint)) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              tracepoint,
              device.number(),
              bio.sector(),
              bio.sectors(),
              device.layer().rwbs().of(bio),
              x.task() == null ? 0 : x.task().id(),
              bio.id());
    }
  }

  void traceRequeue(Exec x, Request request) {
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.BLOCK_RQ_REQUEUE,
            device.number(),
            request.sector,
            request.sizeBytes / Bio.SECTOR_BYTES,
            device.layer().rwbs().of(request.op, request.reqFlags));
  }

  private void traceRange(Exec x, Tracepoint tracepoint, Bio bio) {
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            tracepoint,
            device.number(),
            bio.sector(),
            bio.sectors(),
            device.layer().rwbs().of(bio));
  }
}
