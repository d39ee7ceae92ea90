package sim.kernel.event;

import java.util.Arrays;

/** A yardstick: a 4-ary heap of times and slots on arrays, without cancelling. */
final class PackedHeap {
  private long[] keys = new long[128];
  private long[] args = new long[64];
  private EventHandler[] handlers = new EventHandler[64];
  private int[] free = new int[64];
  private int frees;
  private int used;
  private int size;
  private long sequence;
  private long nowNs;

  long nowNs() {
    return nowNs;
  }

  /** The heap holds the time, and below it the sequence number above 24 bits of slot. */
  void schedule(long timeNs, EventHandler handler, long arg) {
    int slot = frees > 0 ? free[--frees] : used++;
    if (slot == args.length) {
      args = Arrays.copyOf(args, slot * 2);
      handlers = Arrays.copyOf(handlers, slot * 2);
      free = Arrays.copyOf(free, slot * 2);
      keys = Arrays.copyOf(keys, slot * 4);
    }
    args[slot] = arg;
    handlers[slot] = handler;
    long order = ++sequence << 24 | slot;
    int index = size++;
    while (index > 0) {
      int parent = (index - 1) >> 2;
      if (!before(timeNs, order, parent)) {
        break;
      }
      move(parent, index);
      index = parent;
    }
    keys[index << 1] = timeNs;
    keys[(index << 1) + 1] = order;
  }

  void fireNext() {
    nowNs = keys[0];
    int slot = (int) keys[1] & 0xFFFFFF;
    size--;
    siftDown(keys[size << 1], keys[(size << 1) + 1]);
    EventHandler handler = handlers[slot];
    handlers[slot] = null;
    free[frees++] = slot;
    handler.fire(args[slot]);
  }

  private void siftDown(long timeNs, long order) {
    int index = 0;
    for (int child = 1; child < size; child = 4 * index + 1) {
      int least = child;
      int end = Math.min(child + 4, size);
      for (int i = child + 1; i < end; i++) {
        if (before(keys[i << 1], keys[(i << 1) + 1], least)) {
          least = i;
        }
      }
      if (before(timeNs, order, least)) {
        break;
      }
      move(least, index);
      index = least;
    }
    keys[index << 1] = timeNs;
    keys[(index << 1) + 1] = order;
  }

  private boolean before(long timeNs, long order, int index) {
    long otherNs = keys[index << 1];
    return timeNs < otherNs || timeNs == otherNs && order < keys[(index << 1) + 1];
  }

  private void move(int from, int to) {
    keys[to << 1] = keys[from << 1];
    keys[(to << 1) + 1] = keys[(from << 1) + 1];
  }
}
