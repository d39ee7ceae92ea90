package mm.core.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import mm.core.writeback.FolioWriteback;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Machine;
import sim.kernel.Softirq;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * A file system without blocks over a device without a block layer: folios that belong together are
 * written or read together in a time that the test chooses, and end in a context that it chooses.
 */
public final class TimedFileSystem implements AddressSpaceOperations {
  private static final int IRQ = 43;
  private static final int CALLS_KEPT = 100;

  private final PageCache cache;
  private final Machine machine;
  private final Workqueue workqueue;
  private final ArrayDeque<WalkedWrite> walks = new ArrayDeque<>();
  private final ArrayDeque<Io> free = new ArrayDeque<>();
  private final PerCpu[] perCpu;
  private final EventHandler ioDone;
  private Io[] inFlight = new Io[16];
  private int inFlightCount;

  private ExecContext endContext = ExecContext.HARDIRQ;
  private int endCpu = -1;
  private long latencyNs = 100_000;
  private long pageNs;
  private int ioPagesMax = 256;
  private boolean dontcache = true;
  private boolean releases = true;
  private int failures;
  private long deviceFreeNs;
  private long pagesWritten;
  private long pagesRead;
  private final List<String> calls = new ArrayList<>();

  /** Writes and reads take 100 us, any number at once, and end in a hard interrupt. */
  public TimedFileSystem(PageCache cache) {
    this.cache = cache;
    machine = cache.machine();
    workqueue =
        machine
            .workqueues()
            .alloc("timed-end", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
    perCpu = new PerCpu[machine.cpuCount()];
    for (int cpu = 0; cpu < perCpu.length; cpu++) {
      perCpu[cpu] = new PerCpu(machine.cpu(cpu));
    }
    machine.openSoftirq(Softirq.BLOCK, x -> perCpu[x.cpu().id()].endNext(x));
    ioDone = this::ioDone;
  }

  /** Where I/O ends: HARDIRQ, SOFTIRQ, or TASK for a work item of the CPU. */
  public TimedFileSystem endingIn(ExecContext context) {
    endContext = context;
    return this;
  }

  /** On which CPU I/O ends; on that of its submission if nobody says otherwise. */
  public TimedFileSystem endingOn(int cpu) {
    endCpu = cpu;
    return this;
  }

  /** Time of one I/O of any size, any number of them at once. */
  public TimedFileSystem withLatencyNs(long ns) {
    latencyNs = ns;
    return this;
  }

  /** Time of each page, in which the device does nothing else; 0 for no limit. */
  public TimedFileSystem withPageNs(long ns) {
    pageNs = ns;
    return this;
  }

  /** How many pages end together at most. */
  public TimedFileSystem withIoPages(int pages) {
    ioPagesMax = pages;
    return this;
  }

  /** Whether RWF_DONTCACHE is supported; true at first. */
  public TimedFileSystem withDontcache(boolean supported) {
    dontcache = supported;
    return this;
  }

  /** Whether private state is given up when asked for; true at first. */
  public TimedFileSystem withReleases(boolean gives) {
    releases = gives;
    return this;
  }

  /** The next {@code count} I/Os fail with EIO. */
  public void failNext(int count) {
    failures = count;
  }

  /** Pages whose write has ended. */
  public long pagesWritten() {
    return pagesWritten;
  }

  /** Pages whose read has ended. */
  public long pagesRead() {
    return pagesRead;
  }

  /** I/Os that have not ended. */
  public int inFlight() {
    return inFlightCount;
  }

  /** The first 100 calls of writepages that found something, in their order: inode:pages. */
  public List<String> calls() {
    return calls;
  }

  /** Folios of one I/O, and its way to its end. */
  private final class Io {
    private final Step end = this::end;
    private int[] folios = new int[16];
    private int count;
    private int ended;
    private int pages;
    private boolean write;
    private boolean failed;
    private int cpu;
    private AddressSpace mapping;

    void add(int folio) {
      if (count == folios.length) {
        folios = Arrays.copyOf(folios, count * 2);
      }
      folios[count++] = folio;
      pages += cache.folios().nrPages(folio);
    }

    private void end(Exec x) {
      if (ended == count) {
        pagesWritten += write ? pages : 0;
        pagesRead += write ? 0 : pages;
        inFlightCount--;
        free.addLast(this);
        return;
      }
      if (ended == 0 && failed && write) {
        cache.setMappingError(mapping, Errno.EIO);
      }
      int folio = folios[ended++];
      x.then(end);
      if (write) {
        cache.endWriteback(x, folio);
      } else {
        cache.endRead(x, folio, !failed);
      }
    }
  }

  private Io newIo(AddressSpace mapping, boolean write) {
    Io io = free.pollLast();
    if (io == null) {
      io = new Io();
    }
    io.count = 0;
    io.ended = 0;
    io.pages = 0;
    io.write = write;
    io.mapping = mapping;
    return io;
  }

  private void submit(Exec x, Io io) {
    if (inFlightCount == inFlight.length) {
      inFlight = Arrays.copyOf(inFlight, inFlightCount * 2);
    }
    inFlightCount++;
    io.failed = failures > 0;
    failures -= io.failed ? 1 : 0;
    io.cpu = endCpu < 0 ? x.cpu().id() : endCpu;
    long fromNs = x.nowNs() + x.chargedNs();
    deviceFreeNs = Math.max(deviceFreeNs, fromNs) + io.pages * pageNs;
    machine.events().schedule(deviceFreeNs + latencyNs, ioDone, slotOf(io));
  }

  private int slotOf(Io io) {
    int slot = 0;
    while (inFlight[slot] != null) {
      slot++;
    }
    inFlight[slot] = io;
    return slot;
  }

  private void ioDone(long slot) {
    Io io = inFlight[(int) slot];
    inFlight[(int) slot] = null;
    perCpu[io.cpu].done(io);
  }

  /** I/Os that the device has ended and this CPU has not. */
  private final class PerCpu {
    private final Cpu cpu;
    private final ArrayDeque<Io> done = new ArrayDeque<>();
    private final Step interrupt = this::interrupt;
    private final Step endNext = this::endNext;
    private final Work work;

    PerCpu(Cpu cpu) {
      this.cpu = cpu;
      work = new Work("timed_end", endNext);
    }

    void done(Io io) {
      done.addLast(io);
      cpu.raiseIrq(IRQ, interrupt);
    }

    private void interrupt(Exec x) {
      switch (endContext) {
        case HARDIRQ -> endNext(x);
        case SOFTIRQ -> cpu.raiseSoftirq(Softirq.BLOCK);
        default -> machine.workqueues().queueOn(x, cpu, workqueue, work);
      }
    }

    private void endNext(Exec x) {
      Io io = done.pollFirst();
      if (io != null) {
        x.then(endNext);
        io.end(x);
      }
    }
  }

  /** One call of writepages. */
  private final class WalkedWrite {
    private final FolioWriteback walk = new FolioWriteback(cache);
    private final Step found = this::found;
    private AddressSpace mapping;
    private WritebackControl wbc;
    private Io io;
    private long pages;

    void begin(Exec x, AddressSpace of, WritebackControl control) {
      mapping = of;
      wbc = control;
      pages = 0;
      walk.begin(of, control);
      x.then(found);
      walk.next(x);
    }

    private void found(Exec x) {
      int folio = (int) x.result();
      if (folio != 0) {
        cache.startWriteback(x, folio);
        if (io == null) {
          io = newIo(mapping, true);
        }
        io.add(folio);
        pages += cache.folios().nrPages(folio);
        cache.unlock(x, folio);
        if (io.pages >= ioPagesMax) {
          submit(x, io);
          io = null;
        }
        x.then(found);
        walk.next(x);
        return;
      }
      if (io != null) {
        submit(x, io);
        io = null;
      }
      if (pages > 0 && calls.size() < CALLS_KEPT) {
        calls.add(mapping.hostInode() + ":" + pages);
      }
      mapping = null;
      wbc = null;
      walks.addLast(this);
      x.setResult(-walk.errno());
    }
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    WalkedWrite walk = walks.pollLast();
    if (walk == null) {
      walk = new WalkedWrite();
    }
    walk.begin(x, mapping, wbc);
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    Io io = newIo(mapping, false);
    int folio = rac.nextFolio();
    while (folio != 0) {
      io.add(folio);
      folio = rac.nextFolio();
    }
    submit(x, io);
    x.setResult(0);
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(0);
  }

  @Override
  public boolean supportsNowaitWrites() {
    return true;
  }

  @Override
  public void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    cache.markUptodate(folio);
    cache.markDirty(x, folio);
    mapping.extendTo(pos + copiedBytes);
    x.setResult(0);
  }

  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    x.setResult(0);
  }

  /** Attaches private state to a folio, as a file system does that has some. */
  public void attachPrivate(int folio) {
    cache.folios().attachPrivate(folio, 1);
  }

  @Override
  public boolean releaseFolio(Exec x, int folio) {
    if (releases) {
      cache.folios().detachPrivate(folio);
    }
    return releases;
  }

  @Override
  public boolean supportsDontcache() {
    return dontcache;
  }
}
