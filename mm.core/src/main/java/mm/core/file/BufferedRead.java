package mm.core.file;

import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioBatch;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * One read through the page cache. Models {@code filemap_read} and {@code filemap_get_pages}: up to
 * 31 folios are found, waited for and copied together, and then let go, or dropped.
 */
final class BufferedRead {
  private static final int PAGE_BYTES = MemorySettings.PAGE_BYTES;

  private final FileCalls calls;
  private final PageCache cache;
  private final FolioStore folios;
  private final Readahead readahead;
  private final ReadaheadControl single;
  private final FolioBatch batch = new FolioBatch();
  private final Step nextBatch = this::nextBatch;
  private final Step readAhead = this::readAhead;
  private final Step created = this::created;
  private final Step createdRead = this::createdRead;
  private final Step updateLast = this::updateLast;
  private final Step lastWaited = this::lastWaited;
  private final Step lastSubmitted = this::lastSubmitted;
  private final Step lastRead = this::lastRead;
  private final Step releaseNext = this::releaseNext;

  private OpenFile file;
  private AddressSpace mapping;
  private boolean nowait;
  private long start;
  private long pos;
  private long left;

  /** Where the file was read last; the file hears of this call's end only when it has come. */
  private long lastPos;

  private int error;
  private int released;

  BufferedRead(FileCalls calls) {
    this.calls = calls;
    cache = calls.cache();
    folios = cache.folios();
    readahead = new Readahead(cache);
    single = new ReadaheadControl(folios);
  }

  void begin(Exec x, OpenFile from, long at, long countBytes, RwFlags callFlags) {
    file = from;
    mapping = from.mapping();
    int flags = callFlags.mask() | from.openFlags().mask();
    boolean dontcache = (flags & RwFlag.DONTCACHE.mask()) != 0;
    nowait = (flags & RwFlag.NOWAIT.mask()) != 0;
    start = at;
    pos = at;
    lastPos = from.readahead().previousPos;
    left = Math.max(0, Math.min(countBytes, mapping.sizeBytes() - at));
    error = 0;
    if (dontcache && !mapping.operations().supportsDontcache()) {
      error = Errno.EOPNOTSUPP;
    } else if (at < 0 || countBytes < 0) {
      error = Errno.EINVAL;
    }
    readahead.set(mapping, cache.memory().memcgOf(x.task()), dontcache);
    nextBatch(x);
  }

  private long index() {
    return pos >> MemorySettings.PAGE_SHIFT;
  }

  private long lastIndex() {
    return pos + left - 1 >> MemorySettings.PAGE_SHIFT;
  }

  private void nextBatch(Exec x) {
    // The file may have been truncated since the last batch.
    left = Math.min(left, mapping.sizeBytes() - pos);
    if (left <= 0 || error != 0) {
      finish(x);
      return;
    }
    getPages(x);
  }

  /** {@code filemap_get_pages}. */
  private void getPages(Exec x) {
    if (collect()) {
      haveBatch(x);
    } else {
      // With NOWAIT too: whoever comes back later finds it read.
      x.then(readAhead);
      readahead.sync(x, file, index(), lastIndex() - index() + 1);
    }
  }

  /** After the first attempt of readahead, which may have brought nothing. */
  private void readAhead(Exec x) {
    if (collect()) {
      haveBatch(x);
    } else if (nowait) {
      error = Errno.EAGAIN;
      finish(x);
    } else {
      x.then(created);
      readahead.single(x, index());
    }
  }

  /** {@code filemap_create_folio}: a folio that this reader alone has asked for. */
  private void created(Exec x) {
    int folio = readahead.takeSingle();
    if (folio != 0) {
      batch.add(folio);
      x.then(createdRead);
      cache.waitUnlocked(x, folio);
    } else if (readahead.outOfMemory()) {
      error = Errno.ENOMEM;
      finish(x);
    } else {
      // Somebody else has added it meanwhile.
      nextBatch(x);
    }
  }

  private void createdRead(Exec x) {
    if (folios.test(lastFolio(), FolioFlag.UPTODATE)) {
      copy(x);
    } else {
      failed(x);
    }
  }

  /**
   * Finds folios without a hole, up to the first that has to be waited for or carries the marker.
   * Models {@code filemap_get_read_batch}.
   */
  private boolean collect() {
    batch.reinit();
    long index = index();
    long last = lastIndex();
    while (index <= last && batch.space() > 0) {
      int folio = mapping.pages().load(index);
      if (folio == 0 || !folios.tryGet(folio)) {
        break;
      }
      batch.add(folio);
      if (!folios.test(folio, FolioFlag.UPTODATE) || folios.test(folio, FolioFlag.READAHEAD)) {
        break;
      }
      index = folios.index(folio) + folios.nrPages(folio);
    }
    return batch.count() > 0;
  }

