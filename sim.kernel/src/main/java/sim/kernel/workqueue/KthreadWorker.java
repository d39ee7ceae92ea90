package sim.kernel.workqueue;

import java.util.ArrayDeque;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;
import sim.kernel.wait.WaitQueue;

/**
 * A thread with its own list of work ({@code struct kthread_worker}): no concurrency management, no
 * rescuer, any scheduling class.
 */
public final class KthreadWorker {
  /** Items that may wait; no honest code has so many. */
  private static final int ITEMS_MAX = 1 << 20;

  private final Machine machine;
  private final Task task;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private final WaitQueue endWaiters = new WaitQueue();
  private final Step loop = this::loop;
  private boolean idle = true;
  private boolean stopping;
  private boolean ended;
  private long wakeUps;

  /** One thing for a {@link KthreadWorker} to do ({@code struct kthread_work}). */
  public static final class Item {
    private final Step function;
    private final String name;
    private boolean pending;
    private int traceId;

    /**
     * An item that is not queued.
     *
     * @param name the function's name, for the trace
     * @param function its first step, in the worker's task
     */
    public Item(String name, Step function) {
      this.name = name;
      this.function = function;
    }

    /** Whether it waits to be run. */
    public boolean isPending() {
      return pending;
    }
  }

  /**
   * A fair worker that has nothing to do; {@link #task} sets its class before the first item.
   *
   * @param name the thread's {@code comm}
   * @param cpus where it may run
   */
  public KthreadWorker(Machine machine, String name, CpuMask cpus) {
    this.machine = machine;
    task = machine.newTask(name, true, cpus);
    task.then(loop);
  }

  /** The thread. */
  public Task task() {
    return task;
  }

  /**
   * {@code kthread_queue_work}.
   *
   * @param x who queues, charged for it; null if it is an event outside any CPU
   * @return false if it was pending
   */
  public boolean queue(Exec x, Item item) {
    if (stopping) {
      throw new IllegalStateException(task + " has been stopped; nothing can be queued on it");
    }
    if (item.pending) {
      return false;
    }
    if (items.size() == ITEMS_MAX) {
      throw new IllegalStateException(
          task + ": " + ITEMS_MAX + " items wait; somebody queues " + item.name + " for ever");
    }
    item.pending = true;
    items.addLast(item);
    if (item.traceId == 0) {
      item.traceId = machine.trace().name(item.name);
    }
    machine
        .trace()
        .emit(
            machine.nowNs(),
            x == null ? -1 : x.cpu().id(),
            Tracepoint.SCHED_KTHREAD_WORK_QUEUE_WORK,
            item.traceId,
            task.id());
    if (x != null) {
      x.charge(Cost.QUEUE_WORK);
    }
    if (idle) {
      idle = false;
      wakeUps++;
      task.wake();
    }
    return true;
  }

  /** Takes an item back that has not begun. */
  public boolean cancel(Item item) {
    item.pending = false;
    return items.remove(item);
  }

  /** {@code kthread_destroy_worker}, without waiting: ends the thread when its items are done. */
  public void stop() {
    stopping = true;
    if (idle) {
      idle = false;
      task.wake();
    }
  }

  /**
   * {@code kthread_destroy_worker}: as {@link #stop}, and waits until its items are done. A step
   * function, in a task that may sleep and is not this worker's.
   */
  public void destroy(Exec x) {
    stop();
    awaitEnd(x);
  }

  private void awaitEnd(Exec x) {
    if (!ended) {
      x.then(this::awaitEnd);
      endWaiters.sleep(x);
    }
  }

  /** Whether it has an item, waiting or running. */
  public boolean isBusy() {
    return !idle && !ended;
  }

  /** Number of times the thread was woken to work. */
  public long wakeUps() {
    return wakeUps;
  }

  private void loop(Exec x) {
    x.markedReturned();
    Item item = items.pollFirst();
    if (item == null) {
      if (stopping) {
        ended = true;
        endWaiters.wakeAll(x);
        return;
      }
      x.then(loop);
      idle = true;
      x.block();
      return;
    }
    x.then(loop);
    item.pending = false;
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.SCHED_KTHREAD_WORK_EXECUTE_START,
            item.traceId,
            task.id());
    x.markAtomic();
    item.function.run(x);
  }
}
