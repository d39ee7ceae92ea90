package fs.buffer;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Objects of one kind that are used again, so that a steady state allocates none; the last given
 * back is taken first.
 */
final class Pool<T> {
  private final Supplier<T> maker;
  private Object[] free = new Object[8];
  private int freeCount;
  private int inUse;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  @SuppressWarnings("unchecked")
  T take() {
    inUse++;
    return freeCount == 0 ? maker.get() : (T) free[--freeCount];
  }

  void give(T object) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount++] = object;
    inUse--;
  }

  int inUse() {
    return inUse;
  }
}
