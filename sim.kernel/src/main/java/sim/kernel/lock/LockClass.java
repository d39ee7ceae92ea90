package sim.kernel.lock;

/**
 * A class of locks, as lockdep knows them: all inodes' {@code i_lock} are one class. Counts how its
 * locks were used, so that the checker can tell an interrupt that might deadlock.
 */
public final class LockClass {
  private final String name;
  private boolean usedInHardirq;
  private boolean usedInSoftirq;
  private boolean usedWithIrqsOn;
  private boolean usedWithBhOn;
  private boolean reported;

  /**
   * A class nobody has used.
   *
   * @param name as the kernel names the field, {@code i_pages}
   */
  public LockClass(String name) {
    this.name = name;
  }

  /** The kernel's name of the lock. */
  public String name() {
    return name;
  }

  /**
   * Notes one taking.
   *
   * @return whether uses so far can deadlock an interrupt against its CPU; true at most once
   */
  boolean noteUse(boolean hardirq, boolean softirq, boolean irqsOn, boolean bhOn) {
    usedInHardirq |= hardirq;
    usedInSoftirq |= softirq;
    usedWithIrqsOn |= irqsOn;
    usedWithBhOn |= bhOn;
    boolean inconsistent = usedInHardirq && usedWithIrqsOn || usedInSoftirq && usedWithBhOn;
    if (inconsistent && !reported) {
      reported = true;
      return true;
    }
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
