package fs.buffer.ext4;

import mm.core.AddressSpace;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** {@code ext4_da_aops} of one file. */
final class Ext4Operations implements AddressSpaceOperations {
  private static final int PAGE_SHIFT = 12;

  private final Ext4FileSystem fs;
  private final Ext4File file;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;

  Ext4Operations(Ext4FileSystem fs, Ext4File file) {
    this.fs = fs;
    this.file = file;
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    fs.takeWritepages().begin(x, file, wbc);
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    fs.takeReadahead().begin(x, file, rac);
  }

  @Override
  public void updateTime(Exec x, AddressSpace mapping) {
    if (file.timesAreOld(x.machine().timers().jiffies())) {
      fs.takeTimesUpdate().begin(x, file);
    } else {
      x.setResult(0);
    }
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    fs.takeWriteBegin().begin(x, file, folio, pos, lengthBytes);
  }

  /** {@code ext4_da_write_end}. */
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
    file.touched(pos + copiedBytes > mapping.sizeBytes());
    mapping.extendTo(pos + copiedBytes);
  }

  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    fs.takeFsync().begin(x, file, dataOnly);
  }

  /** {@code ext4_release_folio}, {@code try_to_free_buffers}. */
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
