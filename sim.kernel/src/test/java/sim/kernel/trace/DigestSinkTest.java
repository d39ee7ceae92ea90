package sim.kernel.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DigestSinkTest {
  @Test
  void theDigestIsTheSha256OfTheDocumentedBytes() throws Exception {
    DigestSink sink = new DigestSink();
    Trace trace = traceTo(sink);
    trace.name("fio");
    trace.emit(5, 2, Tracepoint.BLOCK_UNPLUG, 100, 1);
    trace.emit(305, 0, Tracepoint.SOFTIRQ_RAISE, 4);
    trace.emit(305, -1, Tracepoint.BLOCK_UNPLUG, 99, 1);
    trace.end(306);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(octets(0, 1, 3, 'f', 'i', 'o'));
    text(bytes, 1, 29, "block:block_unplug(pid,nr_rq)");
    // Code 3, 5 ns as zigzag 10, CPU 2 + 1, 100 as zigzag 200 = 0x48 | 0x80, 1; 1 as 2.
    bytes.writeBytes(octets(3, 10, 3, 0xC8, 1, 2));
    text(bytes, 1, 22, "irq:softirq_raise(vec)");
    // 300 ns as zigzag 600 = 4 * 128 + 88.
    bytes.writeBytes(octets(4, 0xD8, 4, 1, 8));
    // The same time, no CPU, 99 - 100 = -1 as zigzag 1, 1 - 1.
    bytes.writeBytes(octets(3, 0, 0, 1, 0));
    // 306 = 2 * 128 + 50.
    bytes.writeBytes(octets(2, 0xB2, 2));
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    assertEquals(HexFormat.of().formatHex(sha256.digest(bytes.toByteArray())), sink.hex());
  }

  @Test
  void aLongTraceIsHashedAsAStraightEncoderWritesIt() throws Exception {
    Tracepoint[] types = Tracepoint.values();
    StraightEncoder expected = new StraightEncoder();
    DigestSink sink = new DigestSink();
    Trace trace = traceTo(sink);
    trace.addSink(expected);
    SplittableRandom random = new SplittableRandom(11);
    long timeNs = 0;
    for (int i = 0; i < 50_000; i++) {
      timeNs += random.nextLong(1L << random.nextInt(40));
      if (random.nextInt(100) == 0) {
        // Some are longer than the sink's buffer.
        trace.name("name-ü-" + i + "x".repeat(random.nextInt(20) == 0 ? 9_000 : 3));
      }
      emitAnything(trace, timeNs, types[random.nextInt(types.length)], random);
    }
    trace.end(timeNs);
    assertEquals(50_000, sink.events());
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    byte[] bytes = expected.bytes.toByteArray();
    assertEquals(HexFormat.of().formatHex(sha256.digest(bytes)), sink.hex());
  }

  @Test
  void equalTracesHaveEqualDigests() {
    assertEquals(digestOf(DigestSinkTest::someEvents), digestOf(DigestSinkTest::someEvents));
  }

  @Test
  void eachFieldTheCpuTheTimeAndTheKindMatter() {
    long[] values = {1, 2, 3, 4, 5};
    String reference = digestOfOne(7, 1, Tracepoint.IO_COMPLETE, values);
    for (int i = 0; i < values.length; i++) {
      long[] differing = values.clone();
      differing[i]++;
      assertNotEquals(
          reference, digestOfOne(7, 1, Tracepoint.IO_COMPLETE, differing), "field " + i);
    }
    assertNotEquals(reference, digestOfOne(7, 2, Tracepoint.IO_COMPLETE, values));
    assertNotEquals(reference, digestOfOne(8, 1, Tracepoint.IO_COMPLETE, values));
    assertNotEquals(reference, digestOfOne(7, 1, Tracepoint.BLOCK_RQ_ISSUE, values));
    assertEquals(reference, digestOfOne(7, 1, Tracepoint.IO_COMPLETE, values));
  }

  @Test
  void aNameMattersEvenIfNoEventHasIt() {
    assertNotEquals(
        digestOf(trace -> trace.name("kworker/0:1")), digestOf(trace -> trace.name("kworker/0:2")));
  }

  @Test
  void theTimeOfTheEndMatters() {
    DigestSink one = new DigestSink();
    traceTo(one).end(1);
    DigestSink two = new DigestSink();
    traceTo(two).end(2);
    assertNotEquals(one.hex(), two.hex());
  }

  @Test
  void thereIsNoDigestBeforeTheEnd() {
    assertThrows(IllegalStateException.class, () -> new DigestSink().hex());
  }

  private static void someEvents(Trace trace) {
    trace.name("fio");
    trace.emit(5, 0, Tracepoint.SOFTIRQ_RAISE, 4);
    trace.emit(6, 3, Tracepoint.BLOCK_UNPLUG, 31, 1);
  }

  private static String digestOfOne(long timeNs, int cpu, Tracepoint type, long[] v) {
    return digestOf(trace -> trace.emit(timeNs, cpu, type, v[0], v[1], v[2], v[3], v[4]));
  }

  private static String digestOf(Consumer<Trace> run) {
    DigestSink sink = new DigestSink();
    Trace trace = traceTo(sink);
    run.accept(trace);
    trace.end(100);
    return sink.hex();
  }

  private static Trace traceTo(DigestSink sink) {
    Trace trace = new Trace();
    trace.addSink(sink);
    return trace;
  }

  private static void emitAnything(
      Trace trace, long timeNs, Tracepoint type, SplittableRandom random) {
    long[] v = new long[6];
    for (int i = 0; i < v.length; i++) {
      v[i] = random.nextLong() >> random.nextInt(64);
    }
    int cpu = random.nextInt(-1, 300);
    switch (type.fieldCount()) {
      case 0 -> trace.emit(timeNs, cpu, type);
      case 1 -> trace.emit(timeNs, cpu, type, v[0]);
      case 2 -> trace.emit(timeNs, cpu, type, v[0], v[1]);
      case 3 -> trace.emit(timeNs, cpu, type, v[0], v[1], v[2]);
      case 4 -> trace.emit(timeNs, cpu, type, v[0], v[1], v[2], v[3]);
      case 5 -> trace.emit(timeNs, cpu, type, v[0], v[1], v[2], v[3], v[4]);
      default -> trace.emit(timeNs, cpu, type, v[0], v[1], v[2], v[3], v[4], v[5]);
    }
  }

  private static byte[] octets(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static void text(ByteArrayOutputStream bytes, int record, int length, String text) {
    bytes.writeBytes(octets(record, length));
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** The documented format, written for the eye: unbuffered, on big integers. */
  private static final class StraightEncoder implements TraceSink {
    private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Map<Tracepoint, Integer> codes = new EnumMap<>(Tracepoint.class);
    private final Map<String, Long> last = new TreeMap<>();

    @Override
    public void event(
        long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
      if (!codes.containsKey(type)) {
        codes.put(type, 3 + codes.size());
        number(BigInteger.ONE);
        string(type.definition());
      }
      number(BigInteger.valueOf(codes.get(type)));
      difference("time", timeNs);
      number(BigInteger.valueOf(cpu + 1));
      long[] values = {a, b, c, d, e, f};
      for (int i = 0; i < type.fields().size(); i++) {
        difference(type + "." + i, values[i]);
      }
    }

    @Override
    public void name(int id, String name) {
      number(BigInteger.ZERO);
      number(BigInteger.valueOf(id));
      string(name);
    }

    @Override
    public void end(long timeNs) {
      number(BigInteger.TWO);
      number(BigInteger.valueOf(timeNs));
    }

    private void difference(String of, long value) {
      Long before = last.put(of, value);
      // Differences wrap at 64 bits.
      long difference = value - (before == null ? 0 : before);
      BigInteger twice = BigInteger.valueOf(difference).shiftLeft(1);
      number(difference < 0 ? twice.negate().subtract(BigInteger.ONE) : twice);
    }

    private void number(BigInteger value) {
      BigInteger rest = value.mod(TWO_64);
      while (rest.bitLength() > 7) {
        bytes.write(rest.intValue() & 0x7F | 0x80);
        rest = rest.shiftRight(7);
      }
      bytes.write(rest.intValue());
    }

    private void string(String text) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      number(BigInteger.valueOf(utf8.length));
      bytes.writeBytes(utf8);
    }
  }
}
