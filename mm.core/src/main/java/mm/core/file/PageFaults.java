package mm.core.file;

import java.util.ArrayDeque;
import java.util.Objects;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.ReadAdvice;
import mm.core.mmap.Vma;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Loads from and stores to mapped files, and the faults that they take. Models {@code
 * filemap_fault}, {@code do_shared_fault} and {@code do_wp_page} with {@code page_mkwrite}: the
 * folio is found or read, locked, made dirty for a store, and entered in the page table.
 *
 * <p>Left out: fault-around, huge pages, and the retry without {@code mmap_lock}.
 */
public final class PageFaults {
  private final PageCache cache;
  private final ArrayDeque<Fault> faults = new ArrayDeque<>();

  /** Faults of one run; one object serves all processes. */
  public PageFaults(PageCache cache) {
    this.cache = Objects.requireNonNull(cache, "cache");
  }

  /**
   * Makes a page of a file accessible to the current task, by a fault unless its entry allows it
   * already. A step function; its result is 0, or a negative errno where a process would get
   * SIGBUS.
   *
   * @param file how it was opened: whether readahead is off, and where that stands
   * @param index the page of the file
   * @param store whether it is written to
   */
  public void access(Exec x, OpenFile file, Vma vma, long index, boolean store) {
    if (cache.mapped().access(x, vma, index, store)) {
      x.setResult(0);
      return;
    }
    Fault fault = faults.pollLast();
    if (fault == null) {
      fault = new Fault();
    }
    fault.begin(x, file, vma, index, store);
  }

  private final class Fault {
    private final FolioStore folios = cache.folios();
    private final Readahead readahead = new Readahead(cache);
    private final ReadaheadControl again = new ReadaheadControl(folios);
    private final Step find = this::find;
    private final Step singleAdded = this::singleAdded;
    private final Step lock = this::lock;
    private final Step locked = this::locked;
    private final Step makeWritable = this::makeWritable;
    private final Step begun = this::begun;
    private final Step ended = this::ended;
    private final Step balanced = this::balanced;

    private OpenFile file;
    private AddressSpace mapping;
    private Vma vma;
    private long index;
    private boolean store;
    private int folio;

    /** What a store makes dirty: all of the folio that is in the file. */
    private long pos;

    private int bytes;
    private boolean triedReadahead;
    private boolean triedSingle;
    private boolean triedRead;

    void begin(Exec x, OpenFile of, Vma part, long page, boolean toStore) {
      file = of;
      mapping = of.mapping();
      vma = part;
      index = page;
      store = toStore;
      triedReadahead = false;
      triedSingle = false;
      triedRead = false;
      x.charge(Cost.PAGE_FAULT);
      vma.mm().ranOn(x.cpu().id());
      readahead.set(mapping, cache.memory().memcgOf(x.task()), false);
      find(x);
    }

    private void find(Exec x) {
      if (index << MemorySettings.PAGE_SHIFT >= mapping.sizeBytes()) {
        finish(x, -Errno.EIO);
        return;
      }
      x.charge(Cost.FOLIO_LOOKUP);
      folio = mapping.pages().load(index);
      if (folio != 0 && folios.tryGet(folio)) {
        found(x);
      } else if (!triedReadahead) {
        triedReadahead = true;
        x.then(find);
        syncReadahead(x);
      } else if (!triedSingle) {
        triedSingle = true;
        x.then(singleAdded);
        readahead.single(x, index);
      } else {
        finish(x, -Errno.ENOMEM);
      }
    }

    private void singleAdded(Exec x) {
      int added = readahead.takeSingle();
      if (added != 0) {
        cache.put(added); // Its lock keeps it, or it is looked for again.
      }
      find(x);
    }

