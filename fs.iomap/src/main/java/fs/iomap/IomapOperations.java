package fs.iomap;

import mm.core.AddressSpace;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** {@code xfs_address_space_operations} of one file. */
final class IomapOperations implements AddressSpaceOperations {
  private static final int PAGE_SHIFT = 12;

  private final IomapFileSystem fs;
  private final IomapFile file;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;

  IomapOperations(IomapFileSystem fs, IomapFile file) {
    this.fs = fs;
    this.file = file;
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    fs.takeWriteback().begin(x, file, wbc);
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    fs.takeReadahead().begin(x, file, rac);
  }

  @Override
  public void writeStart(AddressSpace mapping) {
    file.writeMap.invalidate();
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    if (IomapWriteBegin.isReady(file, folio, pos, lengthBytes)) {
      x.setResult(0);
      return;
    }
    fs.takeWriteBegin().begin(x, file, folio, pos, lengthBytes);
  }

  @Override
  public long writeSpan(AddressSpace mapping, long pos, long lengthBytes) {
    return file.writeSpan(pos, lengthBytes);
  }

  @Override
  public boolean supportsNowaitWrites() {
    return true;
  }

  /** With {@code IOMAP_NOWAIT}. */
  @Override
  public void writeBeginNowait(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    if (IomapWriteBegin.isReady(file, folio, pos, lengthBytes)) {
      x.setResult(0);
      return;
    }
    fs.takeWriteBegin().beginNowait(x, file, folio, pos, lengthBytes);
  }

  /** {@code __iomap_write_end}. */
  @Override
  public void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    int state = states.perBlock(folio) ? states.of(folio) : 0;
    if (state == 0) {
      cache.markUptodate(folio);
    } else {
      long offset = pos - (folios.index(folio) << PAGE_SHIFT);
      // Blocks that the range covers in part were filled by writeBegin.
      if (states.setUptodate(state, offset, copiedBytes)) {
        cache.markUptodate(folio);
      }
      states.setDirty(state, offset, copiedBytes);
    }
    cache.markDirty(x, folio);
    mapping.extendTo(pos + copiedBytes);
    file.touched();
  }

  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    fs.takeFsync().begin(x, file, dataOnly);
  }

  /** {@code iomap_release_folio}. */
  @Override
  public boolean releaseFolio(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.DIRTY_OR_WRITEBACK)) {
      return false;
    }
    states.detach(folio);
    return true;
  }

  @Override
  public boolean supportsDontcache() {
    return fs.settings().dontcache().supported();
  }
}
