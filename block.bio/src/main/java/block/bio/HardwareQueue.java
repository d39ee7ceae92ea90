package block.bio;

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
  private final RequestList dispatch = new RequestList();
  private final Step run = this::run;
  private final Work runWork;

  // Completion.
  private final IrqAction irq;
  private final RequestList completed = new RequestList();
  private final RequestList ending = new RequestList();
  private final long coalesceNs;
  private final long coalesceCount;
  private long coalesceHandle;
  private boolean irqRaised;
  private boolean flushCompleted;
  private final Step interrupt = this::interrupt;
  private final Step endNext = this::endNext;
  private final EventHandler coalesced = arg -> coalesced();

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
    requests = new Request[tags];
    freeTags = new int[tags];
    runWork = new Work("blk_mq_run_work_fn", run);
    irq =
        machine.requestIrq(
            device.layer().newIrq(),
            device.name() + "q" + index,
            machine.cpu(irqCpuOf(profile, device.name())));
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

  Request request(int tag) {
    return requests[tag];
  }

  /** {@code blk_mq_get_tag}: null if all are in use. */
  Request allocate() {
    if (freeCount > 0) {
      return requests[freeTags[--freeCount]];
    }
    if (tagsMade == requests.length) {
      return null;
    }
    int tag = tagsMade++;
    requests[tag] = new Request(this, index * requests.length + tag);
    return requests[tag];
  }

  /** Blocks the current task until a tag is freed; on the way its plug is flushed. */
  void waitForTag(Exec x) {
    tagWaiters.sleep(x);
  }

  /** {@code blk_mq_free_request}: frees the tag and whoever waits for it. */
  void free(Exec x, Request request) {
    freeTags[freeCount++] = request.handle() - index * requests.length;
    if (scheduler != null && request.atDevice) {
      devicePlaces++;
      if (!dispatch.isEmpty() || !scheduler.isEmpty()) {
        queueRun(x);
      }
    }
    request.atDevice = false;
    tagWaiters.wakeOne(x);
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

  /** {@code blk_mq_run_hw_queue}, async: has kblockd issue what waits. */
  void queueRun(Exec x) {
    Cpu cpu = queue.indexOf(x.cpu().id()) == index ? x.cpu() : machine.cpu(firstCpu);
    machine.workqueues().queueOn(x, cpu, queue.device().layer().kblockd(), runWork);
  }

  Step runStep() {
    return run;
  }

  /** {@code blk_mq_run_hw_queue}: issues what waits, while the device has places. */
  private void run(Exec x) {
    if (devicePlaces == 0 && scheduler != null) {
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

  /** The device has put a request on the completion queue; an event outside any CPU. */
  void completed(Request request) {
    completed.add(request);
    if (coalesceNs == 0 || completed.size() >= coalesceCount) {
      raise();
    } else if (coalesceHandle == 0 && !irqRaised) {
      coalesceHandle = machine.events().schedule(machine.nowNs() + coalesceNs, coalesced, 0);
    }
  }

  /** The device has completed the flush that this queue's CPU began. */
  void completedFlush() {
    flushCompleted = true;
    raise();
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
    if (flushCompleted) {
      flushCompleted = false;
      queue.flushes().completed(x);
    }
    for (Request request = completed.pop(); request != null; request = completed.pop()) {
      if (!queue.redirected(x, request)) {
        ending.add(request);
      }
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
}
