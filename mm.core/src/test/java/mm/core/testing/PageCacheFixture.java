package mm.core.testing;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * A page cache over a {@link TimedFileSystem}, with tasks that make calls at given times and log
 * {@code name=result@time}.
 */
public final class PageCacheFixture {
  /** One page. */
  public static final int PAGE = MemorySettings.PAGE_BYTES;

  private final Machine machine;
  private final PageCache cache;
  private final TimedFileSystem fileSystem;
  private final BackingDevice device;
  private final List<String> log = new ArrayList<>();
  private long inos = 1;

  /** A machine with 1 GiB on which nothing is written before somebody asks for it. */
  public PageCacheFixture(MachineProfile profile) {
    this(profile, MemorySettings.ofBytes(1L << 30), VmSettings.DEFAULT.withIntervals(0, 3_000));
  }

  /** A machine with other memory and settings. */
  public PageCacheFixture(MachineProfile profile, MemorySettings memory, VmSettings settings) {
    this(profile, memory, settings, new Trace());
  }

  /** A machine whose events go to a trace. */
  public PageCacheFixture(
      MachineProfile profile, MemorySettings memory, VmSettings settings, Trace trace) {
    machine = new Machine(profile, 1, trace);
    cache = new PageCache(machine, memory, settings);
    fileSystem = new TimedFileSystem(cache);
    device = cache.newBackingDevice("timed");
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The page cache. */
  public PageCache cache() {
    return cache;
  }

  /** The file system of all files. */
  public TimedFileSystem fileSystem() {
    return fileSystem;
  }

  /** The device of all files. */
  public BackingDevice device() {
    return device;
  }

  /** Makes an empty file and opens it. */
  public OpenFile newFile() {
    return new OpenFile(cache.newMapping(inos++, device, fileSystem));
  }

  /** Makes a file of that size of which nothing is cached, and opens it. */
  public OpenFile newFile(long sizeBytes) {
    OpenFile file = newFile();
    file.mapping().setSizeBytes(sizeBytes);
    return file;
  }

  // Tasks and calls.

  /** Runs something between two events at that time. */
  public void at(long timeNs, Runnable action) {
    machine.events().schedule(timeNs, arg -> action.run(), 0);
  }

  /** A task on that CPU that runs steps one after the other from that time on. */
  public void taskAt(long timeNs, int cpu, Step... steps) {
    at(timeNs, () -> spawn(cpu, steps));
  }

  /** A task on that CPU that runs steps one after the other from now on. */
  public Task spawn(int cpu, Step... steps) {
    return machine.spawn(
        "task",
        CpuMask.of(cpu),
        x -> {
          for (int i = steps.length - 1; i >= 0; i--) {
            x.then(steps[i]);
          }
        });
  }

  /** Makes a call and logs its result. */
  public Step logged(String name, Step call) {
    return x -> {
      x.then(y -> log.add(name + "=" + y.result() + "@" + y.nowNs()));
      call.run(x);
    };
  }

  /** A write of whole pages. */
  public Step write(OpenFile file, long page, long pages, RwFlags flags) {
    return logged("write", x -> cache.write(x, file, page * PAGE, pages * PAGE, flags));
  }

  /** A read of whole pages. */
  public Step read(OpenFile file, long page, long pages, RwFlags flags) {
    return logged("read", x -> cache.read(x, file, page * PAGE, pages * PAGE, flags));
  }

  /** An fsync. */
  public Step fsync(OpenFile file) {
    return logged("fsync", x -> cache.fsync(x, file));
  }

  /** The calls ended so far. */
  public List<String> log() {
    return log;
  }

  /** From now on, collects events of these kinds as {@code event first,second,third@time}. */
  public List<String> trace(Tracepoint... types) {
    List<String> lines = new ArrayList<>();
    EnumSet<Tracepoint> interest = EnumSet.noneOf(Tracepoint.class);
    interest.addAll(List.of(types));
    machine
        .trace()
        .addSink(
            new TraceSink() {
              @Override
              public Set<Tracepoint> interest() {
                return interest;
              }

              @Override
              public void event(
                  long timeNs,
                  int cpu,
                  Tracepoint type,
                  long a,
                  long b,
                  long c,
                  long d,
                  long e,
                  long f) {
                long[] values = {a, b, c, d, e, f};
                StringBuilder line = new StringBuilder(type.event());
                for (int i = 0; i < Math.min(3, type.fieldCount()); i++) {
                  line.append(i == 0 ? ' ' : ',').append(values[i]);
                }
                lines.add(line.append('@').append(timeNs).toString());
              }
            });
    return lines;
  }

  // Policies.

  /** DONTCACHE writes flush their range themselves. */
  public PageCacheFixture withInlineWriteback() {
    return withWriteback("writeback.inline", WritebackHost::flushRange);
  }

  /** DONTCACHE writes start nothing. */
  public PageCacheFixture withoutWriteback() {
    return withWriteback("writeback.none", (host, x, mapping, pos, bytes) -> {});
  }

  /** What a policy without state does after a DONTCACHE write. */
  @FunctionalInterface
  public interface AfterWrite {
    /** Called as {@link WritebackDeferral#afterDontcacheWrite}. */
    void run(WritebackHost host, Exec x, AddressSpace mapping, long pos, long countBytes);
  }

  /** Puts a writeback policy without state in use. */
  public PageCacheFixture withWriteback(String id, AfterWrite action) {
    cache.writebackSlot().use(id, policy(action));
    return this;
  }

  /** A writeback policy without state. */
  public static WritebackPolicy policy(AfterWrite action) {
    return host ->
        new WritebackDeferral() {
          @Override
          public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
            action.run(host, x, mapping, pos, countBytes);
          }

          @Override
          public void detach() {
            // There is nothing pending.
          }
        };
  }

  // Looking.

  /** The folio of a page; 0 if it isn't cached. */
  public int folio(OpenFile file, long page) {
    return file.mapping().pages().load(page);
  }

  /** The flags of a page's folio in the kernel's words; "absent" if it isn't cached. */
  public String flags(OpenFile file, long page) {
    int folio = folio(file, page);
    return folio == 0 ? "absent" : FolioFlag.labelsOf(cache.folios().flags(folio));
  }

  /** Runs until that time. */
  public void runUntil(long timeNs) {
    machine.runUntil(timeNs);
  }

  /**
   * Runs until nothing is left to do, and checks every count; at most an hour of virtual time.
   *
   * @return the log
   */
  public List<String> runToIdle() {
    runUntilIdleWithin(3_600_000_000_000L);
    cache.verify();
    return log;
  }

  /**
   * Runs until nothing is left to do.
   *
   * @throws IllegalStateException if that takes longer, which is how a livelock shows
   */
  public void runUntilIdleWithin(long limitNs) {
    long endNs = machine.nowNs() + limitNs;
    while (machine.events().size() > 0) {
      long next = machine.events().peekTimeNs();
      if (next > endNs) {
        throw new IllegalStateException(
            "not idle: events are due at " + next + " ns; calls so far: " + log);
      }
      machine.runUntil(next + 1_000_000);
    }
  }
}
