package block.bio;

import block.bio.device.DeviceFaults;
import block.bio.device.DeviceKind;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.IrqAction;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.wait.WaitQueue;
import sim.kernel.workqueue.Work;

/**
 * One of a device's queues ({@code struct blk_mq_hw_ctx}): tags, what waits to be issued, and an
 * interrupt vector with the completions that wait for it.
 */
final class HardwareQueue {
  /** {@code msleep(3)} in {@code __blk_mq_alloc_requests}. */
  private static final long INACTIVE_SLEEP_NS = 3_000_000;

  private final RequestQueue queue;
  private final Machine machine;
  private final int index;
  private final int firstCpu;
  private final int cpuCount;

  // Tags: requests that are not in use, the last freed first; the rest are made when needed.
  private final Request[] requests;
  private final int[] freeTags;
  private int freeCount;
  private int tagsMade;
  private final WaitQueue tagWaiters = new WaitQueue();

  // Issue: only with a scheduler are there fewer places at the device than tags.
  private final MqDeadline scheduler;
  private int devicePlaces;
  private final Virtqueue virtqueue;
  private boolean stopped;
  private final RequestList dispatch = new RequestList();
  private final Step run = this::run;
  private final Work runWork;

  // Completion: a loop device has no interrupt.
  private final IrqAction irq;
  private Request flushRequest;
  private boolean inactive;
  private final RequestList completed = new RequestList();
  private final RequestList ending = new RequestList();
  private final boolean drained;
  private final long coalesceNs;
  private final long coalesceCount;
  private long coalesceHandle;
  private boolean irqRaised;
  private final Step interrupt = this::interrupt;
  private final Step endNext = this::endNext;
  private final EventHandler coalesced = arg -> coalesced();
  private final EventHandler late = arg -> raise();

  HardwareQueue(RequestQueue queue, int index) {
    this.queue = queue;
    this.index = index;
    BlockDevice device = queue.device();
    DeviceProfile profile = device.profile();
    machine = device.layer().machine();
    int first = -1;
    int count = 0;
    for (int cpu = 0; cpu < machine.cpuCount(); cpu++) {
      if (queue.indexOf(cpu) == index) {
        first = first < 0 ? cpu : first;
        count++;
      }
    }
    firstCpu = first;
    cpuCount = count;
    int depth = (int) profile.value(DeviceParameter.DEPTH);
    boolean scheduled = profile.value(DeviceParameter.SCHEDULER) == 1;
    int tags = scheduled ? (int) profile.value(DeviceParameter.NR_REQUESTS) : depth;
    scheduler = scheduled ? new MqDeadline(tags) : null;
    devicePlaces = depth;
    int descriptors = (int) profile.value(DeviceParameter.DESCRIPTORS);
    virtqueue = descriptors == 0 ? null : new Virtqueue(descriptors);
    requests = new Request[tags];
    freeTags = new int[tags];
    runWork = new Work("blk_mq_run_work_fn", run);
    irq =
        profile.kind() == DeviceKind.LOOP
            ? null
            : machine.requestIrq(
                device.layer().newIrq(),
                device.name() + "q" + index,
                machine.cpu(irqCpuOf(profile, device.name())));
    drained = profile.value(DeviceParameter.INTERRUPTS) == DeviceParameter.DRAINED;
    coalesceNs = profile.value(DeviceParameter.COALESCE_TIME);
    coalesceCount = profile.value(DeviceParameter.COALESCE_COUNT);
  }

  private int irqCpuOf(DeviceProfile profile, String name) {
    long wanted = profile.value(DeviceParameter.IRQ_CPU);
    if (wanted >= machine.cpuCount()) {
      throw new IllegalArgumentException(
          name
              + ": irq-cpu is "
              + wanted
              + "; the machine has CPUs 0 to "
              + (machine.cpuCount() - 1));
    }
    return wanted < 0 ? firstCpu : (int) wanted;
  }

  RequestQueue queue() {
    return queue;
  }

  /** CPUs that submit to this queue ({@code nr_ctx}). */
  int cpuCount() {
    return cpuCount;
  }

  /** The I/O scheduler; null if there is none. */
  MqDeadline scheduler() {
    return scheduler;
  }

