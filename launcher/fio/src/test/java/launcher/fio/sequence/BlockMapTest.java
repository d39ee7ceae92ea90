package launcher.fio.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlockMapTest {
  @Test
  void theNextFreeBlockGoesRoundAtTheEnd() {
    BlockMap map = new BlockMap(5_000);
    map.setRun(70, 4_930);
    assertEquals(0, map.nextFree(70));
    assertEquals(69, map.nextFree(69));
    map.setRun(0, 69);
    assertEquals(69, map.nextFree(4_999));
    map.setRun(69, 1);
    assertEquals(-1, map.nextFree(0));
  }

  @Test
  void aRunEndsAtABlockThatIsTaken() {
    BlockMap map = new BlockMap(100);
    map.setRun(10, 1);
    assertEquals(3, map.setRun(7, 8));
    assertFalse(map.isSet(11));
    assertEquals(0, map.setRun(10, 2));
    assertEquals(5, map.setRun(95, 8));
  }

  @Test
  void everyBlockIsFoundOnce() {
    // 64^2 + 1 blocks need three levels.
    BlockMap map = new BlockMap(4_097);
    long found = 0;
    long at = 2_048;
    for (long next = map.nextFree(at); next >= 0; next = map.nextFree(at)) {
      assertEquals(1, map.setRun(next, 1));
      found++;
      at = (next * 7 + 13) % 4_097;
    }
    assertEquals(4_097, found);
    map.clear();
    assertFalse(map.isSet(0));
    assertTrue(map.isSet(4_097));
  }
}
