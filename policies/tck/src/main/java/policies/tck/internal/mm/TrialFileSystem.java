package policies.tck.internal.mm;

import java.util.ArrayDeque;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import mm.core.writeback.FolioWriteback;
import sim.kernel.Exec;
import sim.kernel.Step;

/** A file system without blocks and without a device: the trial says when I/O ends. */
final class TrialFileSystem implements AddressSpaceOperations {
  /** Told of each folio that has been put under writeback. */
  @FunctionalInterface
  interface Device {
    /** A folio is under writeback. */
    void submitted(Exec x, int folio);
  }

  private final PageCache cache;
  private final Device device;
  private final ArrayDeque<Walk> walks = new ArrayDeque<>();
  private long written;

  TrialFileSystem(PageCache cache, Device device) {
    this.cache = cache;
    this.device = device;
  }

  /** Folios that have been put under writeback. */
  long written() {
    return written;
  }

  /** One call of writepages. */
  private final class Walk {
    private final FolioWriteback folios = new FolioWriteback(cache);
    private final Step found = this::found;

    void begin(Exec x, AddressSpace mapping, WritebackControl wbc) {
      folios.begin(mapping, wbc);
      x.then(found);
      folios.next(x);
    }

    private void found(Exec x) {
      int folio = (int) x.result();
      if (folio == 0) {
        walks.addLast(this);
        x.setResult(0);
        return;
      }
      written++;
      cache.startWriteback(x, folio);
      cache.unlock(x, folio);
      device.submitted(x, folio);
      x.then(found);
      folios.next(x);
    }
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    Walk walk = walks.pollLast();
    (walk == null ? new Walk() : walk).begin(x, mapping, wbc);
  }

  /** Every page reads as zeroes, at once. */
  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    int folio = rac.nextFolio();
    // Ends with the request, whose folios are limited.
    while (folio != 0) {
      cache.endRead(x, folio, true);
      folio = rac.nextFolio();
    }
    x.setResult(0);
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(0);
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

  @Override
  public boolean releaseFolio(Exec x, int folio) {
    return true;
  }

  @Override
  public boolean supportsDontcache() {
    return true;
  }
}
