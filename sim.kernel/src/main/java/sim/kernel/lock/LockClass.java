package sim.kernel.lock;

/**
 * A class of locks, as lockdep knows them: all inodes' {@code i_lock} are one class. Within a
 * machine, classes of one name are one class.
 */
public final class LockClass {
  private final String name;
  private LockDependencies owner;
  private LockClassUse use;

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

  /** What a machine has seen of it. */
  LockClassUse in(LockDependencies machine) {
    if (owner != machine) {
      owner = machine;
      use = machine.useOf(name);
    }
    return use;
  }

  @Override
  public String toString() {
    return name;
  }
}
