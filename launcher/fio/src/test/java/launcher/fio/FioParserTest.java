package launcher.fio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import launcher.fio.FioCheck.JobLine;
import launcher.fio.job.FioJob;
import org.junit.jupiter.api.Test;

class FioParserTest {
  private static List<FioParseResult> parse(TestFiles files, String... names) {
    return new FioParser(TestFiles.host(Map.of("SIZE", "64")), files)
        .parse(List.of(names), List.of());
  }

  private static FioParseResult parse(TestFiles files) {
    return parse(files, "t.fio").get(0);
  }

  private static String stored(String... lines) {
    FioParseResult result = TestFiles.parse(lines);
    StringBuilder text = new StringBuilder();
    for (FioSetting setting : result.sections().get(0).settings()) {
      setting.stored().forEach(value -> text.append(' ').append(value.digits()));
    }
    return text.toString().strip();
  }

  private static List<String> lines(FioParseResult result) {
    return result.check().jobs().stream().map(job -> job.name() + " " + job.bsRead()).toList();
  }

  @Test
  void kIsBinaryAndKibIsNot() {
    assertEquals("4096", stored("size=4k"));
    assertEquals("4096", stored("size=4KB"));
    assertEquals("4000", stored("size=4kib"));
    assertEquals("1000000000", stored("size=1GiB"));
  }

  @Test
  void kbBaseOf1000TurnsTheSuffixesRoundWhereverItStands() {
    assertEquals("4000 4096", stored("size=4k", "io_size=4kib", "kb_base=1000"));
  }

  @Test
  void theRestOfANumberIsLetBe() {
    assertEquals("4", stored("size=4.5k"));
    assertEquals("4096", stored("size=4k4"));
    assertEquals("1", stored("size=0x1k"));
  }

  @Test
  void aBlankAfterTheEqualsSignHidesTheSuffix() {
    assertEquals("8", stored("bs= 8k"));
  }

  @Test
  void anUnknownTimeUnitCountsMicroseconds() {
    assertEquals("10000000", stored("runtime=10s"));
    assertEquals("10", stored("runtime=10sec"));
    assertEquals("300000000", stored("runtime=5M"));
  }

  @Test
  void bracketsBeginArithmetic() {
    assertEquals("2097152", stored("size=(2*1m)"));
    assertEquals("1025", stored("size=(1k+1)"));
    // One unit in it, and bare numbers are microseconds; none, and they are seconds.
    assertEquals("60000001", stored("runtime=(1m+1)"));
    assertEquals("120000000", stored("runtime=(2*60)"));
  }

  @Test
  void anEmptySlotKeepsItsDefault() {
    JobLine job = TestFiles.parse("bs=,8k").check().jobs().get(0);
    assertEquals("4096B-4096B", job.bsRead());
    assertEquals("8192B-8192B", job.bsWrite());
  }

  @Test
  void bsrangeWinsOverBsInEitherOrder() {
    assertEquals(List.of("j 1024B-2048B"), lines(TestFiles.parse("bsrange=1k-2k", "bs=64k")));
    assertEquals(List.of("j 1024B-2048B"), lines(TestFiles.parse("bs=64k", "bsrange=2k-1k")));
  }

  @Test
  void aCommentMayEndAnyLine() {
    assertEquals("8192", stored("bs=8k;16k"));
    assertEquals("8192", stored("bs=8k # small"));
  }

  @Test
  void globalsReachOnlyTheSectionsBelow() {
    TestFiles files =
        TestFiles.inMemory()
            .with("t.fio", "[a]", "[global]", "bs=8k", "[b]", "[globals]", "bs=16k", "[c]");
    assertEquals(
        List.of("a 4096B-4096B", "b 8192B-8192B", "c 16.0KiB-16.0KiB"), lines(parse(files)));
  }

  @Test
  void anIncludeStandsForItsLines() {
    TestFiles files =
        TestFiles.inMemory()
            .with("d/t.fio", "[a]", "bs=4k", "include part", "[b]", "include part", "bs=4k")
            .with("d/part", "bs=16k");
    assertEquals(
        List.of("a 16.0KiB-16.0KiB", "b 4096B-4096B"), lines(parse(files, "d/t.fio").get(0)));
  }

  @Test
  void aMissingIncludeEndsItsSection() {
    TestFiles last = TestFiles.inMemory().with("t.fio", "[a]", "include=none");
    assertTrue(parse(last).check().verdict().accept());
    TestFiles inside = TestFiles.inMemory().with("t.fio", "[a]", "include none", "bs=8k");
    FioParseResult result = parse(inside);
    assertEquals(FioRejection.OPTION_OUTSIDE_SECTION, result.parse().reason().get());
    assertEquals(new FioPosition("t.fio", 3), result.problems().get(0).position());
  }

