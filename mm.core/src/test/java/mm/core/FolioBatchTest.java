package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FolioBatchTest {
  private final FolioBatch batch = new FolioBatch();

  @Test
  void addThatReturnsZeroHasFilledTheBatch() {
    for (int i = 0; i < 30; i++) {
      assertEquals(30 - i, batch.add(100 + i));
    }
    assertEquals(0, batch.add(130));
    assertThrows(IllegalStateException.class, () -> batch.add(131));
    assertEquals(130, batch.get(30));
    assertThrows(IndexOutOfBoundsException.class, () -> batch.get(31));
  }

  @Test
  void reinitForgetsFoliosButNotTheDrain() {
    batch.add(1);
    batch.setPercpuDrained();
    batch.reinit();
    assertEquals(0, batch.count());
    assertThrows(IndexOutOfBoundsException.class, () -> batch.get(0));
    assertTrue(batch.percpuDrained());
  }
}
