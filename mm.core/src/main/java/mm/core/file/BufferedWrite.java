package mm.core.file;

import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * One write through the page cache. Models {@code iomap_file_buffered_write} or {@code
 * generic_perform_write} with the inode lock around it, and {@code generic_write_sync} after it.
 *
 * <p>All that a folio costs is charged in one step while it is locked, so that a long write is one
 * charge a folio.
 */
final class BufferedWrite {
  private static final int PAGE_BYTES = MemorySettings.PAGE_BYTES;

  private final FileCalls calls;
  private final PageCache cache;
  private final FolioStore folios;
  private final long lookupNs;
  private final long addNs;
  private final long addPageNs;
  private final long copyNs;
  private final long holdNs;
  private final Step inodeLocked = this::inodeLocked;
  private final Step timesUpdated = this::timesUpdated;
  private final Step nextFolio = this::nextFolio;
  private final Step reclaimed = this::reclaimed;
  private final Step folioLocked = this::folioLocked;
  private final Step prepare = this::prepare;
  private final Step begun = this::begun;
  private final Step ended = this::ended;
  private final Step balanced = this::balanced;
  private final Step synced = this::synced;
  private final Step answered = this::answered;

  private OpenFile file;
  private AddressSpace mapping;
  private Memcg memcg;
  private int flags;
  private boolean dontcache;
  private boolean nowait;
  private boolean locksInode;
  private long start;
  private long pos;
  private long left;
  private int error;

  private int folio;
  private int bytes;

  /** Largest order that the current folio may still be made with. */
  private int order;

  /** Whether memory was reclaimed for a folio of that order. */
  private boolean triedReclaim;

  /** Look-up and insertion of the current folio, to be charged with its copy. */
  private long folioNs;

  private boolean added;

  BufferedWrite(FileCalls calls) {
    this.calls = calls;
    cache = calls.cache();
    folios = cache.folios();
    lookupNs = cache.machine().costNs(Cost.FOLIO_LOOKUP);
    addNs = cache.machine().costNs(Cost.FOLIO_ADD);
    addPageNs = cache.machine().costNs(Cost.FOLIO_ADD_PAGE);
    copyNs = cache.machine().costNs(Cost.PAGE_COPY);
    holdNs = cache.machine().costNs(Cost.FOLIO_TREE_HOLD);
  }

  private boolean has(RwFlag flag) {
    return (flags & flag.mask()) != 0;
  }

  void begin(Exec x, OpenFile to, long at, long countBytes, RwFlags callFlags) {
    file = to;
    mapping = to.mapping();
    flags = callFlags.mask() | to.openFlags().mask();
    dontcache = has(RwFlag.DONTCACHE);
    nowait = has(RwFlag.NOWAIT);
    start = at;
    pos = at;
    left = countBytes;
    error = 0;
    locksInode = false;
    if (dontcache && !mapping.operations().supportsDontcache()
        || nowait && !mapping.operations().supportsNowaitWrites()) {
      error = Errno.EOPNOTSUPP;
    } else if (at < 0 || countBytes < 0) {
      error = Errno.EINVAL;
    }
    if (error != 0 || countBytes == 0) {
      finish(x, -error);
      return;
    }
    memcg = cache.memory().memcgOf(x.task());
    lockInode(x);
  }

  private void lockInode(Exec x) {
    if (mapping.sharedWrites()) {
      inodeLocked(x);
    } else if (!nowait) {
      locksInode = true;
      x.then(inodeLocked);
      mapping.inodeLock().lock(x);
    } else if (mapping.inodeLock().tryLock(x)) {
      locksInode = true;
      inodeLocked(x);
    } else {
      finish(x, -Errno.EAGAIN);
    }
  }

  private void inodeLocked(Exec x) {
    if (has(RwFlag.APPEND)) {
      start = mapping.sizeBytes();
      pos = start;
    }
    mapping.operations().writeStart(mapping);
    if (nowait) {
      // iomap_write_iter with BDP_ASYNC: a task that owes a pause may not even begin.
      balanceDirty(x);
    } else {
      x.then(timesUpdated);
      mapping.operations().updateTime(x, mapping);
    }
  }

  private void timesUpdated(Exec x) {
    if (x.result() < 0) {
      fail(x, (int) -x.result());
    } else {
      nextFolio(x);
    }
  }

  // One folio after the other.

  private void nextFolio(Exec x) {
    if (left == 0 || error != 0) {
      copied(x);
      return;
    }
    order =
        mapping.orderMax() == 0
            ? 0
            : FolioOrders.forWrite(
                mapping, pos, mapping.operations().writeSpan(mapping, pos, left));
    triedReclaim = false;
    findFolio(x);
  }

  /** {@code __filemap_get_folio}. */
  private void findFolio(Exec x) {
    long index = pos >> MemorySettings.PAGE_SHIFT;
    folioNs = lookupNs;
    added = false;
    folio = mapping.pages().load(index);
    if (folio == 0) {
      create(x, index);
      return;
    }
    folios.get(folio);
    if (cache.trylock(folio)) {
      folioLocked(x);
    } else if (nowait) {
      cache.put(folio);
      fail(x, Errno.EAGAIN);
    } else {
      x.then(folioLocked);
      cache.lock(x, folio);
    }
  }

