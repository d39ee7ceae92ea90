package launcher.trace.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import launcher.trace.TraceReader;
import launcher.trace.UnreadableTraceException;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.IoAction;
import org.junit.jupiter.api.Test;

/** What becomes of a trace that is to be played. */
class TapeRecorderTest {
  private static final String HEAD = "  fio-1 [000] .....  ";

  private static OperationTape tape(ReplayRules rules, String... lines) throws IOException {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
    TraceReader reader = TraceReader.of("t", () -> new ByteArrayInputStream(text));
    return new TapeRecorder(reader, rules).record().orElseThrow();
  }

  private static List<String> operations(OperationTape tape) {
    return IntStream.range(0, tape.size())
        .mapToObj(
            i ->
                tape.timeNs(i)
                    + " "
                    + tape.action(i)
                    + (tape.opens(i) ? " opened " : " ")
                    + tape.targets().get(tape.target(i)).name()
                    + " "
                    + tape.offsetBytes(i)
                    + "+"
                    + tape.lengthBytes(i))
        .toList();
  }

  private static void assertRefused(String reason, ReplayRules rules, String... lines) {
    String message =
        assertThrows(UnreadableTraceException.class, () -> tape(rules, lines)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private static ReplayRules at(ReplayLayer layer) {
    return new ReplayRules(OptionalInt.empty(), Optional.of(layer), Set.of(), 1, 1, false, false);
  }

  private static ReplayRules of(int device) {
    return new ReplayRules(OptionalInt.of(device), Optional.empty(), Set.of(), 1, 1, false, false);
  }

  @Test
  void anIologKeepsItsTimesAndNamesItsFiles() throws IOException {
    OperationTape tape =
        tape(
            ReplayRules.ALL,
            "fio version 3 iolog",
            "30 a add",
            "31 b add",
            "32 a open",
            "40 a write 4096 8192",
            "50 b read 0 512",
            "60 a datasync 77 88",
            "70 b trim 0 4096",
            "80 a sync_file_range 0 0",
            "90 a write 5000000000 4294967298",
            "95 a close");
    assertEquals(
        List.of(
            "40000 WRITE opened a 4096+8192",
            "50000 READ b 0+512",
            "60000 DATASYNC a 0+0",
            // fio takes the length for 32 bits: 4294967298 is 2.
            "90000 WRITE a 5000000000+2"),
        operations(tape));
    assertEquals(
        List.of(
            new TapeTarget("a", 5_000_000_002L, false, true),
            new TapeTarget("b", 512, true, false)),
        tape.targets());
    assertEquals(List.of("1 trim is left out: simulated devices have no discard"), tape.notes());
    assertEquals(8192 + 512 + 2, tape.totalBytes());
  }

  @Test
  void anIologOfVersion2HasPausesUntilATime() throws IOException {
    OperationTape tape =
        tape(
            ReplayRules.ALL,
            "fio version 2 iolog",
            "a add",
            "a read 0 4096",
            "a wait 7 0",
            "a read 4096 4096");
    assertEquals(List.of("0 READ a 0+4096", "7000000 READ a 4096+4096"), operations(tape));
    assertTrue(tape.paused() && tape.timed());
    assertFalse(tape(ReplayRules.ALL, "read 0 4096").timed());
  }

  @Test
  void whatFioCanDoWithALogIsDone() throws IOException {
    Set<IoAction> skip = EnumSet.of(IoAction.READ, IoAction.SYNC);
    ReplayRules rules =
        new ReplayRules(OptionalInt.empty(), Optional.empty(), skip, 2, 4096, true, false);
    OperationTape tape =
        tape(
            rules,
            "fio version 3 iolog",
            "1 a add",
            "2 b add",
            "3 a write 20480 100",
            "4 b write 8192 100",
            "5 b read 0 100",
            "6 b sync 0 0");
    // 20480 / 2 = 10240, down to 8192; 8192 / 2 = 4096.
    assertEquals(
        List.of("3000 WRITE redirected 8192+100", "4000 WRITE redirected 4096+100"),
        operations(tape));
  }

  @Test
  void requestsOfADeviceCountFromTheFirst() throws IOException {
    OperationTape tape =
        tape(
            ReplayRules.ALL,
            HEAD + "5.000000: block_bio_queue: 8,0 WS 16 + 8 [fio]",
            HEAD + "5.000001: block_rq_issue: 8,0 WS 4096 () 16 + 8 be,0,4 [fio]",
            HEAD + "5.000010: block_bio_queue: 8,0 RA 24 + 8 [fio]",
            HEAD + "5.000011: block_bio_queue: 8,0 FWS 0 + 0 [fio]",
            HEAD + "5.000012: block_bio_queue: 8,0 WFS 32 + 8 [fio]",
            HEAD + "5.000013: block_bio_queue: 8,0 DS 32 + 8 [fio]");
    assertEquals(
        List.of(
            "0 WRITE 8:0 8192+4096",
            "10000 READ 8:0 12288+4096",
            "11000 DATASYNC 8:0 0+0",
            "12000 WRITE 8:0 16384+4096"),
        operations(tape));
    assertTrue(tape.ofDevice());
    assertEquals(
        List.of(
            "requests of device 8:0 as they were queued",
            "1 discard is left out: simulated devices have none",
            "1 writes had a flush before them or were FUA; they are played as plain writes"),
        tape.notes());
  }

  @Test
  void aTraceOfIssuesOnlyIsPlayedAndARepeatedIssueIsNot() throws IOException {
    OperationTape tape =
        tape(
            ReplayRules.ALL,
            HEAD + "5.000001: block_rq_issue: 8,0 W 4096 () 16 + 8 be,0,4 [fio]",
            HEAD + "5.000002: block_rq_issue: 8,0 W 4096 () 16 + 8 be,0,4 [fio]",
            HEAD + "5.000003: block_rq_complete: 8,0 W () 16 + 8 be,0,4 [0]",
            HEAD + "5.000004: block_rq_issue: 8,0 W 4096 () 16 + 8 be,0,4 [fio]");
    assertEquals(List.of("0 WRITE 8:0 8192+4096", "3000 WRITE 8:0 8192+4096"), operations(tape));
    assertTrue(tape.notes().contains("1 requests were issued again and are played once"));
  }

  @Test
  void severalDevicesHaveToBeChosenFrom() throws IOException {
    String[] lines = {
      HEAD + "5.000000: block_bio_queue: 7,0 W 16 + 8 [fio]",
      HEAD + "5.000001: block_bio_queue: 254,0 W 24 + 8 [fio]",
      HEAD + "5.000002: block_bio_queue: 254,0 R 24 + 8 [fio]",
    };
    assertRefused(
        "t: has requests of several devices; choose one by --device: 7:0 has 1, 254:0 has 2",
        ReplayRules.ALL,
        lines);
    assertRefused("device 9:0 has nothing queued: 7:0 has 1", of(DeviceNumber.of(9, 0)), lines);
    assertEquals(
        List.of("0 WRITE 7:0 8192+4096"), operations(tape(of(DeviceNumber.of(7, 0)), lines)));
    assertRefused("has no events of requests issued", at(ReplayLayer.ISSUED), lines);
  }

  @Test
  void placesMayCountFromTheLowest() throws IOException {
    ReplayRules rules =
        new ReplayRules(OptionalInt.empty(), Optional.empty(), Set.of(), 1, 1, false, true);
    OperationTape tape =
        tape(
            rules,
            "op,time_us,sector,sectors,device",
            "w,1,20480,8,x",
            "w,1,20488,8,x",
            "w,1,16,8,y");
    // Sector 20480 is byte 10 MiB; the lowest one is rounded down to a MiB.
    assertEquals(
        List.of("0 WRITE x 0+4096", "0 WRITE x 4096+4096", "0 WRITE y 8192+4096"),
        operations(tape));
    assertEquals(List.of("places count from byte 10485760 of x"), tape.notes());
    assertEquals(8192, tape.targets().get(0).sizeBytes());
  }

  @Test
  void listsOfReferencesAreRefused() {
    assertRefused("neither when nor whether to read or to write", ReplayRules.ALL, "17", "18");
  }

  @Test
  void callsOnFilesComeFromTheMostExactEvents() throws IOException {
    String dirtied = "writeback_dirty_folio: bdi 7:0: ino=131 index=";
    OperationTape tape =
        tape(
            at(ReplayLayer.FILES),
            HEAD
                + "5.000000: xfs_file_buffered_write: dev 7:0 ino 0x83 disize 0x0 pos 0x0"
                + " bytecount 0x3e8",
            // Of the same call; 0x83 is 131.
            HEAD + "5.000001: " + dirtied + "0",
            HEAD + "5.000002: xfs_file_fsync: dev 7:0 ino 0x83",
            HEAD + "5.000003: ext4_da_write_begin: dev 7,0 ino 9 pos 8192 len 100 flags 0",
            HEAD + "5.000004: ext4_sync_file_enter: dev 7,0 ino 9 parent 2 datasync 1");
    assertEquals(
        List.of(
            "0 WRITE 7-0-ino-131 0+1000",
            "2000 SYNC 7-0-ino-131 0+0",
            "3000 WRITE 7-0-ino-9 8192+100",
            "4000 DATASYNC 7-0-ino-9 0+0"),
        operations(tape));
    assertEquals(
        List.of("1 writes are parts of calls, a folio each: where a call ends is not told"),
        tape.notes());
  }

  @Test
  void foliosThatBecomeDirtyAreWritesOfUnknownCalls() throws IOException {
    String add = "mm_filemap_add_to_page_cache: dev 254:0 ino 1f pfn=0x1 ofs=";
    OperationTape tape =
        tape(
            at(ReplayLayer.FILES),
            HEAD + "5.000000: " + add + "131072 order=5",
            HEAD + "5.000001: writeback_dirty_folio: bdi 254:0: ino=31 index=32",
            HEAD + "5.000002: writeback_dirty_folio: bdi 254:0: ino=31 index=7",
            "  kworker/u8:0-9 [000] .....  5.000003: writeback_dirty_folio: bdi 254:0: ino=31"
                + " index=8");
    // The first folio was made for the write: its order says 32 pages. The second was there.
    assertEquals(
        List.of("0 WRITE 254-0-ino-31 131072+131072", "1000 WRITE 254-0-ino-31 28672+4096"),
        operations(tape));
    assertEquals(2, tape.notes().size(), tape.notes()::toString);
    assertTrue(tape.notes().get(0).startsWith("2 writes are folios that became dirty"));
    assertTrue(tape.notes().get(1).startsWith("1 folios were dirtied by workers"));
  }

  @Test
  void readsThatFindTheirPagesAreNotMadeUp() {
    assertRefused(
        "a read that finds its pages there leaves no event of these",
        at(ReplayLayer.FILES),
        HEAD + "5.0: mm_filemap_add_to_page_cache: dev 254:0 ino 1f pfn=0x1 ofs=0 order=0");
  }
}
