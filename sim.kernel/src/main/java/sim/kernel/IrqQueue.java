package sim.kernel;

/** Hard interrupts that have arrived at a CPU and not been entered: a ring, first in, first out. */
final class IrqQueue {
  private Step[] handlers = new Step[8];
  private int[] numbers = new int[8];
  private int head;
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  void add(int number, Step handler) {
    if (count == handlers.length) {
      grow();
    }
    int slot = head + count & handlers.length - 1;
    handlers[slot] = handler;
    numbers[slot] = number;
    count++;
  }

  /** Number of the first; one has to be there. */
  int number() {
    return numbers[head];
  }

  /** Removes the first and returns its handler; one has to be there. */
  Step poll() {
    Step handler = handlers[head];
    handlers[head] = null;
    head = head + 1 & handlers.length - 1;
    count--;
    return handler;
  }

  private void grow() {
    int size = handlers.length;
    Step[] moreHandlers = new Step[size * 2];
    int[] moreNumbers = new int[size * 2];
    for (int i = 0; i < count; i++) {
      moreHandlers[i] = handlers[head + i & size - 1];
      moreNumbers[i] = numbers[head + i & size - 1];
    }
    handlers = moreHandlers;
    numbers = moreNumbers;
    head = 0;
  }
}
