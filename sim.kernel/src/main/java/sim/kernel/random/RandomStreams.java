package sim.kernel.random;

import java.util.LinkedHashMap;
import java.util.Map;

/** The chance of one run: a stream for each user, so that a new user shifts nobody else's. */
public final class RandomStreams {
  private final long seed;
  private final Map<String, RandomStream> streams = new LinkedHashMap<>();

  /** Streams that depend on {@code seed} and their names only. */
  public RandomStreams(long seed) {
    this.seed = seed;
  }

  /** The stream of this name, the same object each time. */
  public RandomStream named(String name) {
    return streams.computeIfAbsent(name, key -> new RandomStream(seed ^ fnv1a(key)));
  }

  private static long fnv1a(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
