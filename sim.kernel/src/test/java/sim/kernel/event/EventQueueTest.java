package sim.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class EventQueueTest {
  private final EventQueue queue = new EventQueue();
  private final List<String> log = new ArrayList<>();
  private final EventHandler note = arg -> log.add(arg + "@" + queue.nowNs());

  @Test
  void eventsFireInOrderOfTimeAndThenOfScheduling() {
    queue.schedule(20, note, 1);
    queue.schedule(10, note, 2);
    queue.schedule(20, note, 3);
    queue.schedule(10, note, 4);
    fireAll();
    assertEquals(List.of("2@10", "4@10", "1@20", "3@20"), log);
    assertEquals(4, queue.fired());
  }

  @Test
  void anEventScheduledForNowFiresAfterThoseThatWereAlreadyDueNow() {
    queue.schedule(10, arg -> queue.schedule(10, note, 3), 0);
    queue.schedule(10, note, 1);
    queue.schedule(11, note, 4);
    fireAll();
    assertEquals(List.of("1@10", "3@10", "4@11"), log);
  }

  @Test
  void manyEventsAtOneTimeFireInTheOrderScheduled() {
    int count = 100_000;
    long[] expected = {0};
    for (int i = 0; i < count; i++) {
      queue.schedule(5, arg -> assertEquals(expected[0]++, arg), i);
    }
    fireAll();
    assertEquals(count, expected[0]);
  }

  @Test
  void aCancelledEventDoesNotFire() {
    long first = queue.schedule(10, note, 1);
    queue.schedule(20, note, 2);
    assertTrue(queue.cancel(first));
    assertFalse(queue.cancel(first));
    assertEquals(20, queue.peekTimeNs());
    assertEquals(1, queue.size());
    fireAll();
    assertEquals(List.of("2@20"), log);
  }

  @Test
  void anEventIsNoLongerPendingWhenItFires() {
    long[] handle = new long[1];
    handle[0] =
        queue.schedule(10, arg -> log.add(queue.isPending(handle[0]) + "" + queue.size()), 0);
    fireAll();
    assertEquals(List.of("false0"), log);
    assertFalse(queue.cancel(handle[0]));
  }

  @Test
  void aHandleIsNotTakenForALaterEventInTheSameSlot() {
    long stale = queue.schedule(10, note, 1);
    queue.cancel(stale);
    for (int i = 0; i < 100_000; i++) {
      long fresh = queue.schedule(20, note, 2);
      assertNotEquals(stale, fresh);
      assertNotEquals(0, fresh);
      assertFalse(queue.isPending(stale));
      assertFalse(queue.cancel(stale));
      assertTrue(queue.cancel(fresh));
    }
  }

  @Test
  void aHandleThatWasNeverGivenOutIsNotPending() {
    long handle = queue.schedule(10, note, 1);
    for (long other : new long[] {0, 1, -1, -handle, handle + 1, ~handle, Long.MIN_VALUE}) {
      assertFalse(queue.isPending(other), () -> "handle " + other);
      assertFalse(queue.cancel(other), () -> "handle " + other);
    }
    assertEquals(1, queue.size());
  }

  @Test
  void theTimeOfAPendingEventIsTold() {
    queue.schedule(7, note, 1);
    long handle = queue.schedule(1L << 60, note, 2);
    assertEquals(1L << 60, queue.timeNs(handle));
    queue.cancel(handle);
    assertThrows(IllegalArgumentException.class, () -> queue.timeNs(handle));
  }

  @Test
  void anEmptyQueuePeeksAtNever() {
    assertEquals(Long.MAX_VALUE, queue.peekTimeNs());
    assertFalse(queue.fireNext());
    long handle = queue.schedule(3, note, 1);
    assertEquals(3, queue.peekTimeNs());
    queue.cancel(handle);
    assertEquals(Long.MAX_VALUE, queue.peekTimeNs());
    assertEquals(0, queue.nowNs());
  }

  @Test
  void anEventInThePastIsRefused() {
    queue.advanceTo(10);
    assertThrows(IllegalArgumentException.class, () -> queue.schedule(9, note, 1));
    assertThrows(IllegalArgumentException.class, () -> queue.schedule(Long.MAX_VALUE, note, 1));
    queue.schedule(10, note, 1);
    assertEquals(1, queue.size());
  }

  @Test
  void theClockAdvancesUpToTheNextEventAndNoFurther() {
    queue.schedule(10, note, 1);
    queue.advanceTo(4);
    assertEquals(4, queue.nowNs());
    queue.advanceTo(10);
    assertEquals(10, queue.nowNs());
    assertThrows(IllegalStateException.class, () -> queue.advanceTo(11));
    assertThrows(IllegalArgumentException.class, () -> queue.advanceTo(9));
    assertEquals(10, queue.nowNs());
    fireAll();
    queue.advanceTo(1L << 62);
    assertEquals(1L << 62, queue.nowNs());
  }

  @Test
  void anEventMayBeScheduledBeforeTheOneThatWasPeekedAt() {
    queue.schedule(1_000_000_000, note, 1);
    assertEquals(1_000_000_000, queue.peekTimeNs());
    queue.schedule(5, note, 2);
    assertEquals(5, queue.peekTimeNs());
    fireAll();
    assertEquals(List.of("2@5", "1@1000000000"), log);
  }

  @Test
  void aHandlerThatThrowsLeavesTheRestToFire() {
    queue.schedule(
        10,
        arg -> {
          throw new IllegalStateException("from the handler");
        },
        0);
    queue.schedule(10, note, 1);
    assertThrows(IllegalStateException.class, queue::fireNext);
    assertEquals(1, queue.size());
    fireAll();
    assertEquals(List.of("1@10"), log);
  }

  /** Moving the burst for each event before it would take 10^10 moves. */
  @Test
  @Timeout(60)
  void aChainOfEventsBeforeABurstDoesNotMoveTheBurstEachTime() {
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      queue.schedule(1_000_000, note, i);
    }
    EventHandler[] chain = new EventHandler[1];
    chain[0] =
        left -> {
          if (left > 0) {
            queue.schedule(queue.nowNs() + 3, chain[0], left - 1);
          }
        };
    queue.schedule(1, chain[0], count);
    while (queue.peekTimeNs() < 1_000_000) {
      queue.fireNext();
    }
    // The chain ends at 1 + 3 * 100_000 = 300_001.
    assertEquals(300_001, queue.nowNs());
    assertEquals(count, queue.size());
    fireAll();
    assertEquals("0@1000000", log.get(0));
    assertEquals("99999@1000000", log.get(count - 1));
  }

  /** Each event of the burst adds one at its own time: 10^10 moves if they were shifted. */
  @Test
  @Timeout(60)
  void eventsAddedToABurstWhileItFiresComeAfterIt() {
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      queue.schedule(500, arg -> queue.schedule(500, note, arg), i);
    }
    fireAll();
    assertEquals(2 * count, queue.fired());
    assertEquals("0@500", log.get(0));
    assertEquals("99999@500", log.get(count - 1));
  }

  /** Each needs a rung of its own if widths are fitted to all that is there. */
  @Test
  void oneEventOfEachMagnitudeFiresInOrder() {
    for (int copy = 0; copy < 100; copy++) {
      for (int bit = 62; bit >= 0; bit--) {
        queue.schedule(1L << bit, note, bit);
      }
    }
    long before = 0;
    while (queue.size() > 0) {
      assertTrue(queue.peekTimeNs() >= before);
      before = queue.peekTimeNs();
      queue.fireNext();
    }
    assertEquals(6_300, log.size());
    assertEquals("0@1", log.get(99));
    assertEquals("62@" + (1L << 62), log.get(6_299));
  }

  private void fireAll() {
    while (queue.fireNext()) {}
  }
}
