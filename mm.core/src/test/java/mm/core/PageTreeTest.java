package mm.core;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PageTreeTest {
  private static final long LAST_INDEX = FolioStore.INDEX_LIMIT - 1;

  private final FolioStore folios = new FolioStore();
  private final PageTreeNodes nodes = new PageTreeNodes();
  private final PageTree tree = new PageTree(folios, nodes);

  private int store(long index, int order) {
    int folio = folios.alloc(order);
    tree.store(index, folio);
    return folio;
  }

  @Test
  void everyIndexInsideALargeFolioLeadsToIt() {
    int small = store(511, 0);
    int large = store(512, 9);
    int next = store(1024, 2);
    assertEquals(small, tree.load(511));
    assertEquals(large, tree.load(512));
    assertEquals(large, tree.load(777));
    assertEquals(large, tree.load(1023));
    assertEquals(next, tree.load(1027));
    assertEquals(0, tree.load(1028));
    assertEquals(1 + 512 + 4, tree.pageCount());
  }

  @Test
  void marksOfALargeFolioAreReachedThroughAnyOfItsPages() {
    int large = store(64, 4);
    tree.setMark(79, PageMark.DIRTY);
    assertTrue(tree.getMark(70, PageMark.DIRTY));
    assertEquals(large, tree.nextMarked(PageMark.DIRTY, 75, 75), "a range that begins inside");
    tree.clearMark(64, PageMark.DIRTY);
    assertFalse(tree.marked(PageMark.DIRTY));
  }

  @Test
  void largestIndexIsReachedWithSevenNodes() {
    int folio = store(LAST_INDEX, 0);
    // 40 bits of index at 6 bits a level: 7 levels, and nothing beside the way down.
    assertEquals(7, nodes.nodeCount());
    tree.setMark(LAST_INDEX, PageMark.WRITEBACK);
    assertEquals(folio, tree.next(0, Long.MAX_VALUE));
    assertEquals(folio, tree.nextMarked(PageMark.WRITEBACK, 0, LAST_INDEX));
    assertEquals(0, tree.next(0, LAST_INDEX - 1));
    assertEquals(0, tree.load(-1));
    assertEquals(0, tree.load(Long.MAX_VALUE));
  }

  @Test
  void nodesGoWithTheirLastFolioAndTheRootGoesDown() {
    store(0, 0);
    assertEquals(1, nodes.nodeCount());
    store(1L << 24, 0);
    // Shift 24 on top of four levels: a root with two ways down, of four nodes each.
    assertEquals(9, nodes.nodeCount());
    tree.erase(1L << 24);
    assertEquals(1, nodes.nodeCount());
    assertEquals(0, tree.load(1L << 24));
    tree.erase(0);
    assertEquals(0, nodes.nodeCount());
    assertTrue(tree.isEmpty());
    tree.verify();
  }

  @Test
  void storeWhereAPageIsTakenIsRefusedAndLeavesNothingBehind() {
    store(7, 0);
    int large = folios.alloc(9);
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> tree.store(0, large));
    assertTrue(refusal.getMessage().contains("folio 1 (order 0"), refusal.getMessage());
    assertEquals(1, nodes.nodeCount(), "the root raised for order 9 is gone again");
    assertEquals(1, tree.pageCount());
    tree.verify();
    tree.erase(7);
    tree.store(0, large);
    assertThrows(IllegalStateException.class, () -> tree.store(511, folios.alloc(0)));
    tree.verify();
  }

  @Test
  void storeRefusesUnalignedAndUnencodableIndexes() {
    int large = folios.alloc(3);
    assertThrows(IllegalArgumentException.class, () -> tree.store(4, large));
    assertThrows(IllegalArgumentException.class, () -> tree.store(FolioStore.INDEX_LIMIT, large));
    assertThrows(IllegalArgumentException.class, () -> tree.store(-8, large));
    assertThrows(IllegalArgumentException.class, () -> tree.store(8, 0));
    assertTrue(tree.isEmpty());
  }

  @Test
  void rootMarkFollowsTheLastMarkedFolio() {
    store(3, 0);
    store(1L << 30, 0);
    tree.setMark(3, PageMark.WRITEBACK);
    tree.setMark(1L << 30, PageMark.WRITEBACK);
    tree.clearMark(3, PageMark.WRITEBACK);
    assertTrue(tree.marked(PageMark.WRITEBACK));
    tree.erase(1L << 30);
    assertFalse(tree.marked(PageMark.WRITEBACK), "a mark goes with its folio");
    assertFalse(tree.marked(PageMark.DIRTY));
  }

  @Test
  void marksGoUpWithARootThatIsRaised() {
    store(3, 0);
    tree.setMark(3, PageMark.DIRTY);
    store(1L << 30, 0);
    assertTrue(tree.marked(PageMark.DIRTY));
    tree.verify();
  }

  @Test
  void taggingTakesDirtyFoliosOfTheRangeAndNoLaterOnes() {
    for (long index = 0; index < 200; index++) {
      store(index, 0);
      if (index % 2 == 0) {
        tree.setMark(index, PageMark.DIRTY);
      }
    }
    tree.tagForWriteback(10, 131);
    tree.setMark(11, PageMark.DIRTY);
    FolioBatch batch = new FolioBatch();
    long index = 0;
    int tagged = 0;
    while (index < 200) {
      batch.reinit();
      index = tree.lookupMarked(batch, PageMark.TOWRITE, index, 199);
      tagged += batch.count();
    }
    assertEquals(61, tagged, "10, 12, ... 130");
    assertFalse(tree.getMark(8, PageMark.TOWRITE));
    assertFalse(tree.getMark(132, PageMark.TOWRITE));
  }

  @Test
  void taggingThatBeginsInsideALargeFolioMissesNoneAfterIt() {
    store(0, 9);
    store(512, 6);
    tree.setMark(0, PageMark.DIRTY);
    tree.setMark(512, PageMark.DIRTY);
    tree.tagForWriteback(300, 512);
    assertTrue(tree.getMark(0, PageMark.TOWRITE));
    assertTrue(tree.getMark(512, PageMark.TOWRITE));
  }

  @Test
  void batchGoesOnWhereItBecameFull() {
    for (long index = 0; index < 40; index++) {
      store(index * 4, 2);
    }
    FolioBatch batch = new FolioBatch();
    // 31 folios of 4 pages end before page 124.
    assertEquals(124, tree.lookup(batch, 2, 159), "page 2 lies in the first folio");
    assertEquals(31, batch.count());
    assertEquals(1, batch.get(0));
    batch.reinit();
    assertEquals(160, tree.lookup(batch, 124, 159));
    assertEquals(9, batch.count());
  }

  @Test
  void nodesOfOneTreeServeTheNext() {
    store(5, 0);
    tree.setMark(5, PageMark.DIRTY);
    tree.erase(5);
    long footprintBytes = nodes.footprintBytes();
    PageTree other = new PageTree(folios, nodes);
    other.store(63, folios.alloc(0));
    other.verify();
    assertFalse(other.marked(PageMark.DIRTY));
    assertEquals(0, other.load(5));
    assertEquals(footprintBytes, nodes.footprintBytes());
  }

  @Test
  void verifySeesALostMarkALostFolioAndAWrongCount() {
    store(0, 0);
    store(100, 1);
    tree.setMark(100, PageMark.DIRTY);
    assertDoesNotThrow(tree::verify);
    // Node 1 is the lowest node of index 0, node 3 that of index 100; node 2 is their root.
    corruptWordAndVerify(3, PageTreeNodes.FIRST_MARK, "mark DIRTY is summed up above");
    corruptWordAndVerify(1, PageTreeNodes.PRESENT, "no node is empty");
    int[] slots = nodes.slotsOf(3);
    int slot = PageTreeNodes.firstSlot(3) + 37;
    int folio = slots[slot];
    slots[slot] = 0;
    assertThrows(IllegalStateException.class, tree::verify);
    slots[slot] = folio;
    tree.verify();
  }

  private void corruptWordAndVerify(int node, int word, String rule) {
    int at = PageTreeNodes.firstWord(node) + word;
    long before = nodes.wordsOf(node)[at];
    nodes.wordsOf(node)[at] = 0;
    String message = assertThrows(IllegalStateException.class, tree::verify).getMessage();
    assertTrue(message.contains(rule), message);
    nodes.wordsOf(node)[at] = before;
  }
}
