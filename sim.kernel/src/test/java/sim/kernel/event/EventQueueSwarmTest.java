package sim.kernel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations on the queue and on a {@link PriorityQueue}, which must agree after each. */
class EventQueueSwarmTest {
  /** How far ahead of the clock an event is scheduled. */
  private enum Gaps {
    UNIFORM {
      @Override
      long next(SplittableRandom random) {
        return random.nextLong(1_000_000);
      }
    },
    ALL_NOW {
      @Override
      long next(SplittableRandom random) {
        return 0;
      }
    },
    /** Half of the events at once, so that one bucket holds most of them. */
    LUMP {
      @Override
      long next(SplittableRandom random) {
        return random.nextBoolean() ? 0 : random.nextLong(100);
      }
    },
    TICKS {
      @Override
      long next(SplittableRandom random) {
        return random.nextLong(4) * 1_000_000;
      }
    },
    /** Every magnitude is as likely as any other: no bucket width suits. */
    HEAVY_TAIL {
      @Override
      long next(SplittableRandom random) {
        return random.nextLong(1L << random.nextInt(1, 50));
      }
    },
    /** Device completions beside timers that are seconds away. */
    BIMODAL {
      @Override
      long next(SplittableRandom random) {
        return random.nextInt(10) == 0
            ? 30_000_000_000L + random.nextLong(1000)
            : random.nextLong(500);
      }
    },
    /** What arrivals and device times look like. */
    EXPONENTIAL {
      @Override
      long next(SplittableRandom random) {
        return (long) (-Math.log(1 - random.nextDouble()) * 100_000);
      }
    },
    /** Nearly all within a microsecond, and one in two hundred hours away. */
    A_FEW_FAR_AWAY {
      @Override
      long next(SplittableRandom random) {
        return random.nextInt(200) == 0
            ? random.nextLong(1, 100) * 3_600_000_000_000L
            : random.nextLong(1_000);
      }
    },
    /** As far as a clock can see: sums of these would overflow. */
    END_OF_TIME {
      @Override
      long next(SplittableRandom random) {
        return random.nextInt(3) == 0 ? Long.MAX_VALUE - 1 : random.nextLong(10);
      }
    };

    abstract long next(SplittableRandom random);
  }

  /** An event of the queue, or one time that an alarm is set. */
  private record Event(long timeNs, long arg, long handle, int alarm) {}

  private static final int NO_ALARM = -1;
  private static final int ALARMS = 20;

  private static final int SEEDS = 40;
  private static final int OPERATIONS = 6_000;

  private SplittableRandom random;
  private EventQueue queue;
  private PriorityQueue<Event> model;
  private List<Event> known;
  private long nextArg;
  private long firedArg;
  private final EventHandler handler = arg -> firedArg = arg;
  private final Alarm[] alarms = new Alarm[ALARMS];
  private final long[] alarmArgs = new long[ALARMS];

  @ParameterizedTest
  @EnumSource
  void theQueueAgreesWithAPriorityQueue(Gaps gaps) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      String where = gaps + " seed " + seed;
      begin(seed);
      // Grows, stays, and drains, so that every resizing is crossed both ways.
      run(gaps, 70, 10, where);
      run(gaps, 45, 10, where);
      run(gaps, 48, 48, where);
      run(gaps, 20, 10, where);
      run(gaps, 90, 2, where);
      while (!model.isEmpty()) {
        fire(where);
      }
      assertFalse(queue.fireNext(), where);
      assertEquals(Long.MAX_VALUE, queue.peekTimeNs(), where);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theQueueAgreesWithAPriorityQueueThroughStormsOfCancels(Gaps gaps) {
    for (int seed = 1; seed <= 2; seed++) {
      String where = gaps + " seed " + seed;
      begin(seed);
      // Each round grows to thousands and keeps one in twenty: the rungs are then mostly empty.
      for (int round = 0; round < 3; round++) {
        int from = known.size();
        for (int i = 0; i < 3_000; i++) {
          schedule(gaps);
          if (i % 10 == 0) {
            fire(where);
          }
        }
        for (int i = from; i < known.size(); i++) {
          if (random.nextInt(20) != 0) {
            cancel(known.get(i), where);
            assertEquals(peekTimeNs(), queue.peekTimeNs(), where);
          }
        }
        run(gaps, 50, 0, where);
      }
      while (!model.isEmpty()) {
        fire(where);
      }
      assertEquals(0, queue.size(), where);
    }
  }

