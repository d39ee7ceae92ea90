package sim.kernel.workqueue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import sim.kernel.Exec;

/**
 * A workqueue ({@code struct workqueue_struct}): a name and rules for the pools that run its items.
 */
public final class Workqueue {
  /** What a workqueue was allocated with. */
  public enum Flag {
    /** {@code WQ_UNBOUND}: items run on any CPU, without concurrency management. */
    UNBOUND,
    /** {@code WQ_HIGHPRI}: workers have nice -20. */
    HIGHPRI,
    /** {@code WQ_MEM_RECLAIM}: has a rescuer thread, for when no worker can be created in time. */
    MEM_RECLAIM,
    /** {@code WQ_CPU_INTENSIVE}: items don't count for concurrency management. */
    CPU_INTENSIVE
  }

  /** {@code WQ_DFL_ACTIVE}: items of one queue in execution per CPU, unless told otherwise. */
  public static final int ACTIVE_DEFAULT = 1024;

  private final String name;
  private final EnumSet<Flag> flags;
  private final int activeMax;
  private PoolWorkqueue[] perPool = new PoolWorkqueue[8];
  private Rescuer rescuer;

  Workqueue(String name, int activeMax, Set<Flag> flags) {
    if (activeMax < 1 || activeMax > 2048) {
      throw new IllegalArgumentException(
          name + ": max_active is " + activeMax + "; it must be from 1 to 2048");
    }
    this.name = name;
    this.activeMax = activeMax;
    this.flags = flags.isEmpty() ? EnumSet.noneOf(Flag.class) : EnumSet.copyOf(flags);
  }

  /**
   * {@code current_is_workqueue_rescuer}: whether this code is an item that this queue's rescuer
   * runs, because no worker could be had in time.
   */
  public boolean currentIsRescuer(Exec x) {
    return rescuer != null && rescuer.isTask(x.task());
  }

  Rescuer rescuer() {
    return rescuer;
  }

  void setRescuer(Rescuer thread) {
    rescuer = thread;
  }

  /** What this queue has in one pool ({@code struct pool_workqueue}). */
  PoolWorkqueue in(WorkerPool pool) {
    int index = pool.index();
    if (index >= perPool.length) {
      perPool = Arrays.copyOf(perPool, Math.max(index + 1, perPool.length * 2));
    }
    if (perPool[index] == null) {
      perPool[index] = new PoolWorkqueue(pool, activeMax);
    }
    return perPool[index];
  }

  /** Name, as in {@code /sys} and in traces. */
  public String name() {
    return name;
  }

  /** {@code max_active}: items in execution per CPU (bound) or in all (unbound). */
  public int activeMax() {
    return activeMax;
  }

  /** Whether it was allocated with {@code flag}. */
  public boolean has(Flag flag) {
    return flags.contains(flag);
  }
}
