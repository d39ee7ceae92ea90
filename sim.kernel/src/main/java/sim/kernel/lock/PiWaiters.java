package sim.kernel.lock;

import java.util.ArrayList;
import java.util.List;
import sim.kernel.Task;
import sim.kernel.TaskLocal;

/**
 * The waiters of an {@code rt_mutex}: by SCHED_FIFO priority, then first come, first served. The
 * owner inherits the priority of the first, and so does whoever owns what that owner waits for, and
 * so on ({@code rt_mutex_adjust_prio_chain}).
 */
final class PiWaiters {
  /** {@code max_lock_depth}. */
  private static final int CHAIN_MAX = 1024;

  private static final TaskLocal<Inheritance> INHERITANCE = new TaskLocal<>();

  /** What a task lends and borrows. */
  private static final class Inheritance {
    /** {@code pi_blocked_on}; null if it waits for none. */
    PiWaiters waitsFor;

    /** {@code pi_waiters}: locks of its own that somebody waits for. */
    final List<PiWaiters> awaited = new ArrayList<>(2);

    int highest() {
      int highest = 0;
      for (int i = 0; i < awaited.size(); i++) {
        highest = Math.max(highest, awaited.get(i).waiters.get(0).fifoPriority());
      }
      return highest;
    }
  }

  private final List<Task> waiters = new ArrayList<>(2);
  private Task owner;

  private static Inheritance inheritance(Task task) {
    Inheritance inheritance = task.local(INHERITANCE);
    if (inheritance == null) {
      inheritance = new Inheritance();
      task.setLocal(INHERITANCE, inheritance);
    }
    return inheritance;
  }

  /** A task begins to wait for what {@code lockOwner} has. */
  void add(Task waiter, Task lockOwner) {
    if (waiters.isEmpty()) {
      owner = lockOwner;
      inheritance(owner).awaited.add(this);
    }
    inheritance(waiter).waitsFor = this;
    insert(waiter);
    lend(waiter);
  }

  private void insert(Task waiter) {
    int at = waiters.size();
    while (at > 0 && waiters.get(at - 1).fifoPriority() < waiter.fifoPriority()) {
      at--;
    }
    waiters.add(at, waiter);
  }

  /** Walks from this lock's owner to whatever that waits for, as long as priorities change. */
  private void lend(Task waiter) {
    PiWaiters lock = this;
    for (int links = 0; lock != null; links++) {
      Task lender = lock.owner;
      if (lender == waiter || links == CHAIN_MAX) {
        // A deadlock: the lock order is complained of elsewhere, and so are tasks that hang.
        return;
      }
      int before = lender.fifoPriority();
      lender.inheritPriority(inheritance(lender).highest());
      lock = inheritance(lender).waitsFor;
      if (lock != null && lender.fifoPriority() != before) {
        lock.waiters.remove(lender);
        lock.insert(lender);
      }
    }
  }

  /** Takes out whoever gets the lock from {@code lockOwner}; null if nobody waits. */
  Task next(Task lockOwner) {
    if (waiters.isEmpty()) {
      return null;
    }
    Task next = waiters.remove(0);
    inheritance(next).waitsFor = null;
    inheritance(lockOwner).awaited.remove(this);
    owner = next;
    if (!waiters.isEmpty()) {
      inheritance(next).awaited.add(this);
      next.inheritPriority(inheritance(next).highest());
    }
    lockOwner.inheritPriority(inheritance(lockOwner).highest());
    return next;
  }
}
