package sim.kernel.trace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a whole trace, events and names: two runs with equal digests did the same.
 *
 * <p>What is hashed, one record after the other. Numbers are LEB128: seven bits a byte, lowest
 * first, the eighth set in all bytes but the last. A string is its number of bytes and its UTF-8.
 *
 * <ul>
 *   <li>a name: 0, its id, string;
 *   <li>an event type, before its first event: 1, its definition such as {@code
 *       block:block_unplug(pid,nr_rq)} as a string; the first type so defined has code 3, the next
 *       4;
 *   <li>an event: code of its type, difference of its time to the last event's, its CPU + 1, and
 *       for each field of the type the difference to that field's value in the last event of that
 *       type; differences are zigzag: 0, -1, 1, -2 as 0, 1, 2, 3;
 *   <li>the end: 2, the time.
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
  private static final int VARINT_BYTES_MAX = 10;
  private static final int EVENT_BYTES_MAX = (3 + STRIDE) * VARINT_BYTES_MAX;

  /** Fits the first-level cache; SHA-256 gains nothing from more. */
  private static final int BUFFER_BYTES = 8 * 1024;

  private final MessageDigest sha256;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final int[] codeOfType = new int[Tracepoint.values().length];
  private final long[] lastFields = new long[Tracepoint.values().length * STRIDE];
  private long lastTimeNs;
  private int typesDefined;
  private int used;
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
    int code = codeOfType[type.ordinal()];
    if (code == 0) {
      code = define(type);
    }
    reserve(EVENT_BYTES_MAX);
    byte[] to = buffer;
    int at = put(to, used, code);
    at = put(to, at, zigzag(timeNs - lastTimeNs));
    at = put(to, at, cpu + 1L);
    lastTimeNs = timeNs;
    // One chain of ifs, since a loop over the values would need them in an array.
    int count = type.fieldCount();
    int field = type.ordinal() * STRIDE;
    if (count > 0) {
      at = putField(to, at, field, a);
      if (count > 1) {
        at = putField(to, at, field + 1, b);
        if (count > 2) {
          at = putField(to, at, field + 2, c);
          if (count > 3) {
            at = putField(to, at, field + 3, d);
            if (count > 4) {
              at = putField(to, at, field + 4, e);
              if (count > 5) {
                at = putField(to, at, field + 5, f);
              }
            }
          }
        }
      }
    }
    used = at;
    events++;
  }

  @Override
  public void name(int id, String name) {
    reserve(2 * VARINT_BYTES_MAX);
    used = put(buffer, used, NAME);
    used = put(buffer, used, id);
    putString(name);
  }

  @Override
  public void end(long timeNs) {
    reserve(2 * VARINT_BYTES_MAX);
    used = put(buffer, used, END);
    used = put(buffer, used, timeNs);
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
    reserve(VARINT_BYTES_MAX);
    used = put(buffer, used, TYPE);
    putString(type.definition());
    int code = FIRST_CODE + typesDefined++;
    codeOfType[type.ordinal()] = code;
    return code;
  }

  /** Strings may be longer than the buffer, and are rare: they go to the hash directly. */
  private void putString(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    reserve(VARINT_BYTES_MAX);
    used = put(buffer, used, bytes.length);
    flush();
    sha256.update(bytes);
  }

  private void reserve(int bytes) {
    if (used > BUFFER_BYTES - bytes) {
      flush();
    }
  }

  private void flush() {
    sha256.update(buffer, 0, used);
    used = 0;
  }

  private int putField(byte[] to, int at, int field, long value) {
    long difference = value - lastFields[field];
    lastFields[field] = value;
    return put(to, at, zigzag(difference));
  }

  private static int put(byte[] to, int from, long value) {
    int at = from;
    long rest = value;
    // Ends: each round takes seven of 64 bits.
    while ((rest & ~0x7FL) != 0) {
      to[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[at++] = (byte) rest;
    return at;
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }
}
