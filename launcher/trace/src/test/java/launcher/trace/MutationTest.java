package launcher.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import launcher.trace.event.EventHead;
import launcher.trace.event.KernelEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces that were cut or damaged: nothing is thrown, and all lines are accounted for. */
class MutationTest {
  private static final int SEED = 20_260_821;
  private static final String CAPTURE = "cut.trace.gz";

  @TempDir Path folder;

  private static List<byte[]> capture() throws IOException {
    try (InputStream in = new GZIPInputStream(MutationTest.class.getResourceAsStream(CAPTURE))) {
      return lines(in.readAllBytes());
    }
  }

  private static List<byte[]> lines(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
        .toList();
  }

  private TraceReading read(TraceFormat format, byte[] text) throws IOException {
    Path file = Files.write(folder.resolve("mutant"), text);
    return TraceReader.of(file).as(format).read(new Recorded());
  }

  /** The capture is a cut of a run on Linux 6.18 with a line of each event that was recorded. */
  @Test
  void everyLineOfACaptureIsRead() throws IOException {
    Map<String, Integer> kinds = new TreeMap<>();
    Path file = folder.resolve(CAPTURE);
    try (InputStream in = MutationTest.class.getResourceAsStream(CAPTURE)) {
      Files.copy(in, file);
    }
    TraceReading reading =
        TraceReader.of(file)
            .strictly()
            .read(
                new TraceVisitor() {
                  @Override
                  public void event(EventHead head, KernelEvent event) {
                    kinds.merge(event.kind().name(), 1, Integer::sum);
                  }
                });
    assertEquals(TraceFormat.FTRACE, reading.format());
    assertEquals(0, reading.broken());
    assertTrue(kinds.size() == 42, kinds::toString);
    assertEquals(0, kinds.getOrDefault("OTHER", 0), kinds::toString);
  }

  @Test
  void aLineMayBeCutAnywhere() throws IOException {
    for (byte[] line : capture()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int length = 1; length <= line.length; length++) {
        all.write(line, 0, length);
        all.write('\n');
      }
      // One whole line first, so that there is a record whatever becomes of the rest.
      TraceReading reading = read(TraceFormat.FTRACE, withRecord(all.toByteArray()));
      long told = reading.records() + reading.otherLines() + reading.broken();
      assertEquals(reading.lines(), told);
    }
  }

  private static byte[] withRecord(byte[] lines) {
    byte[] first = "  a-1 [000] ..... 1.0: x: y\n".getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(first, first.length + lines.length);
    System.arraycopy(lines, 0, both, first.length, lines.length);
    return both;
  }

  @Test
  void bytesMayBeAnything() throws IOException {
    Random random = new Random(SEED);
    List<byte[]> lines = capture();
    String letters = " ,:=+-[]()<>#0123456789x.\tABZ\0\u00ff";
    for (TraceFormat format : TraceFormat.values()) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int round = 0; round < 1_000; round++) {
        byte[] mutant = lines.get(random.nextInt(lines.size())).clone();
        for (int change = random.nextInt(8); change >= 0 && mutant.length > 0; change--) {
          int letter = letters.charAt(random.nextInt(letters.length()));
          mutant[random.nextInt(mutant.length)] = (byte) letter;
        }
        all.write(mutant, 0, mutant.length);
        all.write('\n');
      }
      assertAccountsForAll(format, all.toByteArray());
    }
  }

  private void assertAccountsForAll(TraceFormat format, byte[] text) throws IOException {
    try {
      TraceReading reading = read(format, text);
      long told = reading.records() + reading.otherLines() + reading.broken();
      assertEquals(reading.lines(), told, reading::toString);
    } catch (UnreadableTraceException e) {
      assertTrue(e.getMessage().contains("mutant"), e.getMessage());
    }
  }
}
