package sim.kernel.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a whole trace, events and names: two runs with equal digests did the same.
 *
 * <p>What is hashed, one record after the other, numbers with their lowest byte first. A record
 * begins with eight bytes: a code (two bytes), a CPU + 1 (two bytes), and in the last four the
 * number of bytes of each of up to seven values, four bits each, the first value's lowest. The
 * values follow, each in as few bytes as it needs, none for 0.
 *
 * <ul>
 *   <li>a name: code 0, CPU + 1 is 0; its id, its number of bytes; then its UTF-8;
 *   <li>an event type, before its first event: code 1; number of bytes; then its definition such as
 *       {@code block:block_unplug(pid,nr_rq)}; the first type so defined has code 3, the next 4;
 *   <li>an event: the code of its type, its CPU; the difference of its time to the last event's,
 *       and for each field of the type the difference to that field's value in the last event of
 *       that type; differences are zigzag: 0, -1, 1, -2 as 0, 1, 2, 3;
 *   <li>the end: code 2; the time.
 * </ul>
 *
 * <p>So the digest depends neither on the order of the constants of {@link Tracepoint} nor on types
 * that did not occur.
 */
public final class DigestSink implements TraceSink {
  private static final int NAME = 0;
  private static final int TYPE = 1;
  private static final int END = 2;
  private static final int FIRST_CODE = 3;

  private static final int STRIDE = Tracepoint.FIELDS_MAX;
  private static final int HEADER_BYTES = 8;
  private static final int RECORD_BYTES_MAX = HEADER_BYTES + (1 + STRIDE) * Long.BYTES;
  private static final int CPU_MAX = 0xFFFE;

  /** Stores eight bytes at once; those that a value doesn't need are overwritten by the next. */
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Fits the first-level cache; SHA-256 gains nothing from more. */
  private static final int BUFFER_BYTES = 8 * 1024;

  private final MessageDigest sha256;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final int[] codeOfType = new int[Tracepoint.values().length];
  private final long[] lastFields = new long[Tracepoint.values().length * STRIDE];
  private long lastTimeNs;
  private int typesDefined;
  private int used;

  /** Where the next value of the record being written goes. */
  private int at;

  private long events;
  private String hex;

  /** A digest of nothing so far. */
  public DigestSink() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("DigestSink: this JVM lacks SHA-256, which all must have", e);
    }
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    if (cpu < -1 || cpu > CPU_MAX) {
      throw new IllegalArgumentException(
          "DigestSink: cpu is " + cpu + "; it must be from 0 to " + CPU_MAX + ", or -1 for none");
    }
    int code = codeOfType[type.ordinal()];
    if (code == 0) {
      code = define(type);
    }
    reserve();
    int header = used;
    at = header + HEADER_BYTES;
    long lengths = put(zigzag(timeNs - lastTimeNs));
    lastTimeNs = timeNs;
    // One chain of ifs, since a loop over the values would need them in an array.
    int count = type.fieldCount();
    int field = type.ordinal() * STRIDE;
    if (count > 0) {
      lengths |= putField(field, a) << 4;
      if (count > 1) {
        lengths |= putField(field + 1, b) << 8;
        if (count > 2) {
          lengths |= putField(field + 2, c) << 12;
          if (count > 3) {
            lengths |= putField(field + 3, d) << 16;
            if (count > 4) {
              lengths |= putField(field + 4, e) << 20;
              if (count > 5) {
                lengths |= putField(field + 5, f) << 24;
              }
            }
          }
        }
      }
    }
    LONG.set(buffer, header, lengths << 32 | (cpu + 1L) << 16 | code);
    used = at;
    events++;
  }

  @Override
  public void name(int id, String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    putRecord(NAME, id, utf8.length);
    putBytes(utf8);
  }

  @Override
  public void end(long timeNs) {
    putRecord(END, timeNs, 0);
    flush();
    hex = HexFormat.of().formatHex(sha256.digest());
  }

  /** Number of events digested so far. */
  public long events() {
    return events;
  }

  /**
   * The digest, 64 lower-case hexadecimal digits.
   *
   * @throws IllegalStateException before the trace has ended
   */
  public String hex() {
    if (hex == null) {
      throw new IllegalStateException("DigestSink.hex: the trace has not ended; call Trace.end");
    }
    return hex;
  }

  private int define(Tracepoint type) {
    byte[] definition = type.definition().getBytes(StandardCharsets.UTF_8);
    putRecord(TYPE, definition.length, 0);
    putBytes(definition);
    int code = FIRST_CODE + typesDefined++;
    codeOfType[type.ordinal()] = code;
    return code;
  }

  /** A second value of 0 takes no bytes, so it is as if it were not there. */
  private void putRecord(int code, long first, long second) {
    reserve();
    int header = used;
    at = header + HEADER_BYTES;
    long lengths = put(first);
    lengths |= put(second) << 4;
    LONG.set(buffer, header, lengths << 32 | code);
    used = at;
  }

  /** Strings may be longer than the buffer, and are rare: they go to the hash directly. */
  private void putBytes(byte[] bytes) {
    flush();
    sha256.update(bytes);
  }

  private void reserve() {
    if (used > BUFFER_BYTES - RECORD_BYTES_MAX) {
      flush();
    }
  }

  private void flush() {
    sha256.update(buffer, 0, used);
    used = 0;
  }

  private long putField(int field, long value) {
    long difference = value - lastFields[field];
    lastFields[field] = value;
    return put(zigzag(difference));
  }

  /** Writes a value, moves on and returns its number of bytes: 0 to 8. */
  private long put(long value) {
    LONG.set(buffer, at, value);
    int bytes = Long.SIZE + 7 - Long.numberOfLeadingZeros(value) >> 3;
    at += bytes;
    return bytes;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }
}
