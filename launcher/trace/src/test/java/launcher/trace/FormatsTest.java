package launcher.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file is taken for, and what its lines say. */
class FormatsTest {
  @TempDir Path folder;

  private TraceReading reading;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("trace"), text);
  }

  private List<String> read(String text) throws IOException {
    Recorded recorded = new Recorded();
    reading = TraceReader.of(file(text)).read(recorded);
    return recorded.lines();
  }

  private void assertReads(TraceFormat format, String text, String... expected) throws IOException {
    assertEquals(List.of(expected), read(text));
    assertEquals(format, reading.format());
    assertEquals(0, reading.broken(), () -> reading.problems().toString());
  }

  private void assertRefused(String text, String reason) throws IOException {
    Path file = file(text);
    String message =
        assertThrows(
                UnreadableTraceException.class, () -> TraceReader.of(file).read(new Recorded()))
            .getMessage();
    assertTrue(message.contains(reason), message);
    assertTrue(message.startsWith(file.toString()), message);
  }

  @Test
  void anIologOfVersion3HasTimes() throws IOException {
    assertReads(
        TraceFormat.IOLOG_V3,
        "fio version 3 iolog\n30 a add\n31 a open\n40 a write 4096 8192\n"
            + "50 a datasync 4063232 131072\n51 a sync 0 0\n60 a close\n",
        "30000 ADD a 0+0",
        "31000 OPEN a 0+0",
        "40000 WRITE a 4096+8192",
        "50000 DATASYNC a 0+0",
        "51000 SYNC a 0+0",
        "60000 CLOSE a 0+0");
  }

  @Test
  void anIologOfVersion2MayWait() throws IOException {
    assertReads(
        TraceFormat.IOLOG_V2,
        "fio version 2 iolog\na add\na read 0 4096\na wait 7 0\na trim 0 5000000000\n",
        "- ADD a 0+0",
        "- READ a 0+4096",
        "7000000 WAIT a 0+0",
        "- TRIM a 0+5000000000");
  }

  @Test
  void whatFioSkipsIsBroken() throws IOException {
    read(
        "fio version 3 iolog\n30 a add\n31 a jump 0 0\n32 a read 0\n33 b read 0 1\n34 a wait 1 0\n"
            + "fio version 3 iolog\n35 a read 0 1 2\nx a read 0 1\n");
    assertEquals(1, reading.records());
    assertEquals(7, reading.broken());
    assertEquals(
        List.of(
            "no action that fio logs",
            "no offset and length after the action, or more than that",
            "the file is used before it is added",
            "wait is an action of version 2",
            "a second header: two jobs wrote into one log"),
        reading.problems().stream().map(TraceProblem::reason).toList());
  }

  @Test
  void blkparseHasAFormForEachAction() throws IOException {
    assertReads(
        TraceFormat.BLKPARSE,
        """
        #Maj,Mn CPU   SeqNo
        259,0    3        1     0.000000000  1867  A   W 746579600 + 8 <- (253,3) 578805392
        259,0    3        2     0.000000299  1867  Q FWFSM 763360912 + 8 [jbd2/sda1-8]
          8,0   11        3     1.000000001  1867  Q FWS [kworker/u65:0]
          8,0   11        4     1.000000002     0  C  RA 2348060440 + 8 (   55316) [0]
          8,0   11        5     1.000000003     0  C  WS 0 [65531]
          8,0   11        6     1.000000004     7  D   N 36 (12 00 ..) [udevd]
          8,0   11        7     1.000000005     7  C   N (12 00 ..) [0]
          8,0   11        8     1.000000006     7  X   R 100 / 108 [a b]
          8,0   11        9     1.000000007     7  P   N [(null)]
          8,0   11       10     1.000000008     7 UT   N [(null)] 3
          8,0   11       11     1.000000009     0  m   N cfq7 put_queue
        CPU0 (sda):
         Reads Queued:           0,        0KiB	 Writes Queued:         248,    1,154KiB
         IO unplugs:             0

        Total (sda):
        Throughput (R/W): 0KiB/s / 46KiB/s
        Events (sda): 1,364 entries
        Skips: 0 forward (0 -   0.0%)
        Input file sda.blktrace.0 added
        """,
        "0 cpu3 -1867 UNKNOWN BIO_REMAP 259:0 W 746579600+8 bytes=4096 from=253:3 at=578805392 []",
        "299 cpu3 jbd2/sda1-8-1867 UNKNOWN BIO_QUEUE 259:0 FWFSM 763360912+8 bytes=4096"
            + " [jbd2/sda1-8]",
        "1000000001 cpu11 kworker/u65:0-1867 UNKNOWN BIO_QUEUE 8:0 FWS 0+0 bytes=0 [kworker/u65:0]",
        "1000000002 cpu11 -0 UNKNOWN RQ_COMPLETE 8:0 RA 2348060440+8 bytes=4096 []",
        "1000000003 cpu11 -0 UNKNOWN RQ_COMPLETE 8:0 WS 0+0 bytes=0 error=65531 []",
        "1000000004 cpu11 udevd-7 UNKNOWN RQ_ISSUE 8:0 N 0+0 bytes=36 [udevd]",
        "1000000005 cpu11 -7 UNKNOWN RQ_COMPLETE 8:0 N 0+0 bytes=0 []",
        "1000000006 cpu11 a b-7 UNKNOWN SPLIT 8:0 R 100+0 bytes=0 at=108 [a b]",
        "1000000007 cpu11 (null)-7 UNKNOWN PLUG 8:0 N 0+0 bytes=0 [(null)]",
        "1000000008 cpu11 (null)-7 UNKNOWN UNPLUG_TIMER 8:0 N 0+0 bytes=0 unplugged=3 [(null)]",
        "1000000009 cpu11 -0 UNKNOWN MESSAGE 8:0 N 0+0 bytes=0 []");
    assertEquals(10, reading.otherLines());
  }

  @Test
  void tablesAreKnownByTheirColumns() throws IOException {
    assertReads(
        TraceFormat.MSR,
        "128172299571726563,prxy,0,Write,1105182720,512,2072\n"
            + "116444736000000001,prxy,0,Read,0,512,2072\n",
        "1172756357172656300 WRITE prxy 1105182720+512",
        "100 READ prxy 0+512");
    assertReads(
        TraceFormat.ALIBABA,
        "7,R,126703661056,4096,1577808000000046\n",
        "1577808000000046000 READ 7 126703661056+4096");
    assertReads(
        TraceFormat.TENCENT,
        "1538323199,1003027216,16,0,2313\n",
        "1538323199000000000 READ 2313 " + 1003027216L * 512 + "+8192");
    assertReads(
        TraceFormat.SPC, "0,20941264,8192,W,0.551706\n", "551706000 WRITE 0 10721927168+8192");
    assertReads(TraceFormat.CYDONIA_BLOCK, "17,8,w,4096\n", "17000 WRITE  4096+4096");
    assertReads(
        TraceFormat.CYDONIA_CACHE,
        "1,0,7,r,3584,0\n1,0,8,r,0,512\n2,1560,9,w,0,0\n2,1560,10,w,0,0\n",
        "0 READ  32256+512",
        "0 READ  32768+3584",
        "1560000 WRITE  36864+4096",
        "1560000 WRITE  40960+4096");
    assertReads(
        TraceFormat.LIBCACHESIM,
        "version,time,op,size,lbn\n1,5,2a,512,10\n1,6,28,1024,11\n",
        "5000000000 WRITE  5120+512",
        "6000000000 READ  5632+1024");
    assertReads(
        TraceFormat.DISKSIM,
        "26214000 1 240840 6 0\n1.5 0 8 2 1\n",
        "26214000 WRITE 1 123310080+3072",
        "1500000 READ 0 4096+1024");
    assertReads(
        TraceFormat.REQUESTS,
        "# op offset_bytes length_bytes\nwrite 4096 8192\nread 0 512\n",
        "- WRITE  4096+8192",
        "- READ  0+512");
    assertReads(TraceFormat.ARC, "25808 2 0 0\n", "- REFERENCE  13213696+1024");
    assertReads(
        TraceFormat.LIRS,
        "3\n*\n4\n",
        "- REFERENCE  12288+4096",
        "- MARK  0+0",
        "- REFERENCE  16384+4096");
  }

  @Test
  void aTableMayNameItsColumns() throws IOException {
    assertReads(
        TraceFormat.CSV,
        "latency,op,time_ms,sector,sectors,device\n9,write,1.5,8,16,sda\n9,TRIM,2,0,8,sdb\n",
        "1500000 WRITE sda 4096+8192",
        "2000000 TRIM sdb 0+4096");
    assertRefused(
        "time,op,offset,size\n1,r,0,4096\n", "time has no unit: call it time_s, time_ms, time_us");
    assertRefused("time_us,offset,size\n1,0,4096\n", "no column op");
  }

  @Test
  void binaryRecordsAreKnownByWhatTheyHold() throws IOException {
    ByteBuffer vscsi = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    vscsi.putInt(1).putInt(4096).putInt(1).putShort((short) 0x2a).putShort((short) 0x100);
    vscsi.putLong(10).putLong(77);
    assertBinary(TraceFormat.VSCSI, vscsi, "77000 WRITE  5120+4096");
    ByteBuffer second = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
    second.putShort((short) 0x28).putShort((short) 0x200).putInt(1).putInt(512).putInt(1);
    second.putLong(10).putLong(78).putLong(0);
    assertBinary(TraceFormat.VSCSI, second, "78000 READ  5120+512");
    ByteBuffer oracle = ByteBuffer.allocate(48).order(ByteOrder.LITTLE_ENDIAN);
    oracle.putInt(5).putLong(900).putInt(512).putLong(-1);
    oracle.putInt(6).putLong(901).putInt(512).putLong(-1);
    assertBinary(
        TraceFormat.ORACLE_GENERAL,
        oracle,
        "5000000000 REFERENCE  900+512",
        "6000000000 REFERENCE  901+512");
  }

  @Test
  void blktraceIsReadInEitherByteOrder() throws IOException {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer file = ByteBuffer.allocate(3 * 48 + 8 + 16).order(order);
      // The name of pid 9, then a remap by it with its data, then a synchronous FUA write.
      record(file, 0, 0x0400_0000, 8);
      file.put("dd\0\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII));
      record(file, 5, 0x0001_000f, 16);
      file.order(ByteOrder.BIG_ENDIAN)
          .putInt(8 << 20 | 1)
          .putInt(8 << 20)
          .putLong(4242)
          .order(order);
      record(file, 6, 0x800a_0001, 0);
      assertBinary(
          TraceFormat.BLKTRACE,
          file,
          "5 cpu1 dd-9 UNKNOWN BIO_REMAP 8:16 R 100+8 bytes=4096 from=8:1 at=4242 [dd]",
          "6 cpu1 dd-9 UNKNOWN BIO_QUEUE 8:16 WFS 100+8 bytes=4096 [dd]");
    }
  }

  private static void record(ByteBuffer to, long ns, int action, int dataBytes) {
    to.putInt(0x65617407).putInt(1).putLong(ns).putLong(100).putInt(4096).putInt(action);
    to.putInt(9).putInt(8 << 20 | 16).putInt(1).putShort((short) 0).putShort((short) dataBytes);
  }

  private void assertBinary(TraceFormat format, ByteBuffer bytes, String... expected)
      throws IOException {
    Path file = Files.write(folder.resolve("binary"), bytes.array());
    Recorded recorded = new Recorded();
    reading = TraceReader.of(file).read(recorded);
    assertEquals(List.of(expected), recorded.lines());
    assertEquals(format, reading.format());
    byte[] cut = Arrays.copyOf(bytes.array(), 2 * bytes.capacity() - 1);
    System.arraycopy(bytes.array(), 0, cut, bytes.capacity(), bytes.capacity() - 1);
    Files.write(file, cut);
    reading = TraceReader.of(file).as(format).read(new Recorded());
    assertEquals(0, reading.broken(), "the cut record");
    assertFalse(reading.cutShort().isEmpty());
  }

  @Test
  void whatIsNoTraceIsRefusedByName() throws IOException {
    assertRefused("", "is empty");
    assertRefused("fio version 1 iolog\n", "record it anew");
    assertRefused(
        "259,0    1        1     0.000000000 21279  A  RA 2348060440 4096 8 0 (null)\n",
        "print it anew without -f");
    assertRefused("#Input file: a.txt\n#Version : 1\n", "blktrace_merge");
    assertRefused("0,yDqF,17,414,1,get,0\n", "object cache");
    String folderIs =
        assertThrows(
                UnreadableTraceException.class, () -> TraceReader.of(folder).read(new Recorded()))
            .getMessage();
    assertEquals(folder + ": is a folder; name a file in it", folderIs);
    assertRefused("once upon a time\n", "is none of the traces that are known (ftrace, blkparse");
  }

  @Test
  void aCompressedFileIsKnownByItsFirstBytes() throws IOException {
    String text = "fio version 3 iolog\n30 a add\n" + "40 a read 0 4096\n".repeat(20_000);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.US_ASCII));
    }
    Path file = Files.write(folder.resolve("trace.txt"), bytes.toByteArray());
    TraceReading whole = TraceReader.of(file).read(new Recorded());
    assertEquals(20_001, whole.records());

    Files.write(file, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));
    TraceReading cut = TraceReader.of(file).read(new Recorded());
    assertTrue(cut.records() > 1_000 && cut.records() < 20_000, cut::toString);
    assertEquals("the compressed file is cut off", cut.cutShort());
    assertEquals(0, cut.broken());
    assertEquals(
        Optional.of("the file ends at line " + cut.lines() + ": " + cut.cutShort()),
        cut.missingEnd());
    UnreadableTraceException refused =
        assertThrows(
            UnreadableTraceException.class,
            () -> TraceReader.of(file).strictly().read(new Recorded()));
    assertTrue(refused.getMessage().contains("the file ends at line"), refused::getMessage);
  }

  @Test
  void strictReadingEndsAtTheFirstBrokenLine() throws IOException {
    Path file = file("fio version 3 iolog\n30 a add\n31 a jump 0 0\n32 a read 0 1\n");
    String message =
        assertThrows(
                UnreadableTraceException.class,
                () -> TraceReader.of(file).strictly().read(new Recorded()))
            .getMessage();
    assertTrue(message.startsWith(file + ":3: no action that fio logs: 31 a jump 0 0"), message);
  }

  @Test
  void readingStopsWhenItIsTold() throws IOException {
    Path file = file("fio version 3 iolog\n30 a add\n" + "40 a read 0 4096\n".repeat(100_000));
    TraceReading part =
        TraceReader.of(file).telling((bytes, lines) -> lines < 50_000).read(new Recorded());
    assertTrue(!part.whole() && part.records() < 70_000, part::toString);
  }

  @Test
  void aLineWithoutEndDoesNotFillMemory() throws IOException {
    String text =
        "fio version 3 iolog\n30 a add\n" + "x".repeat(5_000_000) + "\n40 a read 0 4096\n";
    assertEquals(List.of("30000 ADD a 0+0", "40000 READ a 0+4096"), read(text));
    assertEquals("is longer than 1048576 bytes", reading.problems().get(0).reason());
  }
}
