package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sim.kernel.random.RandomStream;

class ShadowEntriesTest {
  /** Everything that was put and neither taken nor forgotten is there, whatever the order. */
  @Test
  void itHoldsWhatASortedMapHolds() {
    RandomStream random = new RandomStream(5);
    ShadowEntries shadows = new ShadowEntries(shadow -> false);
    TreeMap<Long, Long> model = new TreeMap<>();
    for (int turn = 1; turn <= 20_000; turn++) {
      // Close together, and few far away, so that entries collide.
      long index = random.nextLong(400) << random.nextInt(3) * 10;
      switch (random.nextInt(8)) {
        case 0, 1, 2, 3 -> {
          shadows.put(index, turn);
          model.put(index, (long) turn);
        }
        case 4, 5, 6 -> {
          Long expected = model.remove(index);
          assertEquals(expected == null ? 0 : expected, shadows.take(index), "turn " + turn);
        }
        default -> {
          long last = index + random.nextLong(turn % 2 == 0 ? 20 : 1_000);
          shadows.forget(index, last);
          model.subMap(index, true, last, true).clear();
        }
      }
      assertEquals(model.size(), shadows.count(), "turn " + turn);
    }
    model.forEach((index, shadow) -> assertEquals(shadow, shadows.take(index)));
    assertEquals(0, shadows.count());
  }

  @Test
  void whatIsTooOldGoesWhenItIsFull() {
    ShadowEntries shadows = new ShadowEntries(shadow -> shadow <= 30);
    for (int index = 1; index <= 33; index++) {
      shadows.put(index, index);
    }
    // The 33rd found 32 in 64 slots: 31 and 32 stayed.
    assertEquals(3, shadows.count());
    assertEquals(0, shadows.take(30));
    assertEquals(31, shadows.take(31));
  }
}
