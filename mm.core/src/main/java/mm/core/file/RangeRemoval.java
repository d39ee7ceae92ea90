package mm.core.file;

import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.reclaim.MemorySettings;
import mm.core.reclaim.TaskEviction;
import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * Takes the folios of a range out of the page cache. Models {@code invalidate_mapping_pages},
 * {@code invalidate_inode_pages2_range} and {@code truncate_inode_pages_range}.
 *
 * <p>Of a large folio that is only partly in the range, {@code DONTNEED} keeps all and {@code
 * INVALIDATE} nothing; a truncation splits it ({@code truncate_inode_partial_folio}).
 */
final class RangeRemoval {
  /** What is removed, and what for. */
  enum Kind {
    /** What can be removed at once: clean, unmapped, unlocked. */
    DONTNEED,
    /** All, waiting for writeback; what has become dirty stays and is an error. */
    INVALIDATE,
    /** All, dirty or not. */
    TRUNCATE
  }

  private final FileCalls calls;
  private final PageCache cache;
  private final FolioStore folios;
  private final Step start = this::start;
  private final Step next = this::next;
  private final Step locked = this::locked;
  private final Step settled = this::settled;
  private final Step evicted = this::evicted;
  private final TaskEviction.Owner unmapped = (x, folio) -> remove(x);

  private Kind kind;
  private AddressSpace mapping;

  /** First page that goes, and the page of the first byte, which may be the one before. */
  private long first;

  private long firstByteIndex;
  private long index;
  private long last;
  private int folio;
  private TaskEviction eviction;
  private int error;

  RangeRemoval(FileCalls calls) {
    this.calls = calls;
    cache = calls.cache();
    folios = cache.folios();
  }

  RangeRemoval of(Kind what, AddressSpace whose) {
    kind = what;
    mapping = whose;
    error = 0;
    return this;
  }

  /** Names the start as a step, to run when what the caller does next has returned. */
  void beginLater(Exec x, long startByte, long endByte) {
    setRange(startByte, endByte);
    x.then(start);
  }

  void begin(Exec x, long startByte, long endByte) {
    setRange(startByte, endByte);
    next(x);
  }

  /** A partial page is truncated or dropped only if nothing of it has to stay. */
  private void setRange(long startByte, long endByte) {
    boolean whole = kind != Kind.INVALIDATE;
    long bytes = MemorySettings.PAGE_BYTES;
    firstByteIndex = startByte / bytes;
    first = firstByteIndex + (whole && startByte % bytes != 0 ? 1 : 0);
    index = first;
    last =
        endByte == Long.MAX_VALUE ? endByte : (whole ? (endByte + 1) / bytes - 1 : endByte / bytes);
  }

  private void start(Exec x) {
    next(x);
  }

  private void next(Exec x) {
    folio = mapping.pages().next(index, last);
    if (folio == 0) {
      cache.memory().workingset().forget(mapping, first, last);
      x.setResult(-error);
      mapping = null;
      calls.ended(this);
      return;
    }
    index = folios.index(folio) + folios.nrPages(folio);
    x.then(next);
    if (kind == Kind.DONTNEED && (isCut() || index - 1 > last)) {
      return;
    }
    folios.get(folio);
    if (kind != Kind.DONTNEED) {
      x.then(locked);
      cache.lock(x, folio);
    } else if (cache.trylock(folio)) {
      dropIfIdle(x);
    } else {
      cache.put(folio);
    }
  }

  /** Whether the folio begins before the range. */
  private boolean isCut() {
    return folios.index(folio) < first;
  }

  private void dropIfIdle(Exec x) {
    boolean busy = folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK) || folios.mapped(folio);
    if (!busy) {
      cache.invalidateFolio(x, mapping, folio);
    }
    release(x);
  }

  private void locked(Exec x) {
    if (cache.mappings().of(folio) != mapping) {
      release(x);
      return;
    }
    if (kind == Kind.TRUNCATE && isCut()) {
      // A look-up like any other without DONTCACHE.
      cache.clearDropbehind(x, mapping, folio);
    }
    x.then(settled);
    cache.waitWriteback(x, folio);
  }

  private void settled(Exec x) {
    if (folios.mapped(folio)) {
      eviction = cache.evictionSlot().acquire(unmapped);
      x.then(evicted);
      eviction.evictAlone(x, folio);
    } else {
      remove(x);
    }
  }

  private void evicted(Exec x) {
    cache.evictionSlot().release(eviction);
    eviction = null;
  }

  private void remove(Exec x) {
    if (kind == Kind.TRUNCATE && isCut() && !isCutOff(x)) {
      release(x);
      return;
    }
    if (kind == Kind.TRUNCATE) {
      cache.cancelDirty(x, mapping, folio);
    }
    if (!cache.invalidateFolio(x, mapping, folio)) {
      error = Errno.EBUSY;
    }
    release(x);
  }

  /**
   * {@code truncate_inode_partial_folio}: splits the folio, so that what is behind the end of the
   * file can go on its own. One that can't be split stays if it is dirty, and else goes whole.
   */
  private boolean isCutOff(Exec x) {
    if (cache.split(x, mapping, folio, firstByteIndex)) {
      index = first;
      return false;
    }
    return !folios.test(folio, FolioFlag.DIRTY);
  }

  private void release(Exec x) {
    cache.unlock(x, folio);
    cache.put(folio);
  }
}
