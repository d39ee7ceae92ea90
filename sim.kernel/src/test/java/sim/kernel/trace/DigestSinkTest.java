package sim.kernel.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
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
    // Name: code 0, no CPU; id 1 and length 3 take a byte each.
    bytes.writeBytes(octets(0, 0, 0, 0, 0x11, 0, 0, 0, 1, 3, 'f', 'i', 'o'));
    text(bytes, 29, "block:block_unplug(pid,nr_rq)");
    // Code 3, CPU 2 + 1; 5 ns as zigzag 10, 100 as 200, 1 as 2: a byte each.
    bytes.writeBytes(octets(3, 0, 3, 0, 0x11, 1, 0, 0, 10, 200, 2));
    text(bytes, 22, "irq:softirq_raise(vec)");
    // 300 ns as zigzag 600 = 2 * 256 + 88, two bytes; 4 as 8.
    bytes.writeBytes(octets(4, 0, 1, 0, 0x12, 0, 0, 0, 88, 2, 8));
    // The same time takes no byte, no CPU; 99 - 100 = -1 as zigzag 1; 1 - 1 takes none.
    bytes.writeBytes(octets(3, 0, 0, 0, 0x10, 0, 0, 0, 1));
    // 306 = 256 + 50.
    bytes.writeBytes(octets(2, 0, 0, 0, 0x02, 0, 0, 0, 50, 1));
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
  void aCpuThatDoesNotFitItsTwoBytesIsRefused() {
    Trace trace = traceTo(new DigestSink());
    trace.emit(1, 65_534, Tracepoint.SOFTIRQ_RAISE, 4);
    assertThrows(
        IllegalArgumentException.class, () -> trace.emit(1, 65_535, Tracepoint.SOFTIRQ_RAISE, 4));
    assertThrows(
        IllegalArgumentException.class, () -> trace.emit(1, -2, Tracepoint.SOFTIRQ_RAISE, 4));
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

  private static void text(ByteArrayOutputStream bytes, int length, String text) {
    bytes.writeBytes(octets(1, 0, 0, 0, 1, 0, 0, 0, length));
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
        byte[] definition = type.definition().getBytes(StandardCharsets.UTF_8);
        record(1, 0, List.of(BigInteger.valueOf(definition.length)));
        bytes.writeBytes(definition);
      }
      List<BigInteger> values = new ArrayList<>();
      values.add(difference("time", timeNs));
      long[] fields = {a, b, c, d, e, f};
      for (int i = 0; i < type.fields().size(); i++) {
        values.add(difference(type + "." + i, fields[i]));
      }
      record(codes.get(type), cpu + 1, values);
    }

    @Override
    public void name(int id, String name) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      record(0, 0, List.of(BigInteger.valueOf(id), BigInteger.valueOf(utf8.length)));
      bytes.writeBytes(utf8);
    }

    @Override
    public void end(long timeNs) {
      record(2, 0, List.of(BigInteger.valueOf(timeNs)));
    }

    private BigInteger difference(String of, long value) {
      Long before = last.put(of, value);
      // Differences wrap at 64 bits.
      long difference = value - (before == null ? 0 : before);
      BigInteger twice = BigInteger.valueOf(difference).shiftLeft(1);
      return (difference < 0 ? twice.negate().subtract(BigInteger.ONE) : twice).mod(TWO_64);
    }

    private void record(int code, int cpu, List<BigInteger> values) {
      BigInteger lengths = BigInteger.ZERO;
      for (int i = 0; i < values.size(); i++) {
        lengths = lengths.add(BigInteger.valueOf(length(values.get(i))).shiftLeft(4 * i));
      }
      number(BigInteger.valueOf(code), 2);
      number(BigInteger.valueOf(cpu), 2);
      number(lengths, 4);
      for (BigInteger value : values) {
        number(value, length(value));
      }
    }

    private static int length(BigInteger value) {
      return (value.bitLength() + 7) / 8;
    }

    private void number(BigInteger value, int size) {
      for (int i = 0; i < size; i++) {
        bytes.write(value.shiftRight(8 * i).intValue() & 0xFF);
      }
    }
  }
}
