package sim.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.event.EventQueue;

/**
 * The runnable tasks of one CPU, its running one excepted ({@code struct rq}).
 *
 * <p>SCHED_FIFO by priority, first in, first out; the fair class as EEVDF: among the tasks that
 * have received no more than their share, the one with the earliest virtual deadline. Fair tasks
 * are searched linearly: a simulated CPU rarely has more than a dozen.
 */
final class RunQueue {
  /** {@code sysctl_sched_base_slice} of a machine with eight or more CPUs. */
  static final long BASE_SLICE_NS = 2_800_000;

  /**
   * SCHED_FIFO may starve fair tasks for so long, then they are served for the rest of a second.
   */
  static final long FIFO_RUNTIME_NS = 950_000_000;

  static final long FAIR_SERVER_NS = 50_000_000;

  private final EventQueue events;
  private final ArrayDeque<Task>[] fifo = newFifo();
  private final List<Task> fair = new ArrayList<>();
  private int fifoCount;

  /** When a fair task ran last, or began to wait. */
  private long fairServedNs;

  /** Until when fair tasks go before FIFO ones. */
  private long fairServerEndNs;

  /** Virtual time that a newly woken fair task starts from. */
  private long minVruntimeNs;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ArrayDeque<Task>[] newFifo() {
    return new ArrayDeque[100];
  }

  RunQueue(EventQueue events) {
    this.events = events;
  }

  boolean isEmpty() {
    return fifoCount == 0 && fair.isEmpty();
  }

  int size() {
    return fifoCount + fair.size();
  }

  void addLast(Task task) {
    task.queued = true;
    if (task.schedClass == SchedClass.FIFO) {
      fifoOf(task).addLast(task);
      fifoCount++;
    } else {
      if (fair.isEmpty()) {
        fairServedNs = events.nowNs();
      }
      fair.add(task);
    }
  }

  /** Puts a preempted task back: a FIFO task keeps its place at the head. */
  void addPreempted(Task task) {
    if (task.schedClass == SchedClass.FIFO) {
      task.queued = true;
      fifoOf(task).addFirst(task);
      fifoCount++;
    } else {
      addLast(task);
    }
  }

  private ArrayDeque<Task> fifoOf(Task task) {
    ArrayDeque<Task> list = fifo[task.fifoPriority];
    if (list == null) {
      list = new ArrayDeque<>();
      fifo[task.fifoPriority] = list;
    }
    return list;
  }

  /** Gives a woken fair task its place in virtual time: no credit for having slept. */
  void place(Task task, Task running) {
    if (task.schedClass == SchedClass.FAIR) {
      task.vruntimeNs = Math.max(task.vruntimeNs, averageVruntimeNs(running));
      renewDeadline(task);
    }
  }

  static void renewDeadline(Task task) {
    task.deadlineNs = task.vruntimeNs + BASE_SLICE_NS * 1024 / task.weight;
  }

  /** Charges a running fair task; a request that has been served is renewed. */
  void ran(Task task, long ns) {
    if (task.schedClass == SchedClass.FAIR) {
      task.vruntimeNs += task.weight == 1024 ? ns : ns * 1024 / task.weight;
      minVruntimeNs = Math.max(minVruntimeNs, task.vruntimeNs - BASE_SLICE_NS);
    }
  }

  /** Weighted mean of the virtual run times ({@code avg_vruntime}). */
  private long averageVruntimeNs(Task running) {
    long weight = 0;
    long sum = 0;
    if (running != null && running.schedClass == SchedClass.FAIR) {
      weight = running.weight;
      sum = (running.vruntimeNs - minVruntimeNs) * running.weight;
    }
    for (int i = 0; i < fair.size(); i++) {
      Task task = fair.get(i);
      weight += task.weight;
      sum += (task.vruntimeNs - minVruntimeNs) * task.weight;
    }
    return weight == 0 ? minVruntimeNs : minVruntimeNs + Math.floorDiv(sum, weight);
  }

