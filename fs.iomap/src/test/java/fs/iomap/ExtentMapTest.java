package fs.iomap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import sim.kernel.random.RandomStream;
import sim.kernel.random.RandomStreams;

class ExtentMapTest {
  private final ExtentMap map = new ExtentMap();
  private final Iomap at = new Iomap();

  @Test
  void extentsThatContinueEachOtherAreOne() {
    map.set(0, 4, ExtentState.WRITTEN, 100, false);
    map.set(8, 12, ExtentState.WRITTEN, 108, false);
    assertEquals(2, map.extentCount());
    map.set(4, 8, ExtentState.WRITTEN, 104, false); // 100..103, 104..107, 108..111.
    assertEquals(1, map.extentCount());
    map.lookup(11, at);
    assertEquals(0, at.firstBlock);
    assertEquals(12, at.endBlock);
    assertEquals(111, at.diskBlock(11));
  }

  @Test
  void extentsApartOnTheDeviceStayApart() {
    map.set(0, 4, ExtentState.WRITTEN, 100, false);
    map.set(4, 8, ExtentState.WRITTEN, 105, false);
    assertEquals(2, map.extentCount());
  }

  @Test
  void conversionInTheMiddleMakesThreeOfOne() {
    map.set(0, 10, ExtentState.UNWRITTEN, 200, false);
    map.set(3, 5, ExtentState.WRITTEN, 203, false);
    assertEquals(3, map.extentCount());
    map.lookup(5, at);
    assertEquals(ExtentState.UNWRITTEN, at.state);
    assertEquals(205, at.diskBlock(5));
  }

  @Test
  void holeReachesFromExtentToExtent() {
    map.set(2, 3, ExtentState.DELALLOC, 0, false);
    map.set(7, 9, ExtentState.DELALLOC, 0, false);
    map.lookup(4, at);
    assertEquals(ExtentState.HOLE, at.state);
    assertEquals(3, at.firstBlock);
    assertEquals(7, at.endBlock);
    map.lookup(9, at);
    assertEquals(Long.MAX_VALUE, at.endBlock);
  }

  @Test
  void everyBlockIsAsAnArrayOfBlocksHasIt() {
    int blocks = 4_000;
    ExtentState[] states = new ExtentState[blocks];
    long[] disks = new long[blocks];
    boolean[] shared = new boolean[blocks];
    java.util.Arrays.fill(states, ExtentState.HOLE);
    RandomStream random = new RandomStreams(7).named("extents");
    for (int round = 0; round < 6_000; round++) {
      int first = random.nextInt(blocks);
      int end = Math.min(blocks, first + 1 + random.nextInt(round % 50 == 0 ? 300 : 3));
      ExtentState state = ExtentState.values()[random.nextInt(4)];
      boolean blocksThere = state == ExtentState.WRITTEN || state == ExtentState.UNWRITTEN;
      // Half of the extents continue what a file laid out in one piece would have there.
      long disk =
          !blocksThere ? 0 : random.nextInt(2) == 0 ? 10_000 + first : 50_000 + round * 400L;
      boolean share = blocksThere && random.nextInt(4) == 0;
      map.set(first, end, state, disk, share);
      for (int b = first; b < end; b++) {
        states[b] = state;
        disks[b] = disk + b - first;
        shared[b] = share;
      }
      map.verify();
    }
    for (int b = 0; b < blocks; b++) {
      map.lookup(b, at);
      assertEquals(states[b], at.state, "state of block " + b);
      if (at.hasBlocks()) {
        assertEquals(disks[b], at.diskBlock(b), "disk block of block " + b);
        assertEquals(shared[b], at.shared, "shared of block " + b);
      } else {
        assertFalse(at.shared);
      }
    }
  }
}
