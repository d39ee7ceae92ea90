package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class PercpuCounterTest {
  @Test
  void shareIsFoldedWhenItReachesTheBatch() {
    PercpuCounter counter = new PercpuCounter(4, 24);
    counter.add(0, 23);
    counter.add(1, -23);
    counter.add(2, 20);
    assertEquals(0, counter.read());
    assertEquals(20, counter.sum());
    counter.add(0, 1);
    assertEquals(24, counter.read());
    counter.add(1, -10);
    // 24 - 33: the read leaves out the 20 of CPU 2.
    assertEquals(-9, counter.read());
    assertEquals(0, counter.readPositive());
    assertEquals(11, counter.sum());
  }

  @Test
  void shareOfADeadCpuIsFolded() {
    PercpuCounter counter = new PercpuCounter(2, 24);
    counter.add(1, 5);
    counter.cpuDead(1);
    assertEquals(5, counter.read());
    assertEquals(5, counter.sum());
  }

  @Test
  void batchOfWritebackCountersGrowsWithTheLogarithmOfTheCpus() {
    assertEquals(8, PercpuCounter.writebackBatch(1));
    assertEquals(24, PercpuCounter.writebackBatch(4));
    assertEquals(24, PercpuCounter.writebackBatch(7));
    assertEquals(56, PercpuCounter.writebackBatch(64));
  }

  @Test
  void nodeCountsNeverGoBelowZero() {
    NodeStats stats = new NodeStats();
    stats.add(NodeStat.FILE_DIRTY, 3);
    assertThrows(IllegalStateException.class, () -> stats.add(NodeStat.FILE_DIRTY, -4));
    stats.add(NodeStat.FILE_DIRTY, -3);
    assertEquals(0, stats.get(NodeStat.FILE_DIRTY));
  }
}
