package fs.buffer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class IndirectMapTest {
  /** 1024-byte blocks: 256 pointers in an indirect block. */
  private final IndirectMap map = new IndirectMap(1024);

  @Test
  void depthFollowsTheBlock() {
    assertEquals(0, map.levels(map.groupOf(11)));
    assertEquals(1, map.levels(map.groupOf(12)));
    assertEquals(1, map.levels(map.groupOf(12 + 255)));
    assertEquals(2, map.levels(map.groupOf(12 + 256)));
    assertEquals(2, map.levels(map.groupOf(12 + 256 + 256 * 256 - 1)));
    assertEquals(3, map.levels(map.groupOf(12 + 256 + 256 * 256)));
  }

  @Test
  void holesStayHolesBesideBlocksThatWereSet() {
    map.set(20, 5_000);
    assertEquals(5_000, map.get(20));
    assertEquals(-1, map.get(19));
    assertEquals(-1, map.get(11));
    assertEquals(-1, map.get(1_000_000));
  }

  @Test
  void groupThatFollowsItselfAnswersAsItsTableDid() {
    for (int i = 0; i < 256; i++) {
      map.set(12 + i, 4_000_000_000L + i); // Above 2^31: pointers are unsigned.
    }
    assertEquals(4_000_000_000L, map.get(12));
    assertEquals(4_000_000_255L, map.get(12 + 255));
  }

  @Test
  void layoutEndsWithTheFile() {
    map.layOut(0, 100, 12, -1);
    map.layOut(1, 113, 3, 112);
    assertEquals(111, map.get(11));
    assertEquals(115, map.get(14));
    assertEquals(-1, map.get(15));
  }

  @Test
  void indirectBlockIsInMemoryWhenNewAndNotWhenLaidOut() {
    map.setIndirectBlock(1, 900);
    map.layOut(2, 1_000, 256, 999);
    assertTrue(map.isCached(1));
    assertFalse(map.isCached(2));
    map.setCached(2);
    assertTrue(map.isCached(2));
  }
}
