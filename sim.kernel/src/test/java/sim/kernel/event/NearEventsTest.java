package sim.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearEventsTest {
  private final EventSlots slots = new EventSlots();
  private final NearEvents near = new NearEvents(slots);
  private long sequence;

  private long add(long timeNs) {
    int slot = slots.take();
    long handle = ++sequence << EventSlots.SLOT_BITS | slot;
    slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.TIME] = timeNs;
    slots.words[(slot << EventSlots.STRIDE_BITS) + EventSlots.HANDLE] = handle;
    near.add(timeNs, handle);
    return handle;
  }

  private void cancel(long handle) {
    slots.release((int) handle & EventSlots.SLOT_MASK);
    near.cancelled(handle);
  }

  private List<Long> sequences() {
    List<Long> left = new ArrayList<>();
    while (!near.isEmpty()) {
      left.add(near.firstHandle() >> EventSlots.SLOT_BITS);
      slots.release((int) near.firstHandle() & EventSlots.SLOT_MASK);
      near.removeFirst();
    }
    return left;
  }

  @Test
  void cancelledEntriesAreThrownOutWhenTheyOutnumberTheRest() {
    add(1);
    for (int i = 0; i < 100_000; i++) {
      cancel(add(50));
      // 33 dead is more than 32 and more than half: then only the living one is left.
      assertTrue(near.count() <= 34, near.count() + " entries");
    }
    assertEquals(List.of(1L), sequences());
  }

  @Test
  void aHeapStaysInOrderWhenItsDeadAreThrownOut() {
    List<Long> handles = new ArrayList<>();
    List<Long> expected = new ArrayList<>();
    // Rising times make a heap at the 34th, which is more than 32 places from the front.
    for (int i = 0; i < 200; i++) {
      handles.add(add(1_000 + i));
    }
    for (int i = 1; i < 200; i++) {
      if (i % 3 == 0) {
        expected.add((long) i + 1);
      } else {
        cancel(handles.get(i));
      }
    }
    expected.add(0, 1L);
    assertTrue(near.count() < 200, "some were thrown out");
    assertEquals(expected, sequences());
  }

  @Test
  void theNextOneThatIsAliveComesToTheFront() {
    long first = add(10);
    long second = add(20);
    add(30);
    cancel(second);
    cancel(first);
    assertEquals(30, near.firstTimeNs());
    assertEquals(1, near.count());
  }
}