  // --- tags -------------------------------------------------------------------------------------

  int tags() {
    return requests.length;
  }

  int tagsInUse() {
    return tagsMade - freeCount;
  }

  /** A request by its tag; behind the last, the FLUSH. Null if it was never used. */
  Request request(int tag) {
    return tag == requests.length ? flushRequest : requests[tag];
  }

  /** Requests that it may have, the FLUSH among them. */
  private int stride() {
    return requests.length + 1;
  }

  /** The request that is issued for PREFLUSH and FLUSH ({@code flush_rq}); has no tag. */
  Request flushRequest() {
    if (flushRequest == null) {
      flushRequest = new Request(this, index * stride() + requests.length);
    }
    return flushRequest;
  }

  /** {@code blk_mq_get_tag}: null if all are in use, or if the queue's last CPU is leaving. */
  Request allocate() {
    if (inactive) {
      return null;
    }
    if (freeCount > 0) {
      return requests[freeTags[--freeCount]];
    }
    if (tagsMade == requests.length) {
      return null;
    }
    int tag = tagsMade++;
    requests[tag] = new Request(this, index * stride() + tag);
    return requests[tag];
  }

  /**
   * Blocks the current task until a tag is freed; on the way its plug is flushed. If the queue
   * takes no more, the task sleeps for 3 ms, after which it is on another CPU.
   */
  void waitForTag(Exec x) {
    if (inactive) {
      machine.timers().scheduleTimeout(x, machine.timers().ticksOf(INACTIVE_SLEEP_NS));
    } else {
      tagWaiters.sleep(x);
    }
  }

  /** {@code blk_mq_free_request}: frees the tag and whoever waits for it. */
  void free(Exec x, Request request) {
    freeTags[freeCount++] = request.index() - index * stride();
    ended(x, request);
    tagWaiters.wakeOne(x);
  }

  boolean isFlush(Request request) {
    return request == flushRequest;
  }

  /** The device has done with a request, which may keep its tag. */
  void ended(Exec x, Request request) {
    request.state = Request.State.IDLE;
    if (leaveDevice(request) && (!dispatch.isEmpty() || !scheduler.isEmpty())) {
      queueRun(x);
    }
  }

  /** Gives its place at the device back; false if it had none of its own. */
  private boolean leaveDevice(Request request) {
    boolean had = request.atDevice;
    devicePlaces += had ? 1 : 0;
    request.atDevice = false;
    return had;
  }

  // --- issue ------------------------------------------------------------------------------------

  /** {@code blk_mq_insert_request}: leaves a request for {@link #run}. */
  void insert(Exec x, Request request) {
    if (scheduler != null) {
      scheduler.add(request, x.nowNs());
    } else {
      dispatch.add(request);
    }
  }

  /** Leaves a request for {@link #run}, ahead of all that the scheduler has. */
  void insertAtHead(Request request) {
    dispatch.add(request);
  }

  /** {@code blk_mq_hctx_stopped}, {@code blk_queue_quiesced}: whether anything may be issued. */
  boolean accepts() {
    return !stopped && !queue.recovery().isResetting();
  }

  /** {@code virtqueue_add_sgs}: false if there are too few descriptors. */
  boolean takesDescriptors(Request request) {
    return virtqueue == null || virtqueue.add(request);
  }

  /**
   * {@code BLK_STS_DEV_RESOURCE}: nothing is issued until the device has completed something, and
   * then this request first.
   */
  void stop(Request request) {
    leaveDevice(request);
    dispatch.addFirst(request);
    stopped = true;
  }

  /** {@code blk_mq_requeue_request}: back from the device, to be issued again ahead of others. */
  void requeue(Exec x, Request request) {
    leaveDevice(request);
    request.state = Request.State.IDLE;
    dispatch.add(request);
    queueRun(x);
  }

  /** Leaves a request here until the queue is no longer quiesced. */
  void park(Request request) {
    leaveDevice(request);
    dispatch.add(request);
  }

  /** {@code blk_mq_run_hw_queue}, async: has kblockd issue what waits. */
  void queueRun(Exec x) {
    machine.workqueues().queueOn(x, runCpu(x.cpu()), queue.device().layer().kblockd(), runWork);
  }

