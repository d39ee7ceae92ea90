package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FolioBlockStatesTest {
  private final FolioStore folios = new FolioStore();
  private final FolioBlockStates states = new FolioBlockStates(folios, 512);
  private final int page = folios.alloc(0);
  private final int state = states.attach(page, false);

  @Test
  void rangeOfDirtyBlocksIsFoundWithItsEnd() {
    states.setDirty(state, 600, 1_000); // Bytes 600 to 1599: blocks 1, 2 and 3.
    assertEquals(1, states.nextDirty(state, 0));
    assertEquals(4, states.nextClean(state, 1));
    assertEquals(8, states.nextDirty(state, 4));
  }

  @Test
  void folioIsUptodateWithItsLastBlock() {
    assertFalse(states.setUptodate(state, 0, 3_584));
    assertTrue(states.setUptodate(state, 3_584, 512));
  }

  @Test
  void bitmapsOfALargeFolioReachOverWords() {
    int large = folios.alloc(5); // 32 pages of 8 blocks: 256 blocks, 4 words.
    int handle = states.attach(large, true);
    states.setDirty(handle, 60 * 512, 70 * 512);
    assertEquals(60, states.nextDirty(handle, 0));
    assertEquals(130, states.nextClean(handle, 60));
    assertEquals(256, states.nextDirty(handle, 130));
    assertTrue(states.uptodate(handle, 255));
    assertEquals(8, states.nextDirty(state, 0), "the small folio's state is its own");
  }

  @Test
  void readAndWriteBytesArePendingApart() {
    states.addWritePending(state, 4_096);
    states.addReadPending(state, 512);
    assertEquals(3_584, states.addWritePending(state, -512));
    assertEquals(0, states.addReadPending(state, -512));
    assertThrows(IllegalStateException.class, () -> states.addReadPending(state, -512));
    assertEquals(3_584, states.writePending(state));
  }

  @Test
  void stateWithIoPendingCannotBeFreed() {
    states.addWritePending(state, 512);
    assertThrows(IllegalStateException.class, () -> states.detach(page));
  }

  @Test
  void freedStateIsUsedAgainAndEmpty() {
    states.setDirty(state, 0, 4_096);
    states.detach(page);
    assertEquals(0, states.inUse());
    assertEquals(state, states.attach(page, false));
    assertEquals(8, states.nextDirty(state, 0));
    assertFalse(states.uptodate(state, 0));
  }
}
