package block.bio.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sim.kernel.ExecContext;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** Every bio of a run, from the trace: where it went, and when, where and how often it ended. */
public final class BioLog implements TraceSink {
  /** One bio. */
  public static final class Entry {
    private final long sector;
    private final long sectors;
    private final String rwbs;
    private int ends;
    private ExecContext context;
    private int endCpu;
    private long endNs;
    private boolean deferred;
    private long errno;

    private Entry(long sector, long sectors, String rwbs) {
      this.sector = sector;
      this.sectors = sectors;
      this.rwbs = rwbs;
    }

    /** First sector. */
    public long sector() {
      return sector;
    }

    /** Bytes. */
    public long bytes() {
      return sectors * 512;
    }

    /** Operation and flags as the trace has them: {@code WS}. */
    public String rwbs() {
      return rwbs;
    }

    /** Context in which its owner was called. */
    public ExecContext context() {
      return context;
    }

    /** CPU on which its owner was called. */
    public int endCpu() {
      return endCpu;
    }

    /** When its owner was called. */
    public long endNs() {
      return endNs;
    }

    /** Whether a completion policy had it. */
    public boolean wasDeferred() {
      return deferred;
    }

    /** Its error. */
    public long errno() {
      return errno;
    }

    @Override
    public String toString() {
      return rwbs + " " + sector + "+" + sectors;
    }
  }

  private final SortedMap<Long, Entry> byId = new TreeMap<>();

  BioLog() {}

  @Override
  public Set<Tracepoint> interest() {
    return EnumSet.of(Tracepoint.BLOCK_BIO_QUEUE, Tracepoint.BIO_DEFER, Tracepoint.BIO_END);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    switch (type) {
      case BLOCK_BIO_QUEUE -> byId.put(f, new Entry(b, c, text(d)));
      case BIO_DEFER -> byId.get(a).deferred = true;
      default -> ended(a, timeNs, cpu, ExecContext.values()[(int) b], d);
    }
  }

  private void ended(long id, long timeNs, int cpu, ExecContext context, long errno) {
    Entry entry = byId.get(id);
    if (entry == null) {
      // A flush that the device does not need, or a bio beyond its end: it was never queued.
      return;
    }
    entry.ends++;
    entry.context = context;
    entry.endCpu = cpu;
    entry.endNs = timeNs;
    entry.errno = errno;
  }

  private static String text(long rwbs) {
    StringBuilder letters = new StringBuilder();
    for (long left = rwbs; left != 0; left >>>= 8) {
      letters.append((char) (left & 0xff));
    }
    return letters.toString();
  }

  /** Forgets all bios so far. */
  public void clear() {
    byId.clear();
  }

  /** All bios since the last {@link #clear}, in the order in which they were allocated. */
  public List<Entry> all() {
    return new ArrayList<>(byId.values());
  }

  /** Data that was written: not the journal's or other metadata. */
  public List<Entry> writes() {
    return all().stream()
        .filter(bio -> bio.rwbs.startsWith("W") && !bio.rwbs.contains("M"))
        .toList();
  }

  /** Data that was read. */
  public List<Entry> reads() {
    return all().stream()
        .filter(bio -> bio.rwbs.startsWith("R") && !bio.rwbs.contains("M"))
        .toList();
  }

  /** Sizes of what was written, KiB: {@code 4 8}. */
  public String writesKib() {
    return writes().stream()
        .map(bio -> bio.bytes() % 1024 == 0 ? "" + bio.bytes() / 1024 : bio.bytes() / 1024.0 + "")
        .collect(Collectors.joining(" "));
  }

  /** Each context in which data that was written ended, once, in the order of the enum. */
  public Set<ExecContext> writeContexts() {
    Set<ExecContext> contexts = EnumSet.noneOf(ExecContext.class);
    writes().forEach(bio -> contexts.add(bio.context));
    return contexts;
  }

  void verifyEndedOnce() {
    byId.forEach(
        (id, bio) -> {
          if (bio.ends != 1) {
            throw new IllegalStateException(
                "bio " + id + " (" + bio + ") ended " + bio.ends + " times; it must be once");
          }
        });
  }
}
