package fs.buffer;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** {@code def_blk_aops} and {@code ext2_aops}: address space operations of one inode. */
class BufferOperations implements AddressSpaceOperations {
  private static final int PAGE_SHIFT = 12;

  private final BufferIo io;
  private final BlockMapper mapper;
  private final PageCache cache;
  private final FolioStore folios;
  private final BufferHeads buffers;

  BufferOperations(BufferIo io, BlockMapper mapper) {
    this.io = io;
    this.mapper = mapper;
    cache = io.cache();
    folios = cache.folios();
    buffers = io.buffers();
  }

  @Override
  public final void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    io.takeWriteback().begin(x, mapping, mapper, wbc);
  }

  @Override
  public final void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    io.takeReadahead().begin(x, mapper, rac, mapping.sizeBytes());
  }

  @Override
  public final void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    io.chargePasses(x, folio, 1);
    if (buffers.firstOf(folio) != 0
        && (lengthBytes == folios.nrPages(folio) << PAGE_SHIFT
            || folios.test(folio, FolioFlag.UPTODATE))
        && buffers.all(folio, BufferFlag.MAPPED)) {
      x.setResult(0);
      return;
    }
    io.takeWriteBegin().begin(x, mapper, folio, pos, lengthBytes, mapping.sizeBytes());
  }

  /** {@code block_write_end}. */
  @Override
  public final void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    io.chargePasses(x, folio, 1);
    int from = (int) (pos - (folios.index(folio) << PAGE_SHIFT));
    int last = buffers.at(folio, from + copiedBytes - 1);
    for (int b = buffers.at(folio, from); b <= last; b++) {
      buffers.set(b, BufferFlag.UPTODATE | BufferFlag.DIRTY);
    }
    if (buffers.all(folio, BufferFlag.UPTODATE)) {
      cache.markUptodate(folio);
    }
    cache.markDirty(x, folio);
    mapping.extendTo(pos + copiedBytes);
  }

  /** {@code blkdev_fsync}. */
  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    io.device().flush(x);
  }

  /** {@code block_release_folio}. */
  @Override
  public final boolean releaseFolio(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.WRITEBACK)) {
      return false;
    }
    if (!folios.test(folio, FolioFlag.DIRTY)) {
      // A truncated folio's buffers are dirty for nobody any more: block_invalidate_folio.
      buffers.clearAll(folio, BufferFlag.DIRTY);
    }
    io.chargePasses(x, folio, 2);
    return buffers.tryToFree(folio);
  }

  @Override
  public final boolean supportsDontcache() {
    return io.settings().dontcache().supported();
  }
}
