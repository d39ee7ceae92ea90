package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mm.core.FolioStore;
import mm.core.file.OpenFile;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

class PageFramesTest {
  private static final MachineProfile FREE = MachineProfile.ofCpus(2).withoutCosts();

  private PageCacheFixture fixture = new PageCacheFixture(FREE.with(Cost.PAGE_COLD, 80));
  private final List<Long> charged = new ArrayList<>();

  private int alloc(Exec x, int order) {
    int folio = fixture.cache().folios().alloc(order);
    fixture.cache().memory().frames().allocated(x, folio);
    charged.add(x.chargedNs());
    return folio;
  }

  private void free(int folio) {
    fixture.cache().memory().frames().freed(folio);
    fixture.cache().folios().put(folio);
  }

  @Test
  void framesThatWereFreedAMomentAgoAreWarmUntilTheCacheIsFullOfOthers() {
    PageFrames frames = fixture.cache().memory().frames();
    FolioStore folios = fixture.cache().folios();
    frames.setLlcBytes(8 << 12);
    fixture.spawn(
        0,
        x -> {
          free(alloc(x, 2)); // 4 cold: 320
          alloc(x, 1); // 2 of the 4 that are warm
          free(alloc(x, 2)); // the other 2, and 2 cold: 160 more, so 480
          alloc(x, 2); // 4 warm
          int large = folios.alloc(3);
          free(alloc(x, 2)); // 4 cold: 800
          assertEquals(0, frames.reclaimNs(large, 8), "the cache has all of the list");
          assertEquals(640, frames.reclaimNs(large, 9));
          free(alloc(x, 2)); // 8 pages came in since: still there
          assertEquals(640, frames.reclaimNs(large, 9));
          frames.reclaimNs(large, 9);
          alloc(x, 2); // 16 since: 320 more
        });
    fixture.runUntil(1_000_000);
    assertEquals(List.of(320L, 320L, 480L, 480L, 800L, 800L, 1_120L), charged);
  }

  private String read(RwFlags flags) {
    fixture =
        new PageCacheFixture(
            FREE.with(Cost.PAGE_COLD, 80)
                .with(Cost.PAGE_FIRST_TOUCH, 500)
                .with(Cost.FOLIO_DROP, 0));
    fixture.device().setReadaheadPages(0);
    OpenFile file = fixture.newFile(2 << 12);
    fixture.taskAt(0, 0, fixture.read(file, 0, 2, flags), fixture.read(file, 0, 2, flags));
    return fixture.runToIdle().toString();
  }

  @Test
  void aDontcacheReaderTouchesOneFrameAgainAndAgain() {
    // A page is read in 100 us. The first frame is cold and untouched: 580 ns, once.
    assertEquals("[read=8192@200580, read=8192@400580]", read(RwFlags.of(RwFlag.DONTCACHE)));
    // Two frames, and then both pages are there.
    assertEquals("[read=8192@201160, read=8192@201160]", read(RwFlags.NONE));
  }

  @Test
  void aReaderPaysForEachPageOfALargeFolioThatItTouchesFirst() {
    fixture = new PageCacheFixture(FREE.with(Cost.PAGE_FIRST_TOUCH, 500));
    OpenFile file = fixture.newFile(4 << 12);
    file.mapping().setOrderRange(0, 2);
    fixture.withoutWriteback();
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 2, RwFlags.NONE),
        fixture.write(file, 2, 2, RwFlags.NONE),
        fixture.read(file, 0, 4, RwFlags.NONE));
    // Folios of two pages, each touched by its write.
    assertEquals(
        "[write=8192@1000, write=8192@2000, read=16384@2000]", fixture.runToIdle().toString());
  }

  @Test
  void eachFurtherPageOfALargeFolioCostsItsRemovalSomeTime() {
    fixture = new PageCacheFixture(FREE.with(Cost.FOLIO_FREE_PAGE, 23));
    OpenFile file = fixture.newFile(8 << 12);
    file.mapping().setOrderRange(0, 3);
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 8, RwFlags.NONE),
        fixture.fsync(file),
        x -> fixture.cache().dontneed(x, file.mapping(), 0, (8 << 12) - 1),
        fixture.logged("end", x -> x.setResult(0)));
    List<String> log = fixture.runToIdle();
    long written = Long.parseLong(log.get(1).split("@")[1]);
    assertEquals("end=0@" + (written + 7 * 23), log.get(2));
    assertTrue(written > 0);
  }
}
