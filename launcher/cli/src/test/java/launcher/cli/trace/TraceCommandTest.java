package launcher.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import launcher.cli.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceCommandTest {
  private static final String LOG =
      """
      fio version 3 iolog
      0 a add
      10 a write 0 4096
      20 a jump 0 4096
      30 a write 4096 8192
      """;

  @TempDir private Path folder;
  private Commands trace;

  @BeforeEach
  void command() {
    trace = new Commands(folder, TraceCommand::new);
  }

  /** A log as gzip has it, and how many of its bytes are kept. */
  private static byte[] zipped(String text, double kept) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return Arrays.copyOf(bytes.toByteArray(), (int) (kept * bytes.size()));
  }

  @Test
  void whatIsThereIsCountedAndWhatIsBrokenToldWithItsLine() throws IOException {
    assertEquals(0, trace.execute(trace.file("a.log", LOG)), trace.err());
    assertEquals(
        """
        a.log: fio iolog, version 3, 3 records in 30.0 us

        target  request  count     bytes
        a       add          1       0 B
        a       write        2  12.0 KiB
        """,
        trace.out());
    assertEquals(
        """
        a.log:4: no action that fio logs: 20 a jump 0 4096
        a.log: 1 of 5 lines could not be read and is left out
        """,
        trace.err());
  }

  @Test
  void strictReadingPrintsNothingButTheFirstBrokenLine() throws IOException {
    assertEquals(2, trace.execute("--strict", trace.file("a.log", LOG)));
    assertEquals("", trace.out());
    assertTrue(trace.err().startsWith("a.log:4: no action that fio logs: 20 a jump"), trace.err());
  }

  @Test
  void jsonHasTheSameAndNothingElseIsOnStdout() throws IOException {
    assertEquals(0, trace.execute("--json", "-", trace.file("a.log", LOG)), trace.err());
    JsonNode root = new ObjectMapper().readTree(trace.out());
    assertEquals(3, root.path("records").asInt());
    assertEquals(1, root.path("broken-lines").asInt());
    assertEquals(4, root.path("problems").path(0).path("line").asInt());
    assertEquals("write", root.path("requests").path(1).path("action").asText());
    assertEquals(12_288, root.path("requests").path(1).path("bytes").asInt());
    assertEquals("", root.path("cut-short").asText());
  }

  @Test
  void severalFilesAreReadAndTheNextIsNotTakenForTheFirst() throws IOException {
    String csv = trace.file("b.csv", "time_us,op,offset,size\n0,read,0,4096\n");
    assertEquals(0, trace.execute(trace.file("a.log", LOG), csv), trace.err());
    assertTrue(trace.out().contains("a.log: fio iolog"), trace.out());
    assertTrue(
        trace.out().contains("\n\nb.csv: table with a line of names, 1 record"), trace.out());
  }

  @Test
  void aCompressedFileThatIsCutOffIsToldHoweverManyLinesAreBroken() throws IOException {
    StringBuilder text = new StringBuilder("fio version 3 iolog\n0 a add\n");
    for (int i = 0; i < 50_000; i++) {
      // Six broken lines at first: more than are told one by one.
      text.append(i).append(i < 6 ? " a jump " : " a write ").append(i * 4096L).append(" 4096\n");
    }
    String whole = trace.file("whole.gz", zipped(text.toString(), 1));
    assertEquals(0, trace.execute(whole));
    assertFalse(trace.err().contains("cut off"), trace.err());

    String cut = trace.file("cut.gz", zipped(text.toString(), 0.5));
    assertEquals(0, trace.execute(cut), trace.err());
    assertTrue(trace.err().contains("cut.gz: 6 of "), trace.err());
    assertTrue(trace.err().contains(": the compressed file is cut off\n"), trace.err());
    assertEquals(0, trace.execute(cut, "--json", "-"));
    assertTrue(trace.out().contains("\"cut-short\" : \"the compressed file"), trace.out());
  }

  @Test
  void whatCannotBeReadIsNamedWithARemedy() throws IOException {
    assertEquals(2, trace.execute(trace.file("empty", "")));
    assertEquals("empty: is empty\n", trace.err());
    assertEquals(2, trace.execute(folder.resolve("none").toString()));
    assertEquals("none: there is no such file or folder\n", trace.err());
    assertEquals(2, trace.execute(folder.toString()));
    assertEquals(folder + ": is a folder; name a file in it\n", trace.err());
    assertEquals(2, trace.execute(trace.file("a.log", LOG), "--format", "foo"));
    assertTrue(trace.err().contains("there is no format 'foo'; there are: ftrace"), trace.err());
  }

  @Test
  void afterCtrlCNothingMoreIsRead() throws IOException {
    trace.interrupt();
    assertEquals(130, trace.execute(trace.file("a.log", LOG)));
    assertEquals("", trace.out());
  }
}
