package sim.kernel.lock;

import java.util.Arrays;
import java.util.stream.Collectors;
import sim.kernel.Exec;
import sim.kernel.Task;

/** The locks that one thread of control holds, in the order in which it took them. */
public final class HeldLocks {
  private LockClassUse[] classes = new LockClassUse[4];

  private HeldLock[] locks = new HeldLock[4];

  /** By lock, whether it was only tried for. */
  private boolean[] tried = new boolean[4];

  private int count;

  /** Whether there is none. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Forgets them all; the locks themselves stay taken. */
  public void clear() {
    Arrays.fill(classes, 0, count, null);
    Arrays.fill(locks, 0, count, null);
    count = 0;
  }

  /**
   * Unlocks those taken last, the last of all first, for code that can't any more.
   *
   * @param kept how many stay
   */
  public void unlockDownTo(Exec x, int kept) {
    // Ends: each turn takes the last one off.
    while (count > kept) {
      locks[count - 1].unlock(x);
    }
  }

  /** Tells them that the task that holds them is no longer on a CPU. */
  public void leaveCpu(Task task) {
    for (int i = 0; i < count; i++) {
      locks[i].leavesCpu(task);
    }
  }

  LockClassUse get(int index) {
    return classes[index];
  }

  boolean isTried(int index) {
    return tried[index];
  }

  void push(HeldLock lock, LockClassUse lockClass, boolean isTried) {
    if (count == classes.length) {
      locks = Arrays.copyOf(locks, count * 2);
      classes = Arrays.copyOf(classes, count * 2);
      tried = Arrays.copyOf(tried, count * 2);
    }
    locks[count] = lock;
    classes[count] = lockClass;
    tried[count++] = isTried;
  }

  /** Takes out the one of a class that was taken last, which need not be the last of all. */
  void pop(LockClassUse lockClass) {
    int at = count - 1;
    while (at >= 0 && classes[at] != lockClass) {
      at--;
    }
    if (at < 0) {
      return;
    }
    count--;
    System.arraycopy(classes, at + 1, classes, at, count - at);
    System.arraycopy(tried, at + 1, tried, at, count - at);
    System.arraycopy(locks, at + 1, locks, at, count - at);
    classes[count] = null;
    locks[count] = null;
  }

  @Override
  public String toString() {
    return Arrays.stream(classes, 0, count)
        .map(LockClassUse::name)
        .collect(Collectors.joining(", "));
  }
}