  /** {@code blk_mq_hctx_next_cpu}: a CPU of this queue that is online, or else any. */
  private Cpu runCpu(Cpu here) {
    if (queue.indexOf(here.id()) == index) {
      return here;
    }
    for (int cpu = firstCpu; cpu < firstCpu + cpuCount; cpu++) {
      if (machine.cpu(cpu).isOnline()) {
        return machine.cpu(cpu);
      }
    }
    return here;
  }

  Step runStep() {
    return run;
  }

  /** {@code blk_mq_run_hw_queue}: issues what waits, while the device has places. */
  private void run(Exec x) {
    if (devicePlaces == 0 && scheduler != null || !accepts()) {
      return;
    }
    Request request = dispatch.pop();
    if (request == null && scheduler != null) {
      request = scheduler.next(x.nowNs());
    }
    if (request == null) {
      return;
    }
    if (scheduler != null) {
      devicePlaces--;
      request.atDevice = true;
    }
    x.then(run);
    queue.issue(x, request);
  }

  // --- completion -------------------------------------------------------------------------------

  /**
   * The device has put a request on the completion queue; an event outside any CPU.
   *
   * @param irqDelayNs from here to the interrupt; {@link DeviceFaults#NEVER}: it is lost
   */
  void completed(Request request, long irqDelayNs) {
    completed.add(request);
    if (irqDelayNs > 0) {
      if (irqDelayNs != DeviceFaults.NEVER) {
        machine.events().schedule(machine.nowNs() + irqDelayNs, late, 0);
      }
      return;
    }
    if (drained && queue.deviceWorks()) {
      return;
    }
    if (coalesceNs == 0 || completed.size() >= coalesceCount) {
      raise();
    } else if (coalesceHandle == 0 && !irqRaised) {
      coalesceHandle = machine.events().schedule(machine.nowNs() + coalesceNs, coalesced, 0);
    }
  }

  private void coalesced() {
    coalesceHandle = 0;
    raise();
  }

  private void raise() {
    if (coalesceHandle != 0) {
      machine.events().cancel(coalesceHandle);
      coalesceHandle = 0;
    }
    if (!irqRaised) {
      irqRaised = true;
      irq.raise(interrupt);
    }
  }

  /** The driver's handler: sweeps the completion queue, then ends what ends here as one batch. */
  private void interrupt(Exec x) {
    irqRaised = false;
    poll(x);
  }

  /** {@code nvme_poll_cq}: takes all that the device has completed. */
  void poll(Exec x) {
    for (Request request = completed.pop(); request != null; request = completed.pop()) {
      request.completed();
      if (virtqueue != null) {
        virtqueue.release(request);
      }
      if (!queue.redirected(x, request)) {
        ending.add(request);
      }
    }
    if (stopped && virtqueue.hasFreed()) {
      // blk_mq_start_stopped_hw_queues.
      stopped = false;
      queueRun(x);
    }
    if (!ending.isEmpty()) {
      x.then(endNext);
    }
  }

  private void endNext(Exec x) {
    Request request = ending.pop();
    if (request != null) {
      x.then(endNext);
      request.end(x);
    }
  }

  // --- CPU hotplug ------------------------------------------------------------------------------

  /** {@code blk_mq_last_cpu_in_hctx}: whether no other CPU of this queue is online. */
  boolean isLastCpu(int leaving) {
    if (queue.indexOf(leaving) != index) {
      return false;
    }
    for (int cpu = firstCpu; cpu < firstCpu + cpuCount; cpu++) {
      if (cpu != leaving && machine.cpu(cpu).isOnline()) {
        return false;
      }
    }
    return true;
  }

  /** {@code BLK_MQ_S_INACTIVE}: no more tags while the last CPU goes. */
  void setInactive(boolean leaving) {
    inactive = leaving;
  }

  /** {@code blk_mq_run_hw_queues}: has kblockd issue what nobody else will. */
  void runWhatWaits(Exec x) {
    if (!dispatch.isEmpty() || scheduler != null && !scheduler.isEmpty()) {
      queueRun(x);
    }
  }
}
