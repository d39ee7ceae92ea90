package mm.core.reclaim;

import java.util.function.LongPredicate;

/**
 * What reclaim left in a mapping in the place of folios: a word for each page, by its index. A hash
 * table of primitive arrays with open addressing; where it is full, what is too old to matter goes
 * first, as a kernel's shrinker of shadow nodes has it.
 *
 * <p>Made and used by {@link Workingset}; the mapping only keeps it.
 */
public final class ShadowEntries {
  private static final int CAPACITY_MIN = 64;

  /** 2^64 divided by the golden ratio: spreads neighbours. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final LongPredicate stale;

  /** Index + 1 of each slot; 0 for a free one. */
  private long[] keys = new long[CAPACITY_MIN];

  private long[] shadows = new long[CAPACITY_MIN];
  private int count;

  ShadowEntries(LongPredicate stale) {
    this.stale = stale;
  }

  int count() {
    return count;
  }

  /**
   * Leaves a shadow, in the place of one that may be there.
   *
   * @param shadow not 0
   */
  void put(long index, long shadow) {
    if (2 * count >= keys.length) {
      makeRoom();
    }
    int slot = find(index + 1);
    if (keys[slot] == 0) {
      keys[slot] = index + 1;
      count++;
    }
    shadows[slot] = shadow;
  }

  /** Takes the shadow of a page; 0 if there is none. */
  long take(long index) {
    int slot = find(index + 1);
    if (keys[slot] == 0) {
      return 0;
    }
    long shadow = shadows[slot];
    removeAt(slot);
    return shadow;
  }

  /** Forgets those from {@code first} to {@code last}, both included. */
  void forget(long first, long last) {
    if (last - first < keys.length) {
      for (long index = first; index <= last && count > 0; index++) {
        take(index);
      }
      return;
    }
    long[] oldKeys = keys;
    long[] oldShadows = shadows;
    clear(oldKeys.length);
    for (int i = 0; i < oldKeys.length; i++) {
      long index = oldKeys[i] - 1;
      if (index >= 0 && (index < first || index > last)) {
        put(index, oldShadows[i]);
      }
    }
  }

  private void makeRoom() {
    long[] oldKeys = keys;
    long[] oldShadows = shadows;
    int fresh = 0;
    for (int i = 0; i < oldKeys.length; i++) {
      fresh += oldKeys[i] != 0 && !stale.test(oldShadows[i]) ? 1 : 0;
    }
    // At most a quarter full, so that as many puts as there are entries come before the next turn.
    int capacity = Math.max(CAPACITY_MIN, Integer.highestOneBit(Math.max(1, fresh)) * 8);
    clear(capacity);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0 && !stale.test(oldShadows[i])) {
        put(oldKeys[i] - 1, oldShadows[i]);
      }
    }
  }

  private void clear(int capacity) {
    keys = new long[capacity];
    shadows = new long[capacity];
    count = 0;
  }

  /** The slot of a key, or the free one where it would be; there always is one. */
  private int find(long key) {
    int slot = home(key);
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  private int home(long key) {
    return (int) (key * SPREAD >>> 32) & keys.length - 1;
  }

  /** Frees a slot, and moves up what stands behind it only because it was taken. */
  private void removeAt(int slot) {
    int mask = keys.length - 1;
    int hole = slot;
    int next = hole + 1 & mask;
    // Ends at a free slot: the table is never full.
    while (keys[next] != 0) {
      int fromHome = next - home(keys[next]) & mask;
      int fromHole = next - hole & mask;
      if (fromHome >= fromHole) {
        keys[hole] = keys[next];
        shadows[hole] = shadows[next];
        hole = next;
      }
      next = next + 1 & mask;
    }
    keys[hole] = 0;
    count--;
  }
}
