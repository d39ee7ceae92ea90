package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;

/** Eight pages of a file: the first three active, five inactive. */
class WorkingsetTest {
  private final CacheFixture fixture = new CacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final PageCache cache = fixture.cache();
  private final FolioStore folios = cache.folios();
  private final Memory memory = cache.memory();
  private final OpenFile file = fixture.newFile();

  WorkingsetTest() {
    file.mapping().setSizeBytes(8 << 12);
    int[] filled = fixture.fill(file, 8);
    for (int i = 0; i < 3; i++) {
      cache.markAccessed(filled[i]);
      cache.markAccessed(filled[i]);
    }
  }

  private void now(Step step) {
    fixture.taskAt(fixture.machine().nowNs(), 0, "task", step);
    fixture.machine().runUntil(fixture.machine().nowNs() + 100_000);
  }

  private void reclaim(Memcg target, int pages) {
    now(x -> memory.reclaim().newScan(ReclaimOrigin.DIRECT, target, pages, 0).begin(x));
  }

  private int addAgain(long index) {
    return addAgain(index, memory.root());
  }

  private int addAgain(long index, Memcg memcg) {
    int[] added = new int[1];
    now(
        x -> {
          assertTrue(memory.tryCharge(x, memcg, 1));
          added[0] = cache.addFolio(x, file.mapping(), index, 0, memcg);
          cache.endRead(x, added[0], true);
          cache.put(added[0]);
        });
    return added[0];
  }

  private long refaults() {
    return cache.stats().get(NodeStat.REFAULT_FILE);
  }

  @Test
  void whatWouldHaveStayedInPlaceOfActivePagesComesBackActive() {
    reclaim(memory.root(), 5);
    assertEquals(3, file.mapping().nrPages());
    // Three activations, then pages 3 to 7 left at the ages 3 to 7: the age is 8.
    // Page 3: 8 - 3 = 5 pages went after it, and only 3 are active: it could not have stayed.
    assertFalse(folios.test(addAgain(3), FolioFlag.ACTIVE));
    // Page 5: 8 - 5 = 3, and 3 are active: in place of these it could. The age is 9 then.
    assertTrue(folios.test(addAgain(5), FolioFlag.ACTIVE));
    // Page 4: 9 - 4 = 5, and 4 are active.
    assertFalse(folios.test(addAgain(4), FolioFlag.ACTIVE));
    assertEquals(3, refaults());
    assertEquals(1, cache.stats().get(NodeStat.REFAULT_ACTIVATE_FILE));
    cache.verify();
  }

  @Test
  void activationsAgeWhatWasEvicted() {
    reclaim(memory.root(), 5);
    int again = addAgain(3);
    cache.markAccessed(again);
    cache.markAccessed(again);
    // Page 4: 9 - 4 = 5, and 4 are active; page 5: 9 - 5 = 4.
    assertFalse(folios.test(addAgain(4), FolioFlag.ACTIVE));
    assertTrue(folios.test(addAgain(5), FolioFlag.ACTIVE));
  }

  @Test
  void aPageThatIsOverwrittenIsNew() {
    reclaim(memory.root(), 5);
    now(
        x -> {
          assertTrue(memory.tryCharge(x, memory.root(), 1));
          int folio = cache.addFolioToWrite(x, file.mapping(), 7, 0, memory.root());
          assertFalse(folios.test(folio, FolioFlag.ACTIVE));
          cache.endRead(x, folio, true);
          cache.put(folio);
        });
    now(x -> cache.invalidate(x, file.mapping(), 7 << 12, (8 << 12) - 1));
    addAgain(7);
    assertEquals(0, refaults());
  }

  @Test
  void aTruncationForgetsAndWhatIsDroppedLeavesNothing() {
    reclaim(memory.root(), 4);
    now(x -> cache.truncate(x, file.mapping(), 5 << 12));
    // All but page 7 was in memory or evicted before; it was cut off with pages 5 and 6.
    addAgain(6);
    assertEquals(0, refaults());
    addAgain(4);
    assertEquals(1, refaults());
    now(x -> cache.invalidate(x, file.mapping(), 4 << 12, (5 << 12) - 1));
    addAgain(4);
    assertEquals(1, refaults());
  }

  @Test
  void whatIsOlderThanMemoryIsForgotten() {
    reclaim(memory.root(), 5);
    // Age 8; page 6 left at 6, page 7 at 7. As many pages go as the machine has, less one.
    memory.root().nonresidentAge += memory.managedPages() - 1;
    addAgain(6);
    assertEquals(0, refaults());
    addAgain(7);
    assertEquals(1, refaults());
  }

  @Test
  void whatIsDeactivatedWasWorkingset() {
    reclaim(memory.root(), 5); // The inactive ones are gone,
    reclaim(memory.root(), 1); // so that the active ones are deactivated.
    assertEquals(3, file.mapping().nrPages());
    for (int index = 0; index < 3; index++) {
      int folio = file.mapping().pages().load(index);
      assertFalse(folios.test(folio, FolioFlag.ACTIVE));
      assertTrue(folios.test(folio, FolioFlag.WORKINGSET));
    }
  }

  @Test
  void comingBackToTheWorkingsetItIsMarkedAndCounts() {
    OpenFile other = fixture.newFile();
    for (int folio : fixture.fill(other, 60)) {
      cache.markAccessed(folio);
      cache.markAccessed(folio);
    }
    int[] few = {file.mapping().pages().load(3), file.mapping().pages().load(4)};
    for (int folio : few) {
      folios.set(folio, FolioFlag.WORKINGSET);
    }
    reclaim(memory.root(), 5);
    memory.root().fileCost = 0;
    int again = addAgain(3);
    assertTrue(folios.test(again, FolioFlag.ACTIVE));
    assertTrue(folios.test(again, FolioFlag.WORKINGSET));
    // A page read counts 32; the lists hold 63 pages before it is on one, and 63 / 4 < 32: halved.
    assertEquals(16, memory.root().fileCost);
    assertFalse(folios.test(addAgain(5), FolioFlag.WORKINGSET), "active now, but not before");
  }

  @Test
  void theAgeIsThatOfTheGroupThatWasShortOfMemory() {
    Memcg group = memory.newMemcg("group");
    OpenFile all = file;
    now(x -> cache.truncate(x, all.mapping(), 0));
    file.mapping().setSizeBytes(8 << 12);
    for (int i = 0; i < 4; i++) {
      addAgain(i, group);
    }
    now(x -> memory.reclaim().newScan(ReclaimOrigin.MEMCG, group, 4, 0).begin(x));
    assertEquals(0, file.mapping().nrPages());
    assertEquals(4, group.nonresidentAge);
    assertEquals(3 + 4, memory.root().nonresidentAge);
    addAgain(3, group);
    assertEquals(1, group.stats().get(NodeStat.REFAULT_FILE));
    cache.verify();
  }
}