  private int lastFolio() {
    return batch.get(batch.count() - 1);
  }

  private void haveBatch(Exec x) {
    int folio = lastFolio();
    x.then(updateLast);
    if (folios.test(folio, FolioFlag.READAHEAD)) {
      readahead.async(x, file, folio, lastIndex() + 1 - folios.index(folio));
    }
  }

  // The last folio, which may not be up to date: filemap_update_page.

  private void updateLast(Exec x) {
    int folio = lastFolio();
    if (folios.test(folio, FolioFlag.UPTODATE)) {
      copy(x);
    } else if (nowait) {
      withoutLast(x, Errno.EAGAIN);
    } else if (!cache.trylock(folio)) {
      // Mostly the read that readahead has submitted.
      x.then(lastWaited);
      cache.waitUnlocked(x, folio);
    } else if (cache.mappings().of(folio) != mapping) {
      cache.unlock(x, folio);
      lastWaited(x);
    } else {
      // A read has failed: read it here.
      x.then(lastSubmitted);
      single.begin(mapping, folios.index(folio), folios.nrPages(folio), false).asReadFolio();
      mapping.operations().readahead(x, mapping, single);
    }
  }

  private void lastSubmitted(Exec x) {
    x.then(lastRead);
    cache.waitUnlocked(x, lastFolio());
  }

  private void lastRead(Exec x) {
    if (folios.test(lastFolio(), FolioFlag.UPTODATE)) {
      copy(x);
    } else {
      failed(x);
    }
  }

  private void failed(Exec x) {
    file.readahead().readFailed();
    withoutLast(x, Errno.EIO);
  }

  /** Whatever has become of it, it has to be looked up again. */
  private void lastWaited(Exec x) {
    withoutLast(x, 0);
  }

  /**
   * Lets the last folio go: what comes before it is copied, and only if that is nothing, the call
   * fails, or looks again.
   */
  private void withoutLast(Exec x, int errno) {
    cache.put(batch.removeLast());
    if (batch.count() > 0) {
      copy(x);
      return;
    }
    error = errno;
    if (errno == 0) {
      getPages(x);
    } else {
      finish(x);
    }
  }

  // Copying and letting go.

  private void copy(Exec x) {
    int folio = lastFolio();
    long end = (folios.index(folio) + folios.nrPages(folio)) << MemorySettings.PAGE_SHIFT;
    long bytes = Math.min(left, end - pos);
    x.charge(Cost.FOLIO_LOOKUP, batch.count());
    x.charge(cache.machine().costNs(Cost.PAGE_COPY) * bytes / PAGE_BYTES);
    touch(x, bytes);
    markAccessed();
    pos += bytes;
    left -= bytes;
    lastPos = pos;
    release(x);
  }

  /** Folios of untouched frames are paid for as far as they are copied. */
  private void touch(Exec x, long bytes) {
    if (!cache.memory().frames().countsTouches()) {
      return;
    }
    long at = pos;
    for (int i = 0; i < batch.count(); i++) {
      int folio = batch.get(i);
      long end = (folios.index(folio) + folios.nrPages(folio)) << MemorySettings.PAGE_SHIFT;
      long upTo = Math.min(end, pos + bytes);
      x.charge(cache.memory().frames().copyNs(folio, upTo - at, upTo == end));
      at = upTo;
    }
  }

  /** A folio that is read piece by piece counts as used once. */
  private void markAccessed() {
    for (int i = 0; i < batch.count(); i++) {
      int folio = batch.get(i);
      if (i > 0 || !wasReadLast(folio)) {
        cache.markAccessed(folio);
      }
    }
  }

  /** {@code pos_same_folio}: whether the bytes before these were in the same folio. */
  private boolean wasReadLast(int folio) {
    int shift = MemorySettings.PAGE_SHIFT + folios.order(folio);
    return pos >> shift == lastPos - 1 >> shift;
  }

  private void release(Exec x) {
    released = 0;
    x.then(releaseNext);
  }

  private void releaseNext(Exec x) {
    while (released < batch.count()) {
      int folio = batch.get(released++);
      // Looks at the folio only: a plain read prunes what a DONTCACHE read has brought.
      if (folios.test(folio, FolioFlag.DROPBEHIND) && folios.test(folio, FolioFlag.UPTODATE)) {
        x.then(releaseNext);
        cache.endDropbehindRead(x, folio);
        return;
      }
      cache.put(folio);
    }
    x.condResched();
    x.then(nextBatch);
  }

  private void finish(Exec x) {
    cache.traceLevel(x);
    long read = pos - start;
    x.setResult(read > 0 ? read : -error);
    file.readahead().previousPos = lastPos;
    file = null;
    mapping = null;
    calls.ended(this);
  }
}
