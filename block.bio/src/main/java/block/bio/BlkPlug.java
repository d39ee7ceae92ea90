package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.TaskLocal;
import sim.kernel.trace.Tracepoint;

/**
 * A task's own list of requests that it has not given to their devices yet ({@code struct
 * blk_plug}), so that neighbours merge. One a task; nested starts count.
 *
 * <p>Flushed by the outermost {@link #finish}, when the task blocks, and when a request is added to
 * 32 others (64 if they are for several devices) or behind one of 128 KiB or more.
 */
public final class BlkPlug {
  /** {@code BLK_MAX_REQUEST_COUNT}. */
  private static final int REQUESTS_MAX = 32;

  /** {@code BLK_PLUG_FLUSH_SIZE}. */
  private static final int FLUSH_BYTES = 128 << 10;

  private static final TaskLocal<BlkPlug> CURRENT = new TaskLocal<>();

  private final RequestList requests = new RequestList();
  private final RequestList issuing = new RequestList();
  private final Step issueNext = this::issueNext;
  private boolean severalQueues;
  private int depth;

  private BlkPlug() {}

  /** {@code blk_start_plug}: what the current task submits from now on waits in its plug. */
  public static void start(Exec x) {
    Task task = taskOf(x);
    BlkPlug plug = task.local(CURRENT);
    if (plug == null) {
      plug = new BlkPlug();
      task.setLocal(CURRENT, plug);
      task.setBeforeBlock(plug::taskBlocks);
    }
    plug.depth++;
  }

  private static Task taskOf(Exec x) {
    if (x instanceof Task task) {
      return task;
    }
    throw new IllegalStateException(x + ": plugs; only a task has a plug");
  }

  /** {@code blk_finish_plug}: ends {@link #start}; the outermost flushes. Step function. */
  public static void finish(Exec x) {
    BlkPlug plug = taskOf(x).local(CURRENT);
    if (plug == null || plug.depth == 0) {
      throw new IllegalStateException(x + ": blk_finish_plug without blk_start_plug");
    }
    plug.depth--;
    if (plug.depth == 0) {
      plug.flushNow(x);
    }
  }

  /** {@code blk_flush_plug}: gives what the current task has plugged to its devices. */
  public static void flush(Exec x) {
    BlkPlug plug = taskOf(x).local(CURRENT);
    if (plug != null) {
      plug.flushNow(x);
    }
  }

  /** The plug that takes what {@code x} submits; null if there is none. */
  static BlkPlug activeOf(Exec x) {
    if (!(x instanceof Task task) || !task.inTask()) {
      return null;
    }
    BlkPlug plug = task.local(CURRENT);
    return plug == null || plug.depth == 0 ? null : plug;
  }

  /** {@code blk_attempt_plug_merge}: the last request for a queue; null if there is none. */
  Request lastOf(RequestQueue queue) {
    Request last = requests.last();
    if (last == null || last.queue() == queue || !severalQueues) {
      return last == null || last.queue() != queue ? null : last;
    }
    last = null;
    for (Request request = requests.first(); request != null; request = request.next) {
      last = request.queue() == queue ? request : last;
    }
    return last;
  }

  /** {@code blk_add_rq_to_plug}. */
  void add(Exec x, Request request) {
    Request last = requests.last();
    if (last != null) {
      int max = severalQueues ? 2 * REQUESTS_MAX : REQUESTS_MAX;
      if (requests.size() >= max || last.sizeBytes >= FLUSH_BYTES) {
        flushNow(x);
      } else {
        severalQueues |= last.queue() != request.queue();
      }
    }
    requests.add(request);
  }

  /** {@code blk_mq_flush_plug_list}: issues each request, or hands it to its scheduler. */
  private void flushNow(Exec x) {
    if (requests.isEmpty()) {
      return;
    }
    traceUnplug(x);
    HardwareQueue scheduled = null;
    for (Request request = requests.pop(); request != null; request = requests.pop()) {
      HardwareQueue hardwareQueue = request.hardwareQueue();
      if (hardwareQueue.scheduler() == null) {
        issuing.add(request);
      } else {
        hardwareQueue.insert(x, request);
        if (hardwareQueue != scheduled) {
          x.then(hardwareQueue.runStep());
          scheduled = hardwareQueue;
        }
      }
    }
    severalQueues = false;
    if (!issuing.isEmpty()) {
      x.then(issueNext);
    }
  }

  private void issueNext(Exec x) {
    Request request = issuing.pop();
    if (request != null) {
      x.then(issueNext);
      request.queue().issue(x, request);
    }
  }

  /** {@code sched_submit_work}: a task that blocks leaves its requests to kblockd. */
  private void taskBlocks(Exec x) {
    if (requests.isEmpty()) {
      return;
    }
    traceUnplug(x);
    for (Request request = requests.pop(); request != null; request = requests.pop()) {
      request.hardwareQueue().insert(x, request);
      request.hardwareQueue().queueRun(x);
    }
    severalQueues = false;
  }

  private void traceUnplug(Exec x) {
    x.machine()
        .trace()
        .emit(x.nowNs(), x.cpu().id(), Tracepoint.BLOCK_UNPLUG, x.task().id(), requests.size());
  }
}
