package sim.kernel.lock;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * A sleeping lock that one task has at a time ({@code struct mutex}, {@code struct rw_semaphore}
 * taken for writing). Whoever comes while its owner runs spins for it ({@code
 * rwsem_optimistic_spin}), as long as the owner keeps its CPU and nothing else is to run on the
 * spinner's; all others sleep. Unlocked, it goes to the first that spins; if none does, the first
 * sleeper is woken, and whoever comes before that runs takes the lock first, for 4 ms at most
 * ({@code RWSEM_WAIT_TIMEOUT}): then it is handed over, while those that spin go on.
 *
 * <p>On PREEMPT_RT nobody spins: it is handed over by priority, and its owner inherits that of the
 * first waiter.
 */
public final class Mutex implements HeldLock {
  private static final long HANDOFF_NS = 4_000_000;

  private final LockClass lockClass;

  private Task owner;

  /** Of PREEMPT_RT; null until somebody has to wait. */
  private PiWaiters waiters;

  /** Null until somebody has to wait. */
  private ArrayDeque<Task> spinners;

  private ArrayDeque<Task> sleepers;

  /** Since when the first sleeper has been the first. */
  private long firstSinceNs;

  /** Whether it was handed to a sleeper that has not run since. */
  private boolean ownerIsWoken;

  private final Step retry = this::retry;

  /** A free mutex. */
  public Mutex(LockClass lockClass) {
    this.lockClass = lockClass;
  }

  /** {@code mutex_lock}: may sleep; the next step holds the mutex. */
  public void lock(Exec x) {
    x.mightSleep();
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.acquiringMutex(x, lockClass);
    dependencies.hold(x, this, lockClass, false);
    x.charge(Cost.SPINLOCK);
    Task task = x.task();
    if (owner == null) {
      owner = task;
      return;
    }
    if (owner == task) {
      throw new IllegalStateException(x + ": locks " + lockClass + ", which it holds");
    }
    if (x.machine().build().rt()) {
      if (waiters == null) {
        waiters = new PiWaiters();
      }
      waiters.add(task, owner);
      x.blockUninterruptible();
      return;
    }
    if (spinners == null) {
      spinners = new ArrayDeque<>(2);
      sleepers = new ArrayDeque<>(2);
    }
    x.then(retry);
    if ((ownerIsWoken || owner.isOnCpu()) && task.isOnCpu() && !x.cpu().needResched()) {
      spinners.addLast(task);
      task.spinForOwner();
    } else {
      sleep(x, task);
    }
  }

  private void sleep(Exec x, Task task) {
    if (sleepers.isEmpty()) {
      firstSinceNs = x.nowNs();
    }
    sleepers.addLast(task);
    x.blockUninterruptible();
  }

  /** A waiter runs: with the lock, to take it, or to go to sleep. */
  private void retry(Exec x) {
    Task task = x.task();
    if (owner == task) {
      ownerIsWoken = false;
      return;
    }
    boolean slept = sleepers.contains(task);
    if (owner == null) {
      owner = task;
      if (slept) {
        leave(x, task);
      }
      return;
    }
    x.then(retry);
    if (slept) {
      x.blockUninterruptible();
    } else {
      spinners.remove(task);
      sleep(x, task);
    }
  }

  private void leave(Exec x, Task sleeper) {
    boolean isFirst = sleepers.peekFirst() == sleeper;
    sleepers.remove(sleeper);
    if (isFirst) {
      firstSinceNs = x.nowNs();
    }
  }

  /** {@code mutex_trylock}. */
  public boolean tryLock(Exec x) {
    x.charge(Cost.SPINLOCK);
    if (owner != null) {
      return false;
    }
    LockDependencies dependencies = x.machine().checker().locks();
    dependencies.tried(x, lockClass);
    dependencies.hold(x, this, lockClass, true);
    owner = x.task();
    return true;
  }

  /** {@code mutex_unlock}. */
  @Override
  public void unlock(Exec x) {
    Task task = x.task();
    if (owner != task) {
      throw new IllegalStateException(x + ": unlocks " + lockClass + ", which is held by " + owner);
    }
    x.machine().checker().locks().release(x, lockClass);
    owner = null;
    if (waiters != null) {
      owner = waiters.next(task);
      if (owner != null) {
        x.charge(Cost.WAKE);
        owner.wake();
      }
    } else if (spinners != null) {
      passOn(x);
    }
  }

  private void passOn(Exec x) {
    Task first = sleepers.peekFirst();
    if (first != null && x.nowNs() - firstSinceNs >= HANDOFF_NS) {
      owner = first;
      ownerIsWoken = true;
      leave(x, first);
    } else if (!spinners.isEmpty()) {
      owner = spinners.pollFirst();
      owner.stopSpinning();
      return;
    }
    if (first != null) {
      x.charge(Cost.WAKE);
      first.wake();
    }
  }

  @Override
  public void leavesCpu(Task task) {
    if (task == owner && spinners != null) {
      // Ends: each turn takes one off; it sleeps when it runs next.
      while (!spinners.isEmpty()) {
        spinners.pollFirst().stopSpinning();
      }
    }
  }

  /** Who holds it; null if it is free. */
  public Task owner() {
    return owner;
  }
}
