package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class FolioStoreTest {
  private final FolioStore folios = new FolioStore();
  private final int folio = folios.alloc(0);

  private void refused(IntConsumer act, int subject, String words) {
    String before = folios.describe(subject);
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> act.accept(subject));
    assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    assertEquals(before, folios.describe(subject), "a refused act changes nothing");
  }

  @Test
  void newFolioHasOneReferenceAndNothingElse() {
    int large = folios.alloc(9);
    assertEquals(
        "folio 2 (order 9, refs 1, maps 0, no mapping, memcg 0, node 0, flags none)",
        folios.describe(large));
    assertEquals(512, folios.nrPages(large));
    assertEquals(513, folios.pageCount());
    assertEquals(2, folios.folioCount());
  }

  @Test
  void lastFreedHandleIsUsedNextAndComesBackClean() {
    int other = folios.alloc(4);
    folios.set(folio, FolioFlag.UPTODATE.or(FolioFlag.DROPBEHIND));
    folios.setMapping(folio, 3, 77);
    folios.clearMapping(folio);
    folios.setMemcg(folio, 65535);
    folios.put(folio);
    folios.put(other);
    assertEquals(0, folios.pageCount());
    assertEquals(other, folios.alloc(0));
    assertEquals(folio, folios.alloc(0));
    assertEquals(
        "folio 1 (order 0, refs 1, maps 0, no mapping, memcg 0, node 0, flags none)",
        folios.describe(folio));
  }

  @Test
  void handlesAreDistinctAcrossChunksAndMemoryIsReused() {
    for (int i = 2; i <= 10_000; i++) {
      assertEquals(i, folios.alloc(0));
    }
    // 3 chunks of 4096 records of 36 bytes.
    long footprintBytes = folios.footprintBytes();
    assertTrue(footprintBytes >= 3 * 4096 * 36 && footprintBytes < 4 * 4096 * 36);
    for (int i = 1; i <= 10_000; i++) {
      folios.put(i);
    }
    for (int i = 1; i <= 10_000; i++) {
      folios.alloc(0);
    }
    assertEquals(footprintBytes, folios.footprintBytes());
    assertEquals("folio 10001 (never allocated)", folios.describe(10_001));
  }

  @Test
  void identityKeepsEveryBitOfItsFields() {
    int large = folios.alloc(9);
    long index = FolioStore.INDEX_LIMIT - 512;
    folios.setMemcg(large, 65535);
    folios.setNode(large, 15);
    folios.setMapping(large, Integer.MAX_VALUE, index);
    assertEquals(index, folios.index(large));
    assertEquals(Integer.MAX_VALUE, folios.mapping(large));
    assertEquals(65535, folios.memcg(large));
    assertEquals(15, folios.node(large));
    assertEquals(9, folios.order(large));
    folios.clearMapping(large);
    assertEquals(index, folios.index(large), "the index outlives the mapping");
    folios.setMapping(large, 1, 0);
    assertEquals(0, folios.index(large));
    assertEquals(65535, folios.memcg(large));
  }

  @Test
  void placeOfAFolioIsAMultipleOfItsSizeBelowTheLimit() {
    int large = folios.alloc(2);
    for (long index : new long[] {2, -4, FolioStore.INDEX_LIMIT}) {
      assertThrows(IllegalArgumentException.class, () -> folios.setMapping(large, 1, index));
    }
    assertThrows(IllegalArgumentException.class, () -> folios.setMapping(large, 0, 4));
    folios.setMapping(large, 1, 4);
    refused(f -> folios.setMapping(f, 2, 8), large, "it must have none");
  }

  @Test
  void referencesAreCountedAndTheLastPutFrees() {
    folios.get(folio);
    assertFalse(folios.putTestzero(folio));
    assertTrue(folios.putTestzero(folio));
    refused(folios::putTestzero, folio, "refs 0");
    refused(folios::get, folio, "refs 0");
    folios.free(folio);
    refused(folios::get, folio, "folio 1 (free)");
    refused(folios::put, folio, "folio 1 (free)");
    refused(folios::free, folio, "it must be in use");
    refused(folios::get, 0, "folio 0 (none)");
    refused(folios::put, -5, "never allocated");
    refused(folios::put, 5_000_000, "never allocated");
  }

  @Test
  void frozenFolioGivesNoReferenceUntilItIsUnfrozen() {
    folios.get(folio);
    assertFalse(folios.freeze(folio, 1), "there are 2 references");
    assertTrue(folios.freeze(folio, 2));
    assertFalse(folios.tryGet(folio));
    assertEquals(0, folios.refcount(folio));
    refused(folios::put, folio, "put of 1");
    refused(f -> folios.unfreeze(f, 0), folio, "unfreeze to 0");
    folios.unfreeze(folio, 2);
    refused(f -> folios.unfreeze(f, 2), folio, "it must be frozen");
    assertTrue(folios.tryGet(folio));
    assertEquals(3, folios.refcount(folio));
  }

  @Test
  void freeFolioGivesNoReferenceEither() {
    folios.put(folio);
    assertFalse(folios.tryGet(folio));
  }

  @Test
  void mapsHoldReferencesThatAPutCantTake() {
    folios.map(folio);
    folios.map(folio);
    assertEquals(3, folios.refcount(folio));
    assertEquals(2, folios.mapcount(folio));
    folios.putTestzero(folio);
    refused(folios::put, folio, "refs 2, maps 2");
    folios.unmap(folio);
    refused(folios::unmap, folio, "another reference must be held");
    folios.get(folio);
    folios.unmap(folio);
    assertFalse(folios.mapped(folio));
    refused(folios::unmap, folio, "it must be mapped");
  }

  @Test
  void folioInUseIsNotFreed() {
    refused(folios::free, folio, "refs 1");
    assertTrue(folios.freeze(folio, 1));
    FolioFlag[] forbidden = {FolioFlag.LOCKED, FolioFlag.DIRTY, FolioFlag.WRITEBACK};
    for (FolioFlag flag : forbidden) {
      folios.set(folio, flag);
      refused(folios::free, folio, "flags " + flag.label());
      folios.clear(folio, flag);
    }
    folios.setMapping(folio, 1, 0);
    refused(folios::free, folio, "mapping 1 index 0");
    folios.clearMapping(folio);
    FolioList list = new FolioList(folios);
    list.addHead(folio);
    refused(folios::free, folio, "in a list");
    list.remove(folio);
    folios.free(folio);
  }

  @Test
  void privateStateHoldsAReferenceAndKeepsTheFolio() {
    folios.attachPrivate(folio, -12);
    assertEquals(2, folios.refcount(folio));
    assertEquals(-12, folios.privateHandle(folio));
    assertTrue(folios.test(folio, FolioFlag.PRIVATE));
    refused(f -> folios.attachPrivate(f, 3), folio, "it must have none");
    folios.putTestzero(folio);
    refused(folios::detachPrivate, folio, "another reference must be held");
    folios.get(folio);
    assertEquals(-12, folios.detachPrivate(folio));
    assertEquals(1, folios.refcount(folio));
    assertEquals(0, folios.detachPrivate(folio));
    assertEquals(0, folios.privateHandle(folio));
  }

  @Test
  void flagsAreTestedAndChangedAsSets() {
    assertFalse(folios.testSet(folio, FolioFlag.DIRTY));
    assertTrue(folios.testSet(folio, FolioFlag.DIRTY));
    assertTrue(folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK));
    assertFalse(folios.test(folio, FolioFlag.WRITEBACK));
    folios.set(folio, FolioFlag.ANON);
    assertEquals(FolioFlag.DIRTY.mask() | FolioFlag.ANON.mask(), folios.flags(folio));
    assertTrue(folios.testClear(folio, FolioFlag.DIRTY_OR_WRITEBACK));
    assertFalse(folios.testClear(folio, FolioFlag.DIRTY));
    assertEquals("anon", FolioFlag.labelsOf(folios.flags(folio)));
  }

  @Test
  void lockIsTakenOnceAndUnlockTellsOfWaiters() {
    assertTrue(folios.trylock(folio));
    assertFalse(folios.trylock(folio));
    assertFalse(folios.unlock(folio));
    refused(folios::unlock, folio, "it must be locked");
    folios.trylock(folio);
    folios.set(folio, FolioFlag.WAITERS);
    assertTrue(folios.unlock(folio));
  }

  @Test
  void allocRefusesOrdersTheKernelHasNoFolioFor() {
    assertThrows(IllegalArgumentException.class, () -> folios.alloc(-1));
    assertThrows(IllegalArgumentException.class, () -> folios.alloc(10));
  }
}
