package fs.buffer.internal;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Objects of one kind that are used again, so that a steady state allocates none; the last given
 * back is taken first.
 */
public final class Pool<T> {
  private final Supplier<T> maker;
  private Object[] free = new Object[8];
  private int freeCount;
  private int inUse;

  /** A pool that makes what it lacks. */
  public Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that nobody uses. */
  @SuppressWarnings("unchecked")
  public T take() {
    inUse++;
    return freeCount == 0 ? maker.get() : (T) free[--freeCount];
  }

  /** Gives one back. */
  public void give(T object) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = object;
    inUse--;
  }

  /** How many were taken and not given back. */
  public int inUse() {
    return inUse;
  }
}
