package mm.core.testing;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.reclaim.MemorySettings;
import mm.core.reclaim.TaskEviction;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

/**
 * A page cache on one device without a block layer: shows who writes which folios when, and what a
 * task that writes has to wait for. I/O ends when a test says so.
 */
public final class CacheFixture {
  private static final int IRQ = 42;

  private final Machine machine;
  private final PageCache cache;
  private final BackingDevice device;
  private final LoggedFile operations;
  private final List<String> returned = new ArrayList<>();
  private final List<String> evicted = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();
  private final List<String> faulted = new ArrayList<>();
  private int files;

  /** An empty page cache of 4 GiB; no policy is in use. */
  public CacheFixture(MachineProfile profile) {
    this(profile, VmSettings.DEFAULT);
  }

  /** The same with other limits of dirty pages. */
  public CacheFixture(MachineProfile profile, VmSettings settings) {
    machine = new Machine(profile, 1, new Trace());
    cache = new PageCache(machine, MemorySettings.ofBytes(4L << 30), settings);
    device = cache.newBackingDevice("disk");
    operations = new LoggedFile(cache);
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The page cache. */
  public PageCache cache() {
    return cache;
  }

  /** The device that all files are on. */
  public BackingDevice device() {
    return device;
  }

  /** What all files do. */
  public LoggedFile operations() {
    return operations;
  }

  /** A file without folios; the first is number 1 in {@link #submitted}, and so on. */
  public OpenFile newFile() {
    return newFile(device);
  }

  /** The same on another device. */
  public OpenFile newFile(BackingDevice on) {
    return new OpenFile(cache.newMapping(++files, on, operations));
  }

  /** Runs something between two events at that time. */
  public void at(long timeNs, Runnable action) {
    machine.events().schedule(timeNs, arg -> action.run(), 0);
  }

  /** A kernel-mode task of that name that begins with a step on that CPU, at that time. */
  public void taskAt(long timeNs, int cpu, String name, Step step) {
    at(timeNs, () -> machine.spawn(name, CpuMask.of(cpu), step));
  }

  /** A task of that name writes whole pages at that time; see {@link #returned}. */
  public void writeAt(
      long timeNs, int cpu, String name, OpenFile file, long firstPage, int pages, RwFlags flags) {
    taskAt(
        timeNs,
        cpu,
        name,
        x -> {
          x.then(y -> returned.add(name + "@" + y.nowNs()));
          cache.write(
              x,
              file,
              firstPage * MemorySettings.PAGE_BYTES,
              (long) pages * MemorySettings.PAGE_BYTES,
              flags);
        });
  }

  /** What {@link #writeAt} has written so far: {@code name@time} of each return, in order. */
  public List<String> returned() {
    return List.copyOf(returned);
  }

  /**
   * What was submitted so far, a line for each {@code writepages} call that found something, when
   * it ended: {@code file: first-last by task@time}, where a kworker is just that.
   */
  public List<String> submitted() {
    return operations.submitted();
  }

  /** At that time, an interrupt on that CPU ends the writeback of all that was submitted. */
  public void endWritebackAt(long timeNs, int cpu) {
    endWritebackAt(timeNs, cpu, Integer.MAX_VALUE);
  }

  /** At that time, an interrupt on that CPU ends the writeback of so many pages, oldest first. */
  public void endWritebackAt(long timeNs, int cpu, int pages) {
    at(timeNs, () -> machine.cpu(cpu).raiseIrq(IRQ, endsWriteback(pages)));
  }

  /** Ends the writeback of so many pages, oldest first, in whatever runs it. */
  public Step endsWriteback(int pages) {
    return x -> operations.end(x, pages);
  }

  /** Has a task put clean, unlocked folios into a file's page cache, now: its first pages. */
  public int[] fill(OpenFile file, int pages) {
    int[] folios = new int[pages];
    taskAt(machine.nowNs(), 0, "fill", x -> fillNow(x, file.mapping(), folios));
    while (folios[pages - 1] == 0 && machine.events().fireNext()) {
      // Ends when the task has put the last one.
    }
    return folios;
  }

  /** As {@link #fill}, and a process with threads on these CPUs has mapped them all. */
  public int[] fillMapped(OpenFile file, int pages, int... cpus) {
    int[] folios = fill(file, pages);
    Mm mm = new Mm("process", machine.cpuCount());
    for (int cpu : cpus) {
      mm.ranOn(cpu);
    }
    Vma vma = cache.mapped().map(mm, file.mapping(), 0, pages);
    for (int folio : folios) {
      cache.mapped().install(vma, folio, false);
    }
    return folios;
  }

  /**
   * At that time, a task evicts mapped folios by the eviction policy in use, one after another, and
   * has it flush at the end; see {@link #evicted}.
   */
  public void evictAt(long timeNs, int cpu, int... folios) {
    taskAt(timeNs, cpu, "evict", x -> new Evict(folios, false).next(x));
  }

  /**
   * As {@link #evictAt}, as reclaim does it: the policy may unlock what is dirty, and what is dirty
   * or busy at the end stays; see {@link #kept}.
   */
  public void reclaimAt(long timeNs, int cpu, int... folios) {
    taskAt(timeNs, cpu, "reclaim", x -> new Evict(folios, true).next(x));
  }

  /** What {@link #reclaimAt} had to keep so far: {@code page@time}, in order. */
  public List<String> kept() {
    return List.copyOf(kept);
  }

  /**
   * At that time, a task of a process makes one access to a page that it has mapped; it must not
   * need a fault.
   */
  public void accessAt(long timeNs, int cpu, Vma vma, long index, boolean store) {
    taskAt(
        timeNs,
        cpu,
        "process",
        x -> {
          if (!cache.mapped().access(x, vma, index, store)) {
            faulted.add(index + "@" + x.nowNs());
          }
        });
  }

  /** Accesses of {@link #accessAt} that would have faulted: {@code page@time}. */
  public List<String> faulted() {
    return List.copyOf(faulted);
  }

  /** Makes the pages of a file dirty, and a process maps them, able to store to them all. */
  public Vma mapDirty(OpenFile file, int... folios) {
    Mm mm = new Mm("process", machine.cpuCount());
    Vma vma = cache.mapped().map(mm, file.mapping(), 0, folios.length);
    taskAt(
        machine.nowNs(),
        0,
        "dirty",
        x -> {
          for (int folio : folios) {
            cache.markDirty(x, folio);
            cache.mapped().install(vma, folio, true);
          }
        });
    return vma;
  }

  /** What {@link #evictAt} has removed so far: {@code page@time}, in order. */
  public List<String> evicted() {
    return List.copyOf(evicted);
  }

  private final class Evict {
    private final int[] list;
    private final TaskEviction eviction;
    private int given;

    Evict(int[] list, boolean mayKeep) {
      this.list = list;
      eviction =
          mayKeep
              ? cache.evictionSlot().acquire(this::unmapped, this::keep)
              : cache.evictionSlot().acquire(this::unmapped);
    }

    private void keep(Exec x, int folio) {
      kept.add(cache.folios().index(folio) + "@" + x.nowNs());
      cache.put(folio);
    }

    void next(Exec x) {
      if (given == list.length) {
        x.then(y -> cache.evictionSlot().release(eviction));
        eviction.flush(x);
        return;
      }
      int folio = list[given++];
      cache.folios().get(folio);
      if (!cache.trylock(folio)) {
        throw new IllegalStateException(cache.folios().describe(folio) + " is locked");
      }
      x.then(this::next);
      eviction.evict(x, folio);
    }

    private void unmapped(Exec x, int folio) {
      boolean gone = cache.invalidateFolio(x, cache.mappings().of(folio), folio);
      cache.unlock(x, folio);
      if (gone) {
        evicted.add(cache.folios().index(folio) + "@" + x.nowNs());
        cache.put(folio);
      } else {
        keep(x, folio);
      }
    }
  }

  private void fillNow(Exec x, AddressSpace mapping, int[] folios) {
    for (int index = 0; index < folios.length; index++) {
      if (!cache.memory().tryCharge(x, cache.memory().root(), 1)) {
        throw new IllegalStateException("no memory for page " + index);
      }
      folios[index] = cache.addFolio(x, mapping, index, 0, cache.memory().root());
      cache.markUptodate(folios[index]);
      cache.unlock(x, folios[index]);
      cache.put(folios[index]);
    }
  }
}