  @Test
  void variablesAndKeywordsAreReplaced() {
    TestFiles files =
        TestFiles.inMemory()
            .with("t.fio", "[a]", "size=${SIZE}k", "bs=2*$pagesize", "description=${NONE}x");
    FioParseResult result = parse(files);
    assertEquals(List.of("NONE", "SIZE"), result.environmentNames());
    assertEquals(
        "fio --name=a --size=64k --bs=8192 --description=\"x\" ", result.showCommand().line());
  }

  @Test
  void theFirstBadSectionEndsTheFile() {
    TestFiles files =
        TestFiles.inMemory().with("t.fio", "[a]", "[b]", "direct", "iodepht=4", "[c]", "bs=x");
    FioParseResult result = parse(files);
    assertEquals(List.of("a 4096B-4096B"), lines(result));
    assertEquals(
        List.of(
            "t.fio:3: direct: Option direct requires an argument",
            "t.fio:4: iodepht: no such option; did you mean iodepth?"),
        result.problems().stream().map(FioProblem::toString).toList());
    assertEquals(FioRejection.UNKNOWN_OPTION, result.parse().reason().get());
  }

  @Test
  void fioGuessesAnOptionOfWhichHalfTheLettersAgree() {
    // "bs" takes 3 changes, the most for 5 letters; "loops" does too, but comes later.
    assertEquals(
        List.of("Bad option <bogus=1>", "Did you mean bs?", "job j dropped"),
        TestFiles.parse("bogus=1").parse().messages());
    // The nearest takes 5 of 7 letters; 4 are the most.
    assertEquals(
        List.of("Bad option <nfs_url=1>", "job j dropped"),
        TestFiles.parse("nfs_url=1").parse().messages());
  }

  @Test
  void anEngineOptionMayStandBeforeItsEngine() {
    assertEquals("1", stored("uncached=1", "ioengine=pvsync2"));
    FioParseResult wrong = TestFiles.parse("uncached=1");
    assertEquals(
        "t.fio:2: uncached: an option of pvsync2, io_uring, io_uring_cmd only, and ioengine is"
            + " psync",
        wrong.problems().get(0).toString());
  }

  @Test
  void aStonewallOpensAGroupUnlessTheGroupIsEmpty() {
    TestFiles files =
        TestFiles.inMemory()
            .with("t.fio", "[a]", "stonewall", "[b]", "[c]", "stonewall", "[d]", "new_group");
    assertEquals(
        List.of(0, 0, 1, 2), parse(files).check().jobs().stream().map(JobLine::group).toList());
  }

  @Test
  void jobsOfALaterFileWait() {
    TestFiles files =
        TestFiles.inMemory()
            .with("1.fio", "[global]", "bs=8k", "[a]", "numjobs=2")
            .with("2.fio", "[b]", "[c]");
    List<FioParseResult> results = parse(files, "1.fio", "2.fio");
    List<FioJob> later = results.get(1).jobs();
    assertEquals(List.of("b 4096B-4096B", "c 4096B-4096B"), lines(results.get(1)));
    assertEquals(3, later.get(0).identity().threadNumber());
    assertEquals(1, later.get(0).identity().groupId());
    assertTrue(later.get(0).start().afterAllEarlier());
    assertEquals(false, later.get(1).start().afterAllEarlier());
  }

  @Test
  void aGlobalSectionWinsOverTheCommandLine() {
    TestFiles files = TestFiles.inMemory().with("t.fio", "[global]", "direct=0", "[a]");
    FioJob job =
        new FioParser(TestFiles.host(Map.of()), files)
            .parse(List.of("t.fio"), List.of("direct=1", "bs=8k"))
            .get(0)
            .jobs()
            .get(0);
    assertEquals(launcher.fio.job.CacheMode.BUFFERED, job.cache());
    assertEquals(8_192, job.blockSizes().read().minBytes());
  }

  @Test
  void checksLookAtHowOptionsGoTogether() {
    FioParseResult result = TestFiles.parse("size=2k", "bs=4k");
    assertTrue(result.parse().accept());
    assertEquals(FioRejection.REJECTED_BY_CHECKS, result.check().verdict().reason().get());
    assertEquals(
        "t.fio:1: size too small, must not be less than minimum block size: 2048 < 4096",
        result.problems().get(0).toString());
  }
}
