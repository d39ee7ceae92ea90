package sim.kernel;

import java.util.Arrays;

/** A set of CPUs ({@code struct cpumask}). Immutable. */
public final class CpuMask {
  private final long[] words;

  private CpuMask(long[] words) {
    this.words = words;
  }

  /** The CPUs from 0 to {@code count - 1}. */
  public static CpuMask firstCpus(int count) {
    long[] words = new long[(count + 63) >>> 6];
    for (int cpu = 0; cpu < count; cpu++) {
      words[cpu >>> 6] |= 1L << cpu;
    }
    return new CpuMask(words);
  }

  /** The named CPUs. */
  public static CpuMask of(int... cpus) {
    int max = Arrays.stream(cpus).max().orElseThrow();
    long[] words = new long[(max >>> 6) + 1];
    for (int cpu : cpus) {
      words[cpu >>> 6] |= 1L << cpu;
    }
    return new CpuMask(words);
  }

  /** Whether {@code cpu} is in this set. */
  public boolean contains(int cpu) {
    int word = cpu >>> 6;
    return word < words.length && (words[word] & 1L << cpu) != 0;
  }

  /** The lowest CPU that is in this set at or after {@code from}; -1 if there is none. */
  public int next(int from) {
    int word = from >>> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & -1L << from;
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /** Number of CPUs in this set. */
  public int count() {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CpuMask that && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int cpu = next(0); cpu >= 0; cpu = next(cpu + 1)) {
      text.append(text.isEmpty() ? "" : ",").append(cpu);
    }
    return text.toString();
  }
}
