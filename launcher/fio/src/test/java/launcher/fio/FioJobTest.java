package launcher.fio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.fio.job.RandomDistribution;
import launcher.fio.job.SyncRules.RangeFlag;
import org.junit.jupiter.api.Test;

class FioJobTest {
  private static FioJob job(String... lines) {
    FioParseResult result = TestFiles.parse(lines);
    assertEquals(List.of(), result.problems());
    assertEquals(List.of(), result.refused());
    return result.jobs().get(0);
  }

  @Test
  void uncachedMeansDontcacheUnlessDirect() {
    assertEquals(CacheMode.DONTCACHE, job("ioengine=pvsync2", "uncached=1").cache());
    assertEquals(CacheMode.BUFFERED, job("ioengine=pvsync2", "uncached=0").cache());
    FioParseResult direct = TestFiles.parse("ioengine=io_uring", "uncached=1", "direct=1");
    assertEquals(CacheMode.DIRECT, direct.jobs().get(0).cache());
    assertEquals("uncached=1", direct.ignored().get(0).setting());
  }

  @Test
  void theLaterOfDirectAndBufferedWins() {
    assertEquals(CacheMode.BUFFERED, job("direct=1", "buffered=1").cache());
    assertEquals(CacheMode.DIRECT, job("direct=0", "buffered=0").cache());
  }

  @Test
  void anotherEngineLosesTheOptionsOfTheGlobalOne() {
    TestFiles files =
        TestFiles.inMemory()
            .with(
                "t.fio",
                "[global]",
                "ioengine=pvsync2",
                "uncached=1",
                "[a]",
                "[b]",
                "ioengine=io_uring");
    FioParseResult result = new FioParser(TestFiles.host(Map.of()), files).parse("t.fio");
    assertEquals(
        List.of(CacheMode.DONTCACHE, CacheMode.BUFFERED),
        result.jobs().stream().map(FioJob::cache).toList());
  }

  @Test
  void clonesAreCreatedFromTheHighestDownWithFilesOfTheirOwn() {
    List<FioJob> jobs = TestFiles.parse("numjobs=3", "nrfiles=2", "stonewall").jobs();
    assertEquals(
        List.of("[j.0.0, j.0.1]", "[j.2.0, j.2.1]", "[j.1.0, j.1.1]"),
        jobs.stream().map(job -> job.files().paths().toString()).toList());
    assertEquals(
        List.of(1, 2, 3), jobs.stream().map(job -> job.identity().threadNumber()).toList());
    assertEquals(
        List.of(true, false, false),
        jobs.stream().map(job -> job.start().afterAllEarlier()).toList());
  }

  @Test
  void filenameIsSharedByAllClones() {
    List<FioJob> jobs = TestFiles.parse("numjobs=2", "filename=a:b\\:c", "directory=d").jobs();
    assertEquals(List.of("d/a", "d/b:c"), jobs.get(0).files().paths());
    assertEquals(jobs.get(0).files().paths(), jobs.get(1).files().paths());
  }

  @Test
  void rateIopsCountsSmallestBlocks() {
    // 100 a second of 4 KiB, and 100 of 8 KiB.
    FioJob job = job("rate_iops=100", "bsrange=4k-16k,8k-8k");
    assertEquals(409_600, job.rates().readBytesPerSecond());
    assertEquals(819_200, job.rates().writeBytesPerSecond());
  }

  @Test
  void timesAreNanoseconds() {
    FioJob job = job("runtime=2", "time_based", "startdelay=5-10", "thinktime=100us");
    assertEquals(2_000_000_000L, job.time().runtimeNs());
    assertEquals(5_000_000_000L, job.start().delayMinNs());
    assertEquals(10_000_000_000L, job.start().delayMaxNs());
    assertEquals(100_000, job.thinkTime().totalNs());
  }

  @Test
  void timeBasedNeedsARuntime() {
    assertEquals(false, job("time_based").time().timeBased());
  }

  @Test
  void aDistributionSwitchesTheRandomMapOff() {
    assertTrue(job("rw=randread").offsets().randomMap());
    FioJob zipf = job("rw=randread", "random_distribution=zipf:1.2:0.25");
    assertEquals(new RandomDistribution.Zipf(1.2, 0.25), zipf.offsets().distribution());
    assertEquals(false, zipf.offsets().randomMap());
  }

  @Test
  void bssplitSharesWhatIsLeft() {
    FioJob job = job("rw=randrw", "bssplit=4k/10:8k/:64k/,1k/100");
    // 100 - 10, divided by two.
    assertEquals(
        "[4096 10, 8192 45, 65536 45]",
        job.blockSizes().read().splits().stream()
            .map(split -> split.sizeBytes() + " " + split.percent())
            .toList()
            .toString());
    assertEquals(65_536, job.blockSizes().read().maxBytes());
    assertEquals(1_024, job.blockSizes().trim().maxBytes());
  }

  @Test
  void syncFileRangeTakesSeveralFlags() {
    FioJob job = job("rw=write", "sync_file_range=wait_before,write:16");
    assertEquals(Set.of(RangeFlag.WAIT_BEFORE, RangeFlag.WRITE), job.sync().syncFileRangeFlags());
    assertEquals(16, job.sync().syncFileRangeEvery());
  }

  @Test
  void whatIsNotModelledIsRefusedWithItsPlace() {
    FioParseResult result = TestFiles.parse("rw=write", "verify=md5");
    assertTrue(result.check().verdict().accept());
    assertEquals(List.of(), result.jobs());
    assertEquals(
        "t.fio:3: [j]: verify=md5: reading back is not modelled; nearest: verify=0, which issues"
            + " the same writes",
        result.refused().get(0).toString());
  }

  @Test
  void aRefusedOptionIsHarmlessWithItsDefault() {
    assertEquals(List.of(), TestFiles.parse("verify=0", "zonemode=none", "flow=0").refused());
  }

  @Test
  void onlyTheValueThatCountsIsRefused() {
    TestFiles files =
        TestFiles.inMemory().with("t.fio", "[global]", "verify=md5", "[a]", "verify=0");
    FioParseResult result = new FioParser(TestFiles.host(Map.of()), files).parse("t.fio");
    assertEquals(List.of(), result.refused());
  }

  @Test
  void aBlockSizeThatFioTakesForAHugeOneIsRefused() {
    assertEquals(
        "t.fio:2: [j]: bs=10%: fio takes it for 18446744073709551605 bytes; a block has 1 byte to"
            + " 1 GiB",
        TestFiles.parse("bs=10%").refused().get(0).toString());
  }
}
