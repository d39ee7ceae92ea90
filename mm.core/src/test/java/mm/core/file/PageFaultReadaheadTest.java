package mm.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.ReadAdvice;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.MachineProfile;

/** What faults bring besides their page. */
class PageFaultReadaheadTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(1).withoutCosts()).withoutWriteback();
  private final PageFaults faults = new PageFaults(fixture.cache());
  private final Mm mm = new Mm("task", 1);

  private OpenFile file(long pages) {
    fixture.device().setReadaheadPages(32);
    OpenFile file = fixture.newFile(pages << 12);
    file.mapping().setOrderRange(0, FolioStore.ORDER_MAX);
    return file;
  }

  private Vma map(OpenFile file, ReadAdvice advice) {
    int pages = (int) (file.mapping().sizeBytes() >> 12);
    Vma vma = fixture.cache().mapped().map(mm, file.mapping(), 0, pages);
    vma.advise(advice);
    return vma;
  }

  /** Loads a page; how many are cached then. */
  private long load(OpenFile file, Vma vma, long page) {
    fixture.spawn(0, x -> faults.access(x, file, vma, page, false));
    fixture.runToIdle();
    return file.mapping().nrPages();
  }

  private boolean isCached(OpenFile file, long page) {
    return file.mapping().pages().load(page) != 0;
  }

  @Test
  void aFaultReadsHalfAWindowBeforeItAndHalfBehind() {
    OpenFile file = file(1_024);
    Vma vma = map(file, ReadAdvice.NORMAL);
    assertEquals(32, load(file, vma, 100));
    assertEquals(
        "false true true false",
        isCached(file, 83)
            + " "
            + isCached(file, 84)
            + " "
            + isCached(file, 115)
            + " "
            + isCached(file, 116));
    // The last quarter begins with the marker: 32 pages more, as the window can't grow. They end
    // where the folios of 4 do: at 148.
    assertEquals(32, load(file, vma, 107));
    assertEquals(64, load(file, vma, 108));
  }

  @Test
  void aStoreTakesTheMarkerAway() {
    OpenFile file = file(1_024);
    Vma vma = map(file, ReadAdvice.NORMAL);
    assertEquals(32, load(file, vma, 100));
    // Behind the fault's look for the marker, which page 108 has: the store finds it first.
    fixture.spawn(0, x -> faults.access(x, file, vma, 108, true));
    fixture.runToIdle();
    assertEquals(64, file.mapping().nrPages());
    fixture.cache().folios().set(file.mapping().pages().load(109), FolioFlag.READAHEAD);
    file.advise(ReadAdvice.RANDOM);
    vma.advise(ReadAdvice.RANDOM);
    fixture.spawn(0, x -> faults.access(x, file, vma, 109, true));
    fixture.runToIdle();
    assertFalse(
        fixture.cache().folios().test(file.mapping().pages().load(109), FolioFlag.READAHEAD));
  }

  @Test
  void aHundredMissesEndTheReadingAround() {
    OpenFile file = file(8_192);
    Vma vma = map(file, ReadAdvice.NORMAL);
    long cached = 0;
    for (int miss = 1; miss <= 100; miss++) {
      cached = load(file, vma, 64L * miss);
    }
    assertEquals(3_200, cached);
    assertEquals(3_201, load(file, vma, 64 * 101));
    // A hit on a page that is not mapped yet makes up for one of the misses.
    load(file, vma, 64 + 1);
    load(file, vma, 64 + 2);
    assertEquals(3_233, load(file, vma, 64 * 102));
  }

  @Test
  void adviceDecidesWhetherAFaultReadsAhead() {
    OpenFile file = file(1_024);
    assertEquals(1, load(file, map(file, ReadAdvice.RANDOM), 500));
    // A sequential mapping asks for a whole window, from its page on.
    assertEquals(1 + 32, load(file, map(file, ReadAdvice.SEQUENTIAL), 0));
    assertEquals(true, isCached(file, 31));
  }

  @Test
  void aFaultIsNoUseThatReclaimHearsOfButByThePageTable() {
    OpenFile file = file(64);
    load(file, map(file, ReadAdvice.RANDOM), 3);
    load(file, map(file, ReadAdvice.RANDOM), 3);
    String flags = fixture.flags(file, 3);
    assertFalse(flags.contains("referenced") || flags.contains("active"), flags);
  }
}