    /** {@code do_sync_mmap_readahead}. */
    private void syncReadahead(Exec x) {
      ReadaheadState ra = file.readahead();
      if (mapping.swapBacked() != null) {
        readahead.sync(x, file, index, 1); // Just a page, for which nobody is made to wait yet.
        return;
      }
      if (vma.advice() == ReadAdvice.RANDOM || ra.pagesMax == 0) {
        return;
      }
      if (vma.advice() == ReadAdvice.SEQUENTIAL) {
        readahead.sync(x, file, index, ra.pagesMax);
      } else if (ra.faultMiss(index)) {
        readahead.window(x, ra);
      }
    }

    private void found(Exec x) {
      // Whoever maps a folio wants it for good.
      cache.clearDropbehind(x, mapping, folio);
      x.then(lock);
      if (!triedReadahead) {
        asyncReadahead(x);
      }
    }

    /** {@code do_async_mmap_readahead}. */
    private void asyncReadahead(Exec x) {
      ReadaheadState ra = file.readahead();
      if (vma.advice() == ReadAdvice.RANDOM || ra.pagesMax == 0) {
        return;
      }
      if (!folios.test(folio, FolioFlag.LOCKED)) {
        ra.faultHits(1);
      }
      if (folios.test(folio, FolioFlag.READAHEAD)) {
        readahead.async(x, file, folio, ra.pagesMax);
      }
    }

    private void lock(Exec x) {
      x.then(locked);
      cache.lock(x, folio);
    }

    private void locked(Exec x) {
      if (cache.mappings().of(folio) != mapping) {
        // It left the page cache while its lock was waited for.
        triedReadahead = false;
        triedSingle = false;
        release(x);
        x.then(find);
      } else if (folios.test(folio, FolioFlag.UPTODATE)) {
        uptodate(x);
      } else if (triedRead) {
        release(x);
        finish(x, -Errno.EIO);
      } else {
        triedRead = true;
        x.then(lock);
        again.begin(mapping, folios.index(folio), folios.nrPages(folio), false).asReadFolio();
        mapping.operations().readahead(x, mapping, again);
      }
    }

    private void uptodate(Exec x) {
      if (!store) {
        cache.mapped().installAndLoad(x, vma, folio, index, false);
        release(x);
        finish(x, 0);
        return;
      }
      x.then(makeWritable);
      if (mapping.device().stableWrites()) {
        cache.waitWriteback(x, folio);
      }
    }

    private void makeWritable(Exec x) {
      pos = folios.index(folio) << MemorySettings.PAGE_SHIFT;
      long folioBytes = (long) folios.nrPages(folio) << MemorySettings.PAGE_SHIFT;
      bytes = (int) Math.min(folioBytes, mapping.sizeBytes() - pos);
      if (index << MemorySettings.PAGE_SHIFT >= mapping.sizeBytes()) {
        release(x);
        finish(x, -Errno.EIO); // It was truncated meanwhile.
        return;
      }
      x.setResult(0);
      x.then(begun);
      mapping.operations().writeBegin(x, mapping, folio, pos, bytes);
    }

    private void begun(Exec x) {
      if (x.result() < 0) {
        long result = x.result();
        release(x);
        finish(x, result);
        return;
      }
      x.then(ended);
      mapping.operations().writeEnd(x, mapping, folio, pos, bytes);
    }

    private void ended(Exec x) {
      cache.markStoredTo(x, folio); // fault_dirty_shared_page: dirty already, but for the marker.
      cache.mapped().installAndLoad(x, vma, folio, index, true);
      cache.traceLevel(x);
      release(x);
      x.then(balanced);
      if (mapping.swapBacked() == null && cache.writeback().mustBalance(x, mapping)) {
        cache.writeback().balanceDirtyPages(x, mapping, false);
      }
    }

    private void balanced(Exec x) {
      finish(x, 0);
    }

    private void release(Exec x) {
      cache.unlock(x, folio);
      cache.put(folio);
    }

    private void finish(Exec x, long result) {
      file = null;
      mapping = null;
      vma = null;
      x.setResult(result);
      faults.addLast(this);
    }
  }
}
