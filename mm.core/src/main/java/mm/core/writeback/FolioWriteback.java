package mm.core.writeback;

import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

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
 *   void folioFound(Exec x) {
 *     int folio = (int) x.result();
 *     if (folio == 0) { ...submit what is open, x.setResult(-walk.errno()); return; }
 *     x.then(folioFound) and so on
 *   }
 * </pre>
 */
public final class FolioWriteback {
  private final PageCache cache;

  /** Makes a walk that is not under way. */
  public FolioWriteback(PageCache cache) {
    this.cache = cache;
  }

  /** Starts a walk over the range of {@code wbc}. */
  public void begin(AddressSpace mapping, WritebackControl wbc) {
    throw new UnsupportedOperationException(cache.toString());
  }

  /**
   * Finds the next folio to write: a step function, whose result is a folio that is locked, no
   * longer dirty and not under writeback, in the order of their index; 0 when the walk is over. The
   * pages of the folio handed out before are taken off the budget. The caller starts writeback and
   * unlocks.
   */
  public void next(Exec x) {
    throw new UnsupportedOperationException();
  }

  /** Records that a folio could not be written; the walk goes on if data integrity asks for it. */
  public void setErrno(int errno) {
    throw new UnsupportedOperationException();
  }

  /** The first error recorded, above 0; 0 for none. */
  public int errno() {
    throw new UnsupportedOperationException();
  }
}
