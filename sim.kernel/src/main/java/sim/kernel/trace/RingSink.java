package sim.kernel.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The last events of each CPU, as text, for the report of an error.
 *
 * <p>One ring a CPU, so that a busy CPU does not push out what an idle one did last. A ring is made
 * when its CPU emits for the first time; from then on nothing is allocated.
 */
public final class RingSink implements TraceSink {
  /** Order of arrival, time, type, six values. */
  private static final int STRIDE = 3 + Tracepoint.FIELDS_MAX;

  private static final Set<Tracepoint> OF_FOLIOS =
      Collections.unmodifiableSet(
          EnumSet.of(
              Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE,
              Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE,
              Tracepoint.WRITEBACK_DIRTY_FOLIO,
              Tracepoint.FOLIO_DROP,
              Tracepoint.CACHE_LEVEL,
              Tracepoint.GLOBAL_DIRTY_STATE,
              Tracepoint.COMPLAINT));

  private static final Tracepoint[] TYPES = Tracepoint.values();

  private final int eventsPerCpu;
  private final Set<Tracepoint> interest = EnumSet.noneOf(Tracepoint.class);
  private final List<String> names = new ArrayList<>(List.of(""));

  /** By CPU + 1, so that events without a CPU have ring 0. */
  private long[][] rings = new long[0][];

  private long[] counts = new long[0];
  private long arrivals;

  /** Keeps the last events of all types. */
  public RingSink(int eventsPerCpu) {
    this(eventsPerCpu, EnumSet.allOf(Tracepoint.class));
  }

  /**
   * Keeps the last events of some types.
   *
   * @param eventsPerCpu at least 1
   */
  public RingSink(int eventsPerCpu, Set<Tracepoint> interest) {
    if (eventsPerCpu < 1) {
      throw new IllegalArgumentException(
          "RingSink: eventsPerCpu is " + eventsPerCpu + "; it must be at least 1");
    }
    this.eventsPerCpu = eventsPerCpu;
    this.interest.addAll(interest);
  }

  /**
   * Keeps the last events of all types but those that come with each folio: they say little, and
   * would push out everything else.
   */
  public static RingSink withoutFolios(int eventsPerCpu) {
    return new RingSink(eventsPerCpu, EnumSet.complementOf(EnumSet.copyOf(OF_FOLIOS)));
  }

  @Override
  public Set<Tracepoint> interest() {
    return Collections.unmodifiableSet(interest);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    int index = cpu + 1;
    if (index >= rings.length || rings[index] == null) {
      addRing(index);
    }
    long[] ring = rings[index];
    int at = (int) (counts[index]++ % eventsPerCpu) * STRIDE;
    ring[at] = arrivals++;
    ring[at + 1] = timeNs;
    ring[at + 2] = type.ordinal();
    ring[at + 3] = a;
    ring[at + 4] = b;
    ring[at + 5] = c;
    ring[at + 6] = d;
    ring[at + 7] = e;
    ring[at + 8] = f;
  }

  @Override
  public void name(int id, String name) {
    names.add(name);
  }

  /**
   * The events kept of all CPUs, oldest first, one a line as ftrace prints them but with the time
   * in seconds to the nanosecond: {@code [003] 0.000012345: irq:softirq_raise: vec=4}. Events
   * without a CPU have {@code [---]}.
   */
  public List<String> lines() {
    return lines(0, rings.length);
  }

  /**
   * As {@link #lines()}, of one CPU.
   *
   * @param cpu -1 for events without a CPU
   */
  public List<String> lines(int cpu) {
    return lines(cpu + 1, Math.min(cpu + 2, rings.length));
  }

  private List<String> lines(int from, int to) {
    List<long[]> kept = new ArrayList<>();
    for (int index = from; index < to; index++) {
      long count = rings[index] == null ? 0 : Math.min(counts[index], eventsPerCpu);
      for (int i = 0; i < count; i++) {
        long[] entry = new long[STRIDE + 1];
        System.arraycopy(rings[index], i * STRIDE, entry, 0, STRIDE);
        entry[STRIDE] = index - 1;
        kept.add(entry);
      }
    }
    kept.sort((one, other) -> Long.compare(one[0], other[0]));
    List<String> lines = new ArrayList<>();
    for (long[] entry : kept) {
      lines.add(line(entry));
    }
    return lines;
  }

  private String line(long[] entry) {
    Tracepoint type = TYPES[(int) entry[2]];
    StringBuilder text = new StringBuilder("[");
    long cpu = entry[STRIDE];
    text.append(cpu < 0 ? "---" : padded(cpu, 3)).append("] ");
    text.append(entry[1] / 1_000_000_000).append('.').append(padded(entry[1] % 1_000_000_000, 9));
    text.append(": ").append(type.subsystem()).append(':').append(type.event()).append(':');
    for (int i = 0; i < type.fieldCount(); i++) {
      long value = entry[3 + i];
      text.append(' ').append(type.fields().get(i)).append('=');
      text.append(type.isName(i) ? nameOf(value) : Long.toString(value));
    }
    return text.toString();
  }

  /** This is for the report of an error, so a wrong id shows as a number instead of throwing. */
  private String nameOf(long id) {
    return id >= 0 && id < names.size() ? names.get((int) id) : "#" + id;
  }

  private static String padded(long value, int width) {
    String digits = Long.toString(value);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }

  private void addRing(int index) {
    if (index < 0) {
      throw new IllegalArgumentException(
          "RingSink: cpu is " + (index - 1) + "; it must be a CPU, or -1 for none");
    }
    if (index >= rings.length) {
      rings = Arrays.copyOf(rings, index + 1);
      counts = Arrays.copyOf(counts, index + 1);
    }
    rings[index] = new long[eventsPerCpu * STRIDE];
  }
}