  private void begin(int seed) {
    random = new SplittableRandom(seed);
    queue = new EventQueue();
    for (int i = 0; i < ALARMS; i++) {
      int number = i;
      alarms[i] = queue.newAlarm(arg -> firedArg = alarmArgs[number]);
    }
    // The argument counts up with each event, and so it is the sequence number.
    model = new PriorityQueue<>(Comparator.comparingLong(Event::timeNs).thenComparing(Event::arg));
    known = new ArrayList<>();
    nextArg = 0;
  }

  private void run(Gaps gaps, int schedulePercent, int cancelPercent, String where) {
    for (int i = 0; i < OPERATIONS / 5; i++) {
      int dice = random.nextInt(100);
      if (dice < schedulePercent) {
        schedule(gaps);
      } else if (dice < schedulePercent + cancelPercent) {
        cancel(where);
      } else if (dice == 99) {
        advance();
      } else if (!model.isEmpty()) {
        fire(where);
      }
      assertEquals(peekTimeNs(), queue.peekTimeNs(), where);
      assertEquals(model.size(), queue.size(), where);
    }
  }

  private long peekTimeNs() {
    Event first = model.peek();
    return first == null ? Long.MAX_VALUE : first.timeNs();
  }

  private void schedule(Gaps gaps) {
    long limitNs = Long.MAX_VALUE - 1 - queue.nowNs();
    long timeNs = queue.nowNs() + Math.min(gaps.next(random), limitNs);
    int alarm = random.nextInt(3 * ALARMS);
    if (alarm < ALARMS && !alarms[alarm].isSet()) {
      alarms[alarm].set(timeNs);
      alarmArgs[alarm] = nextArg;
      know(new Event(timeNs, nextArg++, 0, alarm));
    } else {
      long handle = queue.schedule(timeNs, handler, nextArg);
      know(new Event(timeNs, nextArg++, handle, NO_ALARM));
    }
  }

  private void know(Event event) {
    model.add(event);
    known.add(event);
  }

  /** Picks among recent and old handles; about half of them are still pending. */
  private void cancel(String where) {
    if (known.isEmpty()) {
      return;
    }
    int back = random.nextInt(random.nextBoolean() ? Math.min(8, known.size()) : known.size());
    cancel(known.get(known.size() - 1 - back), where);
  }

  private void cancel(Event event, String where) {
    boolean pending = model.remove(event);
    if (event.alarm() != NO_ALARM) {
      // It may have gone off since, and been set again.
      boolean isThis = alarmArgs[event.alarm()] == event.arg();
      assertEquals(pending, isThis && alarms[event.alarm()].isSet(), where);
      assertTrue(!isThis || alarms[event.alarm()].clear() == pending, where);
      return;
    }
    assertEquals(pending, queue.isPending(event.handle()), where);
    if (pending) {
      assertEquals(event.timeNs(), queue.timeNs(event.handle()), where);
    }
    assertEquals(pending, queue.cancel(event.handle()), where);
  }

  private void fire(String where) {
    Event expected = model.poll();
    assertTrue(queue.fireNext(), where);
    assertEquals(expected.arg(), firedArg, where);
    assertEquals(expected.timeNs(), queue.nowNs(), where);
  }

  private void advance() {
    // Not to the end of time, from which nothing could be scheduled any more.
    long toNs = Math.min(queue.peekTimeNs(), Long.MAX_VALUE - 1);
    long room = Math.min(toNs - queue.nowNs(), 1_000);
    queue.advanceTo(queue.nowNs() + (room == 0 ? 0 : random.nextLong(room + 1)));
  }
}
