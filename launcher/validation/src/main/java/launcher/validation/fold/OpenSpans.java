package launcher.validation.fold;

import java.util.Arrays;

/** Times at which things began that have not ended, by two keys. Allocates only as it grows. */
final class OpenSpans {
  /** Of what is not open. */
  static final long NONE = -1;

  private static final int FIRST_SIZE = 64;

  /** Two keys a slot, and the time there; {@link #NONE} in free slots. */
  private long[] first = new long[FIRST_SIZE];

  private long[] second = new long[FIRST_SIZE];
  private long[] beganNs = new long[FIRST_SIZE];
  private int open;

  OpenSpans() {
    Arrays.fill(beganNs, NONE);
  }

  /** Begins, or begins again, which forgets the first time; whether it was open. */
  boolean begin(long a, long b, long nowNs) {
    int slot = slotOf(a, b);
    boolean again = beganNs[slot] != NONE;
    beganNs[slot] = nowNs;
    if (again) {
      return true;
    }
    first[slot] = a;
    second[slot] = b;
    if (++open > beganNs.length / 2) {
      grow();
    }
    return false;
  }

  /** When it began, and it is open no longer; {@link #NONE} if it was not. */
  long end(long a, long b) {
    int slot = slotOf(a, b);
    long began = beganNs[slot];
    if (began != NONE) {
      open--;
      remove(slot);
    }
    return began;
  }

  /** Where the keys are, or the free slot where they would be. */
  private int slotOf(long a, long b) {
    int mask = beganNs.length - 1;
    int slot = home(a, b);
    while (beganNs[slot] != NONE && (first[slot] != a || second[slot] != b)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private int home(long a, long b) {
    long mixed = (a * 0x9E3779B97F4A7C15L ^ b) * 0xBF58476D1CE4E5B9L;
    return (int) (mixed >>> 32) & beganNs.length - 1;
  }

  /** Moves back what was put behind the slot because it was taken. */
  private void remove(int slot) {
    int mask = beganNs.length - 1;
    int free = slot;
    int next = slot + 1 & mask;
    while (beganNs[next] != NONE) {
      int home = home(first[next], second[next]);
      if ((next - home & mask) >= (next - free & mask)) {
        first[free] = first[next];
        second[free] = second[next];
        beganNs[free] = beganNs[next];
        free = next;
      }
      next = next + 1 & mask;
    }
    beganNs[free] = NONE;
  }

  private void grow() {
    long[] oldFirst = first;
    long[] oldSecond = second;
    long[] oldBegan = beganNs;
    int size = oldBegan.length * 2;
    first = new long[size];
    second = new long[size];
    beganNs = new long[size];
    Arrays.fill(beganNs, NONE);
    for (int i = 0; i < oldBegan.length; i++) {
      if (oldBegan[i] != NONE) {
        int slot = slotOf(oldFirst[i], oldSecond[i]);
        first[slot] = oldFirst[i];
        second[slot] = oldSecond[i];
        beganNs[slot] = oldBegan[i];
      }
    }
  }
}
