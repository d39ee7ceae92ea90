package mm.core.file;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32;
import mm.core.AddressSpace;
import mm.core.FolioStore;
import mm.core.ReadAdvice;
import mm.core.ReadaheadOrder;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.Memory;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** Which folios readahead makes, and what a reader that drops them makes of it. */
class ReadaheadTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(2).withoutCosts()).withoutWriteback();

  /** Folios that come and go: {@code +index:order} and {@code -index:order}. */
  private static final class Folios implements TraceSink {
    final StringBuilder lines = new StringBuilder();
    final int[] added = new int[FolioStore.ORDER_MAX + 1];
    long pages;

    @Override
    public Set<Tracepoint> interest() {
      return EnumSet.of(
          Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE);
    }

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      boolean add = type == Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE;
      lines.append(add ? '+' : '-').append(c).append(':').append(d).append('\n');
      if (add) {
        added[(int) d]++;
        pages += 1L << d;
      }
    }

    String line() {
      return lines.toString().strip().replace('\n', ' ');
    }
  }

  private Folios watch() {
    Folios folios = new Folios();
    fixture.machine().trace().addSink(folios);
    return folios;
  }

  private OpenFile file(long pages, int readaheadPages) {
    fixture.device().setReadaheadPages(readaheadPages);
    OpenFile file = fixture.newFile(pages << 12);
    file.mapping().setOrderRange(0, FolioStore.ORDER_MAX);
    return file;
  }

  private void read(OpenFile file, long page, long pages, RwFlags flags) {
    fixture.spawn(0, fixture.read(file, page, pages, flags));
    fixture.runUntilIdleWithin(1_000_000_000);
  }

  private void readAll(OpenFile file, int pagesAtOnce, RwFlags flags) {
    fixture.spawn(0, new Sequential(file, pagesAtOnce << 12, flags));
    fixture.runUntilIdleWithin(100_000_000_000L);
  }

  /** Reads a file from its beginning to its end. */
  private final class Sequential implements Step {
    private final OpenFile file;
    private final int bytes;
    private final RwFlags flags;
    private long pos;

    Sequential(OpenFile file, int bytes, RwFlags flags) {
      this.file = file;
      this.bytes = bytes;
      this.flags = flags;
    }

    @Override
    public void run(Exec x) {
      if (pos < file.mapping().sizeBytes()) {
        x.then(this);
        fixture.cache().read(x, file, pos, bytes, flags);
        pos += bytes;
      }
    }
  }

  // Against a real kernel: Linux 6.18.44 on ext4, page_cache_ra_order traced.

  @Test
  void aDontcacheReaderOfPagesMakesTheFoliosThatTheKernelMade() {
    OpenFile file = file(12_288, 2_048);
    Folios folios = watch();
    readAll(file, 1, RwFlags.DONTCACHE);
    // [0, 4), then behind the marker in page 1 [4, 20), and behind that in folio 4 [20, 80), whose
    // folios of 16 begin at 32. Page 4 was read, so all of its folio goes: the pages 5 to 7 are
    // read again, as a sequential miss.
    assertTrue(
        folios
            .line()
            .startsWith(
                "+0:0 +1:0 +2:0 +3:0 -0:0 +4:2 +8:2 +12:2 +16:2 -1:0 -2:0 -3:0 "
                    + "+20:2 +24:3 +32:4 +48:4 +64:4 -4:2 +5:0 +6:0 +7:0 -5:0 -6:0 -7:0 -8:2 "
                    + "+9:0 +10:0 +11:0 -9:0 -10:0 -11:0 -12:2 +13:0 +14:0 +15:0 -13:0 -14:0"));
    // All 24,576 lines of the recorded trace, as this test writes them.
    CRC32 crc = new CRC32();
    crc.update(folios.lines.toString().getBytes(US_ASCII));
    assertEquals(0xa03063fdL, crc.getValue());
    assertEquals(0, file.mapping().nrPages());
  }

  /** Folios by order that a real kernel has made. */
  @ParameterizedTest
  @CsvSource({
    "m_read_4k_ra128 dontcache,        8192,   32,   1, true,  6149 509 1026 508",
    "m_read_64k_ra128 dontcache,       8192,   32,  16, true,  3408 0 344 0 128 85",
    "m_read_1m_ra128 dontcache,        8192,   32, 256, true,  256 0 64 0 16 0 4 0 28",
    "m_read_64k_ra128_normal buffered, 8192,   32,  16, false, 32 0 8 0 2 253",
    "v09_read4k dontcache,            32768, 2048,   1, true,  28436 912 2508 228 684",
    "v09_read4k buffered,             32768, 2048,   1, false, 4 0 5 1 4 1 4 1 2 62",
    "v09b_read64k dontcache,          65536, 2048,  16, true,  28704 0 5788 0 494 14 227 15 105",
    "v09b_read64k buffered,           65536, 2048,  16, false, 64 0 64 0 32 0 17 1 8 120",
    "v14_limited_read dontcache,      81920,  640,  16, true,  47600 0 3844 0 789 0 289 35 71",
    "v14_limited_read buffered,       81920,  640,  16, false, 64 0 32 0 16 0 9 126 127 63",
  })
  void aSequentialReaderMakesAsManyFoliosOfEachOrder(
      String measured, int pages, int readahead, int request, boolean drops, String byOrder) {
    OpenFile file = file(pages, readahead);
    Folios folios = watch();
    readAll(file, request, drops ? RwFlags.DONTCACHE : RwFlags.NONE);
    int[] expected =
        Arrays.copyOf(
            Arrays.stream(byOrder.split(" ")).mapToInt(Integer::parseInt).toArray(),
            FolioStore.ORDER_MAX + 1);
    assertEquals(Arrays.toString(expected), Arrays.toString(folios.added), measured);
    assertEquals(drops ? 0 : pages, file.mapping().nrPages());
  }

  // Windows.

  @ParameterizedTest
  @CsvSource({
    // Request, largest window, first window.
    "1,   32,   4", // 1 <= 32 / 32: times 4.
    "2,   32,   4", // 2 <= 32 / 4: times 2.
    "5,   32,  16",
    "9,   32,  32", // Rounded up it is 16, above 32 / 4: all.
    "16, 2048, 64",
  })
  void theFirstWindowIsAMultipleOfTheRequest(long request, long max, long size) {
    assertEquals(size, ReadaheadState.initialSize(request, max));
  }

  @ParameterizedTest
  @CsvSource({"1, 32, 4", "2, 32, 4", "16, 32, 32", "17, 32, 32", "127, 2048, 508"})
  void theNextWindowIsFourTimesOrTwiceAsLarge(long size, long max, long next) {
    assertEquals(next, ReadaheadState.nextSize(size, max));
  }

  @Test
  void aReadOfSeveralBatchesIsSequentialToWhatWasReadBeforeIt() {
    // Pages 0 to 31 are there, but page 8; it is read, and the miss at page 8 is none of a stream,
    // because the call before has ended with page 7 and not this one: 24 pages are wanted from
    // there, and only 8 are there before. So what is missing comes, and no window.
    OpenFile file = file(64, 32);
    read(file, 0, 32, RwFlags.NONE);
    long cached = file.mapping().nrPages();
    fixture.spawn(0, x -> fixture.cache().truncate(x, file.mapping(), 64 << 12)); // Nothing goes.
    fixture.runToIdle();
    fixture.spawn(0, x -> fixture.cache().invalidate(x, file.mapping(), 8 << 12, (9 << 12) - 1));
    fixture.runToIdle();
    assertEquals(cached - 1, file.mapping().nrPages());
    OpenFile again = new OpenFile(file.mapping());
    Folios folios = watch();
    read(again, 0, 32, RwFlags.NONE);
    assertEquals("+8:0", folios.line());
    assertEquals(0, again.readahead().size, "no window");
    assertEquals(32 << 12, again.readahead().previousPos);
  }

  @Test
  void aReaderThatLeavesOnePageOutIsStillSequential() {
    OpenFile file = file(64, 32);
    read(file, 20, 1, RwFlags.NONE);
    Folios folios = watch();
    read(file, 22, 1, RwFlags.NONE);
    assertEquals("+22:0 +23:0 +24:0 +25:0", folios.line());
  }

  @Test
  void aMissBehindCachedPagesGetsAWindowOfThem() {
    OpenFile file = file(64, 32);
    read(file, 10, 1, RwFlags.NONE);
    read(file, 40, 1, RwFlags.NONE); // Somewhere else, so that no read follows its neighbour.
    read(file, 11, 1, RwFlags.NONE); // A page of history is not more than the page asked for.
    read(file, 50, 1, RwFlags.NONE);
    Folios folios = watch();
    read(file, 12, 1, RwFlags.NONE);
    // Two pages of history and the one that is asked for; its last page has the marker.
    assertEquals("+12:0 +13:0 +14:0", folios.line());
    assertEquals(1, file.readahead().asyncSize);
    assertEquals("uptodate|reclaim|lru", fixture.flags(file, 14));
  }

  @Test
  void aWriteLeavesTheMarkerWhereItIs() {
    OpenFile file = file(64, 32);
    read(file, 0, 1, RwFlags.NONE);
    fixture.spawn(0, fixture.write(file, 1, 1, RwFlags.NONE));
    fixture.runToIdle();
    Folios folios = watch();
    read(file, 1, 1, RwFlags.NONE);
    assertEquals("+4:2 +8:2", folios.line());
  }

  @Test
  void aRandomFileIsReadInPiecesOfTwoMebibytes() {
    OpenFile file = file(2_048, 32);
    fixture.device().setIoPages(1_024);
    file.advise(ReadAdvice.RANDOM);
    Folios folios = watch();
    read(file, 0, 2_000, RwFlags.NONE);
    // 1024 pages at most are forced, and the rest when the reader comes to it.
    assertEquals(2_000, folios.pages);
    assertEquals(2_000, folios.added[0]);
  }

  @Test
  void sequentialAdviceDoublesTheWindow() {
    OpenFile file = file(1_024, 32);
    file.advise(ReadAdvice.SEQUENTIAL);
    read(file, 0, 32, RwFlags.NONE);
    assertEquals(64, file.readahead().size);
    file.advise(ReadAdvice.NORMAL);
    assertEquals(32, file.readahead().pagesMax);
  }

  @Test
  void aReadThatFailsQuartersTheWindow() {
    OpenFile file = file(64, 32);
    fixture.fileSystem().failNext(2);
    read(file, 0, 1, RwFlags.NONE);
    assertEquals("read=-5", fixture.log().get(0).split("@")[0]);
    assertEquals(8, file.readahead().pagesMax);
  }

  @Test
  void aFullGroupReclaimsForALargeFolio() {
    Memcg group = fixture.cache().memory().newMemcg("full");
    group.setLimitPages(1_024);
    OpenFile file = file(8_192, 128);
    Folios folios = watch();
    fixture.spawn(
        0,
        x -> fixture.cache().memory().setMemcg(x.task(), group),
        new Sequential(file, 16 << 12, RwFlags.NONE));
    fixture.runUntilIdleWithin(10_000_000_000L);
    assertEquals(8_192, folios.pages, "each page once");
    // The first pages of the file come by pages and small folios, the rest in folios of 128.
    assertTrue(folios.added[7] >= 60, Arrays.toString(folios.added));
    assertTrue(group.peakPages() <= 1_024);
  }

  // Before 6.17.

  @Test
  void beforeLinux617TheNextWindowGoesByTheMarkedFolio() {
    fixture.cache().useReadaheadOrder(ReadaheadOrder.OF_FOLIO);
    OpenFile file = file(128, 32);
    Folios folios = watch();
    read(file, 0, 16, RwFlags.NONE);
    read(file, 16, 16, RwFlags.NONE);
    read(file, 32, 16, RwFlags.NONE);
    // Folios of 4 pages at first; the marker at 16 is on such a one: of 16 pages; at 32, of 16, of
    // 64 pages, but the window has 32.
    assertEquals("+0:2 +4:2 +8:2 +12:2 +16:2 +20:2 +24:2 +28:2 +32:4 +48:4 +64:5", folios.line());
  }

  @Test
  void beforeLinux617ADontcacheReaderComesToFoliosOfItsOwnSize() {
    fixture.cache().useReadaheadOrder(ReadaheadOrder.OF_FOLIO);
    OpenFile file = file(4_096, 32);
    Folios folios = watch();
    readAll(file, 16, RwFlags.of(RwFlag.DONTCACHE));
    // It drops folios of 32 pages half read, and goes on by a window that begins in their middle;
    // as no window is cut where a folio of 32 pages would end, all begin so, with folios of 16.
    assertEquals(4_096 + 2 * 16, folios.pages, "the second halves of two folios twice");
    assertEquals(2, folios.added[5]);
    assertTrue(folios.added[4] >= 240, Arrays.toString(folios.added));
  }

  // The walks that look for holes.

  private AddressSpace cached(String folios) {
    AddressSpace mapping = fixture.newFile(1 << 20).mapping();
    mapping.setOrderRange(0, FolioStore.ORDER_MAX);
    Memory memory = fixture.cache().memory();
    fixture.spawn(
        0,
        x -> {
          for (String folio : folios.split(" ")) {
            int at = folio.indexOf(':');
            int order = Integer.parseInt(folio.substring(at + 1));
            assertTrue(memory.tryCharge(x, memory.root(), 1 << order));
            int made =
                fixture
                    .cache()
                    .addFolio(
                        x, mapping, Long.parseLong(folio.substring(0, at)), order, memory.root());
            fixture.cache().unlock(x, made);
            fixture.cache().put(made);
          }
        });
    fixture.runToIdle();
    return mapping;
  }

  @ParameterizedTest
  @CsvSource({
    // A page is what it is; behind a folio of four the walk lags a page, until the next leaf.
    "20:0 21:0 22:0,                     20, 1,  23",
    "20:2,                               20, 4,  25",
    "20:2 24:3,                          20, 4,  33",
    "56:2 60:2,                          56, 4,  65",
    "56:2 60:2 64:0,                     56, 4,  65",
    "56:2 60:2 64:2,                     56, 4,  68",
    "64:6 128:6,                          64, 64, 97", // None among 32.
  })
  void theHoleBehindALargeFolioIsSeenLate(String folios, long index, int nrPages, long hole) {
    assertEquals(hole, PageMisses.after(cached(folios), index, nrPages, 32));
  }

  @ParameterizedTest
  @CsvSource({
    // Pages 17 to 19: history of 3.
    "17:0 18:0 19:0,           20, 16",
    // From the middle of 16 to 19 the walk stands on slot 16 and takes it for 19: 18 is a hole.
    "16:2,                     20, 18",
    "15:0 16:2,                20, 17",
    // As of a miss at 18 it would stand on 16 and 17 would be the last page of the file before it.
    "0:0 1:0,                  2,  -1",
    // Slot 0 is taken for 3, then the tree ends: 2, which is not the start of the file.
    "0:2,                      4,  2",
    // The walk stays on slot 64 once more when it has come to it, and then goes on as it should.
    "62:0 63:0 64:1,           66, 61",
    "63:0 64:1,                66, 62",
    // A folio of 64 pages has a slot of its own in the parent.
    "64:6,                     66, 63",
    // From a folio of 128 pages it goes to the slot before at once.
    "128:7,                    256, 254",
  })
  void theHoleBeforeALargeFolioIsSeenEarly(String folios, long index, long hole) {
    assertEquals(
        hole, PageMisses.before(cached(folios), fixture.cache().folios(), index, 32), folios);
  }
}
