package mm.core.writeback;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.PageMark;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Walks the folios that one {@code writepages} call has to write. Models {@code writeback_iter}.
 *
 * <p>A file system keeps one for each call in progress, and uses it so:
 *
 * <pre>
 *   void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
 *     walk.begin(mapping, wbc);
 *     x.then(folioFound);
 *     walk.next(x);
 *   }
 *
 *   void folioFound(Exec x) {
 *     int folio = (int) x.result();
 *     if (folio == 0) { ...submit what is open, x.setResult(-walk.errno()); return; }
 *     cache.startWriteback(x, folio);
 *     ...add it to a bio...
 *     cache.unlock(x, folio);
 *     x.then(folioFound);
 *     walk.next(x);
 *   }
 * </pre>
 */
public final class FolioWriteback {
  private final PageCache cache;
  private final FolioStore folios;
  private final Step locked = this::locked;
  private final Step clean = this::clean;
  private final InodeOwner owner = new InodeOwner();

  private AddressSpace mapping;
  private WritebackControl wbc;
  private PageMark mark;
  private long index;
  private long last;

  /** The folio handed out last, or being waited for; 0 at first. */
  private int folio;

  private int pagesHandedOut;
  private int errno;

  /** Makes a walk that is not under way. */
  public FolioWriteback(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
  }

  /** Starts a walk over the range of {@code wbc}. */
  public void begin(AddressSpace of, WritebackControl control) {
    mapping = of;
    wbc = control;
    folio = 0;
    errno = 0;
    owner.attach(mapping.inode());
    if (wbc.rangeCyclic()) {
      index = mapping.writebackIndex();
      last = Long.MAX_VALUE;
    } else {
      index = wbc.rangeStart() >> MemorySettings.PAGE_SHIFT;
      last = wbc.rangeEnd() >> MemorySettings.PAGE_SHIFT;
    }
    mark = PageMark.DIRTY;
    if (wbc.syncMode() == SyncMode.ALL || wbc.taggedWritepages()) {
      // What becomes dirty from now on is not chased.
      mapping.pages().tagForWriteback(index, last);
      mark = PageMark.TOWRITE;
    }
  }

  /**
   * Finds the next folio to write: a step function, whose result is a folio that is locked, no
   * longer dirty and not under writeback, in the order of their index; 0 when the walk is over. The
   * pages of the folio handed out before are taken off the budget. The caller starts writeback and
   * unlocks. Charges {@link Cost#FOLIO_WRITEBACK} for each folio handed out, which is the page
   * cache's and the file system's share of its submission; bios are on top.
   */
  public void next(Exec x) {
    if (folio != 0) {
      wbc.subtract(pagesHandedOut);
      boolean stop = errno != 0 || wbc.nrToWrite() <= 0;
      if (stop && wbc.syncMode() == SyncMode.NONE) {
        end(x, index);
        return;
      }
    }
    find(x);
  }

  private void end(Exec x, long cyclicIndex) {
    if (wbc.rangeCyclic()) {
      mapping.setWritebackIndex(cyclicIndex);
    }
    cache.writeback().foundOwner(x, mapping, owner.detach());
    folio = 0;
    mapping = null;
    cache.traceLevel(x);
    x.setResult(0);
  }

  private void find(Exec x) {
    // Ends because each turn moves the index behind the folio it looked at.
    while (true) {
      int found = mapping.pages().nextMarked(mark, index, last);
      if (found == 0) {
        end(x, 0);
        return;
      }
      folio = found;
      index = folios.index(found) + folios.nrPages(found);
      if (!cache.trylock(found)) {
        folios.get(found);
        x.then(locked);
        cache.lock(x, found);
        return;
      }
      if (prepare(x)) {
        return;
      }
    }
  }

  /** The lock had to be waited for; the folio may be anything by now. */
  private void locked(Exec x) {
    int held = folio;
    boolean goesOn = prepare(x);
    cache.put(held);
    if (!goesOn) {
      find(x);
    }
  }

  /**
   * {@code folio_prepare_writeback}: looks whether the locked folio is still to be written.
   *
   * @return whether the walk goes on later: it was handed out, or is waited for
   */
  private boolean prepare(Exec x) {
    boolean stillThere = cache.mappings().of(folio) == mapping;
    if (!stillThere || !folios.test(folio, FolioFlag.DIRTY)) {
      cache.unlock(x, folio);
      return false;
    }
    if (folios.test(folio, FolioFlag.WRITEBACK)) {
      if (wbc.syncMode() == SyncMode.NONE) {
        cache.unlock(x, folio);
        return false;
      }
      x.then(clean);
      cache.waitWriteback(x, folio);
      return true;
    }
    handOut(x);
    return true;
  }

  /** Its writeback has ended; the lock has kept it dirty and in place. */
  private void clean(Exec x) {
    handOut(x);
  }

  private void handOut(Exec x) {
    cache.clearDirtyForIo(x, folio);
    pagesHandedOut = folios.nrPages(folio);
    owner.account(folios.memcg(folio), pagesHandedOut);
    x.charge(Cost.FOLIO_WRITEBACK);
    x.setResult(folio);
  }

  /** Records that a folio could not be written; only data integrity walks on then. */
  public void setErrno(int error) {
    if (errno == 0) {
      errno = error;
    }
  }

  /** The first error recorded, above 0; 0 for none. */
  public int errno() {
    return errno;
  }
}
