package sim.kernel;

import java.util.ArrayDeque;
import sim.kernel.event.EventQueue;

/**
 * The runnable tasks of one CPU, its running one excepted ({@code struct rq}).
 *
 * <p>SCHED_FIFO by priority, first in, first out, ahead of the {@link FairQueue fair class}.
 */
final class RunQueue {
  /**
   * SCHED_FIFO may starve fair tasks for so long, then they are served for the rest of a second.
   */
  static final long FIFO_RUNTIME_NS = 950_000_000;

  static final long FAIR_SERVER_NS = 50_000_000;

  /** {@code sysctl_sched_migration_cost}: a task that ran less long ago has a warm cache. */
  static final long MIGRATION_COST_NS = 500_000;

  private final EventQueue events;
  private final ArrayDeque<Task>[] fifo = newFifo();
  private final FairQueue fair;
  private int fifoCount;

  /** When a fair task ran last, or began to wait. */
  private long fairServedNs;

  /** Until when fair tasks go before FIFO ones. */
  private long fairServerEndNs;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static ArrayDeque<Task>[] newFifo() {
    return new ArrayDeque[100];
  }

  RunQueue(Machine machine) {
    events = machine.events();
    fair = new FairQueue(events, machine.profile().cpus(), machine.build().tickNs());
  }

  boolean isEmpty() {
    return fifoCount == 0 && fair.size() == 0;
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
      noteFairWaits();
      fair.add(task);
    }
  }

  private void noteFairWaits() {
    if (fair.size() == 0) {
      fairServedNs = events.nowNs();
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

  /** {@code enqueue_entity}: gives a task that has been away its place in virtual time. */
  void place(Task task, Task running) {
    if (task.schedClass == SchedClass.FAIR) {
      fair.enter(task, running);
    }
  }

  /** A task that sleeps in the competition is woken: it goes on in it. */
  void requeue(Task task, Task running) {
    task.queued = true;
    noteFairWaits();
    fair.requeue(task, running);
  }

  /** The running task goes to sleep; a fair one perhaps stays in the competition. */
  void sleep(Task running) {
    if (running.schedClass == SchedClass.FAIR) {
      fair.sleep(running);
    }
  }

  /** The running task goes elsewhere, into another class, or for good. */
  void removeRunning(Task running) {
    if (running.schedClass == SchedClass.FAIR) {
      fair.removeRunning(running);
    }
  }

  /** {@code cpu_load}: how much the fair tasks that ran here last have been runnable. */
  long load() {
    return fair.load(events.nowNs());
  }

  /** A task that sleeps in the competition leaves it. */
  void endDelay(Task task, Task running) {
    fair.endDelay(task, running);
  }

  /** Charges a running fair task. */
  void ran(Task task, long ns) {
    if (task.schedClass == SchedClass.FAIR) {
      fair.ran(task, ns);
    }
  }

  /**
   * The fair server ({@code dl_server}): after {@link #FIFO_RUNTIME_NS} in which FIFO tasks kept
   * waiting fair ones from running, these go first for {@link #FAIR_SERVER_NS}. Asked at each tick.
   *
   * @return whether the running task has to give way
   */
  boolean fairServerTick(Task running) {
    long nowNs = events.nowNs();
    if (running.schedClass == SchedClass.FAIR || fair.size() == 0) {
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
    return fair.preempts(woken, running);
  }

  /** Whether a running fair task has used up its request while others wait. */
  boolean sliceUsed(Task running) {
    return running.schedClass == SchedClass.FAIR && fair.sliceUsed(running);
  }

  /**
   * Removes and returns the task to run next.
   *
   * @param running the task that was running and still could; null if it can't
   * @return {@code running} if it is to go on; null if none is runnable
   */
  Task pick(Task running) {
    boolean fairFirst = events.nowNs() < fairServerEndNs && fair.size() > 0;
    boolean fifoRuns = running != null && running.schedClass == SchedClass.FIFO;
    if (fifoCount > 0 && !fairFirst) {
      for (int priority = 99; priority > 0; priority--) {
        if (fifoRuns && running.fifoPriority == priority) {
          return running;
        }
        ArrayDeque<Task> list = fifo[priority];
        if (list != null && !list.isEmpty()) {
          fifoCount--;
          return taken(list.pollFirst());
        }
      }
    }
    if (fifoRuns && !fairFirst) {
      return running;
    }
    Task next = fair.pick(fifoRuns ? null : running);
    return next == null || next == running ? next : taken(next);
  }

  /** How many fair tasks wait here. */
  int fairCount() {
    return fair.size();
  }

  /** A fair task that waits here. */
  Task fair(int index) {
    return fair.get(index);
  }

  /**
   * {@code can_migrate_task}: whether a fair task that waits here may run on {@code cpu}.
   *
   * @param hot whether one that ran less than {@link #MIGRATION_COST_NS} ago counts
   */
  boolean canSteal(int cpu, boolean hot) {
    for (int i = 0; i < fair.size(); i++) {
      if (isStolen(fair.get(i), cpu, hot)) {
        return true;
      }
    }
    return false;
  }

  /** Removes and returns a fair task that may run on {@code cpu}; null if there is none. */
  Task steal(int cpu, boolean hot, Task running) {
    for (int i = 0; i < fair.size(); i++) {
      if (isStolen(fair.get(i), cpu, hot)) {
        Task task = fair.get(i);
        fair.remove(task, running);
        return taken(task);
      }
    }
    return null;
  }

  private boolean isStolen(Task task, int cpu, boolean hot) {
    boolean isHot = task.runtimeNs > 0 && events.nowNs() - task.ranAtNs < MIGRATION_COST_NS;
    return task.mayRunOn(cpu) && (hot || !isHot);
  }

  /** Removes and returns a task that may run on other CPUs; null if there is none. */
  Task removeMigratable(Task running) {
    for (int i = 0; i < fair.size(); i++) {
      if (isMigratable(fair.get(i))) {
        Task task = fair.get(i);
        fair.remove(task, running);
        return taken(task);
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
  void remove(Task task, Task running) {
    if (task.schedClass == SchedClass.FIFO) {
      fifoOf(task).remove(task);
      fifoCount--;
    } else {
      fair.remove(task, running);
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

  private static Task taken(Task task) {
    task.queued = false;
    return task;
  }
}
