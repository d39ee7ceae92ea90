package sim.kernel.random;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** The random streams of one run: a function from seed and name to a sequence of numbers. */
public final class RandomStreams {
  static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private final long seed;
  private final Map<String, RandomStream> streams = new LinkedHashMap<>();

  /**
   * The streams of a seed.
   *
   * @param seed any number; near seeds give unrelated streams
   */
  public RandomStreams(long seed) {
    this.seed = seed;
  }

  /** The only source of chance in the run, for reports and for repeating it. */
  public long seed() {
    return seed;
  }

  /**
   * The stream of a name: the same object each time, so that asking again goes on.
   *
   * <p>Its numbers depend on seed and name only: not on who else asks, nor on the order. Two users
   * of one name would shift each other: a name has one user, who keeps the stream at hand.
   *
   * @param name lower case, dots between parts: {@code device.latency}; not null
   */
  public RandomStream named(String name) {
    RandomStream known = streams.get(name);
    if (known != null) {
      return known;
    }
    RandomStream stream = new RandomStream(fnv1a64(name) ^ mix64(seed + GOLDEN_GAMMA));
    streams.put(name, stream);
    return stream;
  }

  /** The 64-bit FNV-1a hash of the name's UTF-8 bytes. */
  static long fnv1a64(String name) {
    long hash = FNV_OFFSET;
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }

  /** The output function of SplitMix64: a bijection in which each input bit reaches all others. */
  static long mix64(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