  /** Makes a folio as large as the write, the folios around it and memory allow. */
  private void create(Exec x, long index) {
    order = FolioOrders.free(mapping, index, order);
    // Ends at the latest with a single page.
    while (!cache.memory().tryCharge(x, memcg, 1 << order)) {
      if (mayReclaim()) {
        reclaim(x);
        return;
      }
      if (order == 0) {
        fail(x, Errno.EAGAIN);
        return;
      }
      stepDown();
    }
    folio = cache.addFolioToWrite(x, mapping, index, order, memcg);
    if (dontcache) {
      folios.set(folio, FolioFlag.DROPBEHIND);
    }
    folioNs += addNs + addPageNs * ((1 << order) - 1);
    added = true;
    prepare(x);
  }

  /** A single page must be had; for more, memory is reclaimed once and where that has a chance. */
  private boolean mayReclaim() {
    boolean once = !triedReclaim && cache.memory().mayEnlarge(1 << order);
    return !nowait && (order == 0 || once);
  }

  private void reclaim(Exec x) {
    triedReclaim = true;
    x.then(reclaimed);
    if (order == 0) {
      cache.memory().reclaimFor(x, memcg, 1);
    } else {
      cache.memory().reclaimOnceFor(x, memcg, 1 << order);
    }
  }

  private void stepDown() {
    order--;
    triedReclaim = false;
  }

  private void reclaimed(Exec x) {
    if (x.result() >= 0) {
      findFolio(x);
    } else if (order > 0) {
      stepDown();
      findFolio(x);
    } else {
      fail(x, (int) -x.result());
    }
  }

  private void folioLocked(Exec x) {
    if (cache.mappings().of(folio) != mapping) {
      // It has left the page cache while the lock was waited for.
      release(x);
      x.then(nextFolio);
      return;
    }
    if (!dontcache) {
      cache.clearDropbehind(x, mapping, folio);
    }
    if (mapping.device().stableWrites()) {
      x.then(prepare);
      cache.waitWriteback(x, folio);
    } else {
      prepare(x);
    }
  }

  private void prepare(Exec x) {
    long end = (folios.index(folio) + folios.nrPages(folio)) << MemorySettings.PAGE_SHIFT;
    bytes = (int) Math.min(left, end - pos);
    x.setResult(0);
    x.then(begun);
    if (nowait) {
      mapping.operations().writeBeginNowait(x, mapping, folio, pos, bytes);
    } else {
      mapping.operations().writeBegin(x, mapping, folio, pos, bytes);
    }
  }

  private void begun(Exec x) {
    if (x.result() < 0) {
      release(x);
      fail(x, (int) -x.result());
      return;
    }
    x.charge(folioNs + (bytes == PAGE_BYTES ? copyNs : copyNs * bytes / PAGE_BYTES));
    long end = (folios.index(folio) + folios.nrPages(folio)) << MemorySettings.PAGE_SHIFT;
    x.charge(cache.memory().frames().copyNs(folio, bytes, pos + bytes == end));
    if (added) {
      mapping.treeLock().contendIrqSave(x, holdNs);
    }
    x.then(ended);
    mapping.operations().writeEnd(x, mapping, folio, pos, bytes);
  }

  private void ended(Exec x) {
    release(x);
    pos += bytes;
    left -= bytes;
    x.condResched();
    if (nowait && left == 0) {
      nextFolio(x);
    } else {
      balanceDirty(x);
    }
  }

  /** {@code balance_dirty_pages_ratelimited_flags}, and then the next folio. */
  private void balanceDirty(Exec x) {
    if (cache.writeback().mustBalance(x, mapping)) {
      x.then(balanced);
      cache.writeback().balanceDirtyPages(x, mapping, nowait);
    } else {
      nextFolio(x);
    }
  }

  private void balanced(Exec x) {
    if (x.result() < 0 && left > 0) {
      fail(x, (int) -x.result());
    } else {
      nextFolio(x);
    }
  }

  private void release(Exec x) {
    cache.unlock(x, folio);
    cache.put(folio);
  }

  private void fail(Exec x, int errno) {
    error = errno;
    copied(x);
  }

  // The end.

  private void copied(Exec x) {
    if (locksInode) {
      mapping.inodeLock().unlock(x);
      locksInode = false;
    }
    cache.traceLevel(x);
    long written = pos - start;
    x.setResult(0);
    if (written == 0) {
      finish(x, -error);
    } else if (has(RwFlag.SYNC) || has(RwFlag.DSYNC)) {
      x.then(synced);
      calls.fsync(x, file, start, pos - 1, !has(RwFlag.SYNC));
    } else if (dontcache) {
      x.then(answered);
      cache.writebackSlot().afterDontcacheWrite(x, mapping, start, written);
    } else {
      finish(x, written);
    }
  }

  private void answered(Exec x) {
    cache.writebackSlot().answered();
    finish(x, pos - start);
  }

  private void synced(Exec x) {
    boolean failed = x.result() < 0;
    finish(x, failed ? x.result() : pos - start);
  }

  private void finish(Exec x, long result) {
    file = null;
    mapping = null;
    memcg = null;
    calls.ended(this);
    x.setResult(result);
  }
}
