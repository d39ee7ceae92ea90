package fs.buffer.ext4;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExtentStatusTest {
  private final ExtentStatus status = new ExtentStatus();
  private final MappedBlocks run = new MappedBlocks();

  private String at(long block, long limit) {
    status.lookup(block, limit, run);
    return run.state + " " + run.block + "-" + run.endBlock + " at " + run.diskBlock;
  }

  @Test
  void runGoesOnOverChunksAsLongAsBlocksFollowEachOther() {
    status.set(0, 5_000, BlockState.WRITTEN, 100_000);
    assertEquals("WRITTEN 1000-5000 at 101000", at(1_000, 5_000));
    assertEquals("WRITTEN 1000-2000 at 101000", at(1_000, 2_000));
    assertEquals("WRITTEN 4999-5000 at 104999", at(4_999, 9_000));
    assertEquals("HOLE 5000-9000 at 0", at(5_000, 9_000));
  }

  @Test
  void runEndsWhereStateOrPlaceChanges() {
    status.set(0, 2_048, BlockState.WRITTEN, 100_000);
    status.set(2_048, 4_096, BlockState.WRITTEN, 500_000);
    status.set(10, 12, BlockState.UNWRITTEN, 100_010);
    assertEquals("WRITTEN 0-10 at 100000", at(0, 4_096));
    assertEquals("UNWRITTEN 10-12 at 100010", at(10, 4_096));
    assertEquals("WRITTEN 12-2048 at 100012", at(12, 4_096));
    status.set(10, 12, BlockState.WRITTEN, 100_010);
    assertEquals("WRITTEN 0-2048 at 100000", at(0, 4_096));
  }

  @Test
  void extentsOnDiskAreCountedAndHoldNoMoreThan32768Blocks() {
    assertEquals(0, status.extents());
    status.set(0, 100, BlockState.DELAYED, 0);
    assertEquals(0, status.extents(), "a promise is on no disk");
    status.set(0, 100, BlockState.UNWRITTEN, 1_000);
    assertEquals(1, status.extents());
    status.set(40, 50, BlockState.WRITTEN, 1_040);
    assertEquals(3, status.extents(), "an unwritten one on each side of it");
    status.set(0, 40, BlockState.WRITTEN, 1_000);
    status.set(50, 100, BlockState.WRITTEN, 1_050);
    assertEquals(1, status.extents(), "joined again");
    // 1 GiB in one piece: 262144 blocks. 8 more than the one that begins it: an inode has 4.
    status.set(0, 262_144, BlockState.WRITTEN, 1_000);
    assertEquals(9, status.extents());
  }

  @Test
  void leavesThatWereChangedAreTold() {
    status.set(0, 4 * 1_024, BlockState.WRITTEN, 1_000);
    assertEquals(2, status.takeChangedLeaves(2));
    assertEquals(0, status.takeChangedLeaves(2));
    status.set(3_000, 3_001, BlockState.WRITTEN, 9_000);
    assertEquals(1, status.takeChangedLeaves(2));
    status.set(3_000, 3_001, BlockState.WRITTEN, 9_000);
    assertEquals(0, status.takeChangedLeaves(2), "nothing has changed");
  }

  @Test
  void itIsWhatAnArrayOfBlocksWouldBe() {
    int blocks = 6_000;
    long[] disk = new long[blocks];
    BlockState[] states = new BlockState[blocks];
    java.util.Arrays.fill(states, BlockState.HOLE);
    Random random = new Random(42);
    for (int step = 0; step < 2_000; step++) {
      int first = random.nextInt(blocks);
      int end = Math.min(blocks, first + 1 + random.nextInt(step % 4 == 0 ? 3_000 : 20));
      BlockState state = BlockState.of(random.nextInt(4));
      long place = state.isOnDisk() ? 10_000 + first + 8_000L * random.nextInt(3) : 0;
      status.set(first, end, state, place);
      for (int i = first; i < end; i++) {
        states[i] = state;
        disk[i] = state.isOnDisk() ? place + i - first : 0;
      }
      int from = random.nextInt(blocks);
      int to = from;
      while (to < blocks
          && states[to] == states[from]
          && disk[to] == (states[from].isOnDisk() ? disk[from] + to - from : 0)) {
        to++;
      }
      assertEquals(states[from] + " " + from + "-" + to + " at " + disk[from], at(from, blocks));
      if (step % 50 == 0) {
        assertEquals(extents(states, disk), status.extents(), "step " + step);
      }
    }
  }

  private static long extents(BlockState[] states, long[] disk) {
    long count = 0;
    for (int i = 0; i < states.length; i++) {
      boolean goesOn = i > 0 && states[i] == states[i - 1] && disk[i] == disk[i - 1] + 1;
      count += states[i].isOnDisk() && !goesOn ? 1 : 0;
    }
    return count;
  }
}