  /**
   * The fair server ({@code dl_server}): after {@link #FIFO_RUNTIME_NS} in which FIFO tasks kept
   * waiting fair ones from running, these go first for {@link #FAIR_SERVER_NS}. Asked at each tick.
   *
   * @return whether the running task has to give way
   */
  boolean fairServerTick(Task running) {
    long nowNs = events.nowNs();
    if (running.schedClass == SchedClass.FAIR || fair.isEmpty()) {
      fairServedNs = nowNs;
      return running.schedClass == SchedClass.FAIR && fifoCount > 0 && nowNs >= fairServerEndNs;
    }
    if (nowNs - fairServedNs >= FIFO_RUNTIME_NS) {
      fairServerEndNs = nowNs + FAIR_SERVER_NS;
      return true;
    }
    return false;
  }

  /** Whether {@code woken} should run instead of {@code running}. */
  boolean preempts(Task woken, Task running) {
    if (woken.schedClass == SchedClass.FIFO) {
      if (running.schedClass == SchedClass.FAIR && events.nowNs() < fairServerEndNs) {
        return false;
      }
      return running.schedClass != SchedClass.FIFO || woken.fifoPriority > running.fifoPriority;
    }
    if (running.schedClass == SchedClass.FIFO) {
      return false;
    }
    return woken.vruntimeNs <= averageVruntimeNs(running) && woken.deadlineNs < running.deadlineNs;
  }

  /** Whether a running fair task has used up its request while others wait. */
  boolean sliceUsed(Task running) {
    return running.schedClass == SchedClass.FAIR
        && running.vruntimeNs >= running.deadlineNs
        && size() > 0;
  }

  /** Removes and returns the task to run next; null if none is runnable. */
  Task pick() {
    boolean fairFirst = events.nowNs() < fairServerEndNs && !fair.isEmpty();
    if (fifoCount > 0 && !fairFirst) {
      for (int priority = 99; priority > 0; priority--) {
        ArrayDeque<Task> list = fifo[priority];
        if (list != null && !list.isEmpty()) {
          fifoCount--;
          return taken(list.pollFirst());
        }
      }
    }
    if (fair.isEmpty()) {
      return null;
    }
    long average = averageVruntimeNs(null);
    Task best = null;
    for (int i = 0; i < fair.size(); i++) {
      Task task = fair.get(i);
      if (task.vruntimeNs >= task.deadlineNs) {
        renewDeadline(task);
      }
      if (task.vruntimeNs <= average && (best == null || task.deadlineNs < best.deadlineNs)) {
        best = task;
      }
    }
    fair.remove(best);
    return taken(best);
  }

  /** How many fair tasks wait here. */
  int fairCount() {
    return fair.size();
  }

  /** A fair task that waits here. */
  Task fair(int index) {
    return fair.get(index);
  }

  /** Whether a fair task that waits here may run on {@code cpu}. */
  boolean canSteal(int cpu) {
    for (int i = 0; i < fair.size(); i++) {
      if (fair.get(i).mayRunOn(cpu)) {
        return true;
      }
    }
    return false;
  }

  /** Removes and returns a fair task that may run on {@code cpu}; null if there is none. */
  Task steal(int cpu) {
    for (int i = 0; i < fair.size(); i++) {
      if (fair.get(i).mayRunOn(cpu)) {
        return taken(fair.remove(i));
      }
    }
    return null;
  }

  /** Removes and returns a task that may run on other CPUs; null if there is none. */
  Task removeMigratable() {
    for (int i = 0; i < fair.size(); i++) {
      if (isMigratable(fair.get(i))) {
        return taken(fair.remove(i));
      }
    }
    for (ArrayDeque<Task> list : fifo) {
      for (Task task : list == null ? new ArrayDeque<Task>() : list) {
        if (isMigratable(task)) {
          list.remove(task);
          fifoCount--;
          return taken(task);
        }
      }
    }
    return null;
  }

  private static boolean isMigratable(Task task) {
    return !task.isPinned() && task.migrationDisableDepth == 0;
  }

  /** Takes out a task that waits here. */
  void remove(Task task) {
    if (task.schedClass == SchedClass.FIFO) {
      fifoOf(task).remove(task);
      fifoCount--;
    } else {
      fair.remove(task);
    }
    taken(task);
  }

  /** Whether a FIFO task of a higher priority waits here. */
  boolean fifoAbove(int priority) {
    for (int above = 99; above > priority && fifoCount > 0; above--) {
      if (fifo[above] != null && !fifo[above].isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Virtual time a migrating task is measured from. */
  long baseVruntimeNs() {
    return minVruntimeNs;
  }

  private static Task taken(Task task) {
    task.queued = false;
    return task;
  }
}
