package mm.core.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;

class SyncTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(4).withoutCosts());
  private final OpenFile file = fixture.newFile();

  private Step syncFileRange(long page, long pages, int flags) {
    return fixture.logged(
        "range", x -> fixture.cache().syncFileRange(x, file, page << 12, pages << 12, flags));
  }

  @Test
  void aFailedWriteIsReportedOnceToEachOpenFile() {
    OpenFile other = new OpenFile(file.mapping());
    fixture.fileSystem().failNext(1);
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.NONE),
        fixture.fsync(file),
        fixture.fsync(file),
        fixture.fsync(other),
        fixture.fsync(other),
        x -> fixture.fsync(new OpenFile(file.mapping())).run(x));
    assertEquals(
        List.of(
            "write=4096@0",
            "fsync=-5@100000",
            "fsync=0@100000",
            "fsync=-5@100000",
            "fsync=0@100000",
            "fsync=0@100000"),
        fixture.runToIdle());
  }

  @Test
  void fsyncWaitsForWhatOthersHaveStarted() {
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.NONE),
        x -> fixture.cache().flushRange(x, file.mapping(), 0, 4096));
    fixture.taskAt(60_000, 1, fixture.fsync(file));
    assertEquals(List.of("write=4096@0", "fsync=0@100000"), fixture.runToIdle());
    assertEquals(1, fixture.fileSystem().pagesWritten());
  }

  @Test
  void fsyncWritesAgainWhatWasDirtiedUnderWriteback() {
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 1, RwFlags.NONE),
        x -> fixture.cache().flushRange(x, file.mapping(), 0, 4096));
    fixture.taskAt(60_000, 1, fixture.write(file, 0, 1, RwFlags.NONE), fixture.fsync(file));
    assertEquals("fsync=0@200000", fixture.runToIdle().get(2), "one I/O after the other");
    assertEquals(2, fixture.fileSystem().pagesWritten());
  }

  @Test
  void syncFileRangeWritesAndWaitsAsItsFlagsSay() {
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 10, RwFlags.NONE),
        syncFileRange(2, 3, 2),
        syncFileRange(4, 2, 1),
        syncFileRange(5, 1, 4),
        syncFileRange(0, 2, 7),
        syncFileRange(6, 0, 2));
    assertEquals(
        List.of(
            "write=40960@0",
            "range=0@0", // writes pages 2 to 4 and does not wait
            "range=0@100000", // waits for page 4
            "range=0@100000", // page 5 is dirty, but nobody writes it
            "range=0@200000", // writes pages 0 and 1 and waits
            "range=0@200000"), // writes the rest: pages 6 to 9
        fixture.runToIdle());
    assertEquals(List.of("1:3", "1:2", "1:4"), fixture.fileSystem().calls());
    assertEquals("uptodate|dirty|lru", fixture.flags(file, 5));
  }

  @Test
  void syncFileRangeReportsAnErrorOnlyIfItWaits() {
    fixture.fileSystem().failNext(1);
    fixture.taskAt(0, 0, fixture.write(file, 0, 2, RwFlags.NONE), syncFileRange(0, 1, 2));
    fixture.taskAt(200_000, 0, syncFileRange(1, 1, 2), syncFileRange(1, 1, 4));
    assertEquals(
        List.of("write=8192@0", "range=0@0", "range=0@200000", "range=-5@300000"),
        fixture.runToIdle());
  }

  @Test
  void truncationWaitsForWritebackAndThrowsAwayWhatIsDirty() {
    fixture.taskAt(0, 0, fixture.write(file, 0, 10, RwFlags.NONE), fixture.fsync(file));
    fixture.taskAt(50_000, 1, fixture.write(file, 5, 10, RwFlags.NONE));
    // Waits for the writeback of pages 4 to 9, throws away 5 to 14 although they are dirty again.
    fixture.taskAt(
        60_000,
        2,
        fixture.logged("truncate", x -> fixture.cache().truncate(x, file.mapping(), 4 << 12)));
    fixture.runToIdle();
    assertEquals(4, file.mapping().nrPages());
    assertEquals(
        "truncate=0@100000",
        fixture.log().get(fixture.log().size() - 1).replace("fsync=0", "truncate=0"));
    assertEquals(10, fixture.fileSystem().pagesWritten());
  }

  @Test
  void invalidationAfterADirectWriteKeepsWhatIsDirtyAgain() {
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 4, RwFlags.NONE),
        fixture.fsync(file),
        fixture.write(file, 2, 1, RwFlags.NONE),
        fixture.logged(
            "invalidate", x -> fixture.cache().invalidate(x, file.mapping(), 0, 1 << 20)));
    assertEquals("invalidate=-16@100000", fixture.runToIdle().get(3));
    assertEquals(1, file.mapping().nrPages());
  }

  @Test
  void dontneedStartsWritebackAndRemovesWhatIsIdle() {
    fixture.taskAt(
        0,
        0,
        fixture.write(file, 0, 4, RwFlags.NONE),
        fixture.fsync(file),
        fixture.write(file, 3, 1, RwFlags.NONE),
        x -> fixture.cache().dontneed(x, file.mapping(), 0, 1 << 20));
    fixture.runToIdle();
    assertEquals(1, file.mapping().nrPages());
    assertEquals("uptodate|lru", fixture.flags(file, 3), "was under writeback; stays");
  }
}
