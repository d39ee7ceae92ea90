package fs.iomap;

import block.bio.ReqFlag;
import fs.iomap.internal.log.LogReservation;
import fs.iomap.internal.log.LogTicket;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import mm.core.writeback.FolioWriteback;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * One call of writepages under way ({@code struct iomap_writepage_ctx}, {@code iomap_writepages}):
 * walks the dirty folios, maps their dirty blocks and builds ioends. Pooled by its file system.
 */
final class IomapWriteback {
  private static final int PAGE_SHIFT = 12;

  /** As {@code include/linux/iomap.h} numbers them. */
  private static final int IOMAP_MAPPED = 2;

  private static final int IOMAP_UNWRITTEN = 3;

  private final IomapFileSystem fs;
  private final IomapSettings settings;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final FolioWriteback walk;
  private final Iomap map = new Iomap();
  private final LogTicket ticket;

  private IomapFile file;
  private AddressSpace mapping;
  private int reqFlags;
  private Ioend ioend;

  // The folio that is being written.
  private int folio;
  private long folioPos;
  private int folioBytes;
  private int state;
  private long endOfFile;

  /** Byte of the file up to which the folio is done, and behind its last byte in the file. */
  private long pos;

  private long endPos;
  private int submittedBytes;

  private final Step folioFound = this::folioFound;
  private final Step writeFolio = this::writeFolio;
  private final Step spaceReserved = this::spaceReserved;
  private final Step mapLocked = this::mapLocked;
  private final Step mapped = this::mapped;
  private final Step writebackEnded = this::writebackEnded;
  private final Step finished = this::finished;

  IomapWriteback(IomapFileSystem fs) {
    this.fs = fs;
    settings = fs.settings();
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
    ticket = new LogTicket(fs.log());
    walk = new FolioWriteback(cache);
  }

  /** {@code iomap_writepages}. Step function; result 0 or a negative errno. */
  void begin(Exec x, IomapFile target, WritebackControl wbc) {
    file = target;
    mapping = target.mapping();
    boolean sync = wbc.syncMode() == SyncMode.ALL;
    reqFlags =
        sync
            ? ReqFlag.SYNC.mask()
            : wbc.forKupdate() || wbc.forBackground() ? ReqFlag.BACKGROUND.mask() : 0;
    ioend = null;
    map.invalidate();
    walk.begin(mapping, wbc);
    x.then(folioFound);
    walk.next(x);
  }

  private void folioFound(Exec x) {
    folio = (int) x.result();
    if (folio == 0) {
      x.then(finished);
      submitIoend(x, IoendEnd.LAST);
      return;
    }
    folioPos = folios.index(folio) << PAGE_SHIFT;
    folioBytes = folios.nrPages(folio) << PAGE_SHIFT;
    endOfFile = mapping.sizeBytes();
    x.then(folioFound);
    if (folioPos >= endOfFile) {
      // A folio behind the end of the file is left alone: a truncation is about to take it.
      cache.unlock(x, folio);
      walk.next(x);
      return;
    }
    beginFolio(x);
    writeFolio(x);
  }

  /** {@code iomap_writeback_folio}, up to its loop over dirty ranges. */
  private void beginFolio(Exec x) {
    pos = folioPos;
    endPos = Math.min(folioPos + folioBytes, endOfFile);
    submittedBytes = 0;
    state = 0;
    if (states.perBlock(folio)) {
      state = states.of(folio);
      if (state == 0) {
        state = states.attach(folio, folios.test(folio, FolioFlag.UPTODATE));
        states.setDirty(state, 0, endPos - folioPos);
      }
      // More than is submitted, so that bios which end early can't end the folio's writeback.
      states.addWritePending(state, folioBytes);
    }
    cache.startWriteback(x, folio);
  }

  /** Adds the rest of the folio's dirty ranges to ioends; comes back here after each wait. */
  private void writeFolio(Exec x) {
    while (pos < endPos) {
      long end = endPos;
      if (state != 0) {
        int block = states.nextDirty(state, (int) (pos - folioPos >> fs.blockShift()));
        int clean = states.nextClean(state, block);
        pos = Math.max(pos, folioPos + ((long) block << fs.blockShift()));
        end = Math.min(endPos, folioPos + ((long) clean << fs.blockShift()));
        if (pos >= end) {
          break;
        }
      }
      long block = pos >> fs.blockShift();
      if (map.version != file.data().version() || !map.covers(block)) {
        x.then(writeFolio);
        mapBlocks(x, block);
        return;
      }
      end = Math.min(end, map.endBlock == Long.MAX_VALUE ? end : map.endBlock << fs.blockShift());
      if (map.hasBlocks() && !addRange(x, block, (int) (end - pos))) {
        return;
      }
      pos = end;
    }
    endFolio(x);
  }

  /** {@code xfs_map_blocks}: an allocation has its log space before it takes the ilock. */
  private void mapBlocks(Exec x, long block) {
    boolean allocates = file.isDelalloc(block, map);
    map.invalidate();
    if (allocates) {
      x.then(spaceReserved);
      ticket.reserve(x, LogReservation.WRITE);
      return;
    }
    x.then(mapLocked);
    file.ilock().lock(x);
  }

  private void spaceReserved(Exec x) {
    if (x.result() < 0) {
      // Shut down: what is left of the folio is not written.
      cache.setMappingError(mapping, Errno.EIO);
      walk.setErrno(Errno.EIO);
      pos = endPos;
      return;
    }
    x.then(mapLocked);
    file.ilock().lock(x);
  }

  private void mapLocked(Exec x) {
    x.charge(Cost.BLOCK_MAP);
    x.then(mapped);
    long block = pos >> fs.blockShift();
    if (!ticket.isHeld() && file.isDelalloc(block, map)) {
      // Reserved while this task waited for the ilock: once more, with log space.
      map.invalidate();
    } else if (file.mapForWriteback(block, map)) {
      x.charge(Cost.BLOCK_ALLOC);
      file.logAllocation(x, ticket, block);
    } else if (ticket.isHeld()) {
      ticket.cancel(x);
    }
  }

  private void mapped(Exec x) {
    file.ilock().unlock(x);
  }

  /**
   * {@code iomap_add_to_ioend}: adds a range to the open ioend, or to a new one.
   *
   * @return false if the open ioend has to be submitted first; {@link #writeFolio} follows that
   */
  private boolean addRange(Exec x, long block, int lengthBytes) {
    // The last block is written whole; the clamp to the end of the file is in the ioend's size.
    int blockMask = settings.blockSizeBytes() - 1;
    int bytes = lengthBytes + blockMask & ~blockMask;
    long sector = map.diskBlock(block) << fs.blockShift() - Iomap.SECTOR_SHIFT;
    int kind = kind();
    if (ioend != null) {
      IoendEnd refusal = ioend.refusal(pos, bytes, sector, kind);
      if (refusal == IoendEnd.NONE) {
        if (ioend.add(folio, (int) (pos - folioPos), bytes, endOfFile)) {
          added(x, lengthBytes, bytes);
          return true;
        }
        refusal = IoendEnd.VECTORS;
      }
      x.then(writeFolio);
      submitIoend(x, refusal);
      return false;
    }
    x.charge(Cost.IOEND_BUILD);
    ioend = fs.newIoend(file, pos, sector, kind);
    ioend.bio.setReqFlags(reqFlags);
    ioend.add(folio, (int) (pos - folioPos), bytes, endOfFile);
    added(x, lengthBytes, bytes);
    return true;
  }

  private void added(Exec x, int lengthBytes, int bytes) {
    submittedBytes += bytes;
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.IOMAP_ADD_TO_IOEND,
            fs.device().number(),
            file.inode(),
            pos,
            lengthBytes,
            map.state == ExtentState.UNWRITTEN ? IOMAP_UNWRITTEN : IOMAP_MAPPED);
  }

  private int kind() {
    int kind = map.state == ExtentState.UNWRITTEN ? IoendFlag.UNWRITTEN : 0;
    if (map.shared) {
      kind |= IoendFlag.SHARED;
    }
    if (settings.dontcache().splitsIoends() && folios.test(folio, FolioFlag.DROPBEHIND)) {
      kind |= IoendFlag.DONTCACHE;
    }
    return kind;
  }

  private void submitIoend(Exec x, IoendEnd why) {
    Ioend closed = ioend;
    if (closed == null) {
      return;
    }
    ioend = null;
    fs.countIoend(why);
    if ((closed.flags & IoendFlag.SHARED) != 0) {
      // xfs_reflink_convert_cow: no transaction, a change of the fork in memory.
      x.charge(Cost.BLOCK_MAP);
    }
    closed.prepare();
    fs.device().submitBio(x, closed.bio);
  }

  /** {@code iomap_writeback_folio}, after its loop; then the walk goes on. */
  private void endFolio(Exec x) {
    boolean nothingUnderIo = submittedBytes == 0;
    if (state != 0) {
      states.clearDirty(state);
      nothingUnderIo = states.addWritePending(state, submittedBytes - folioBytes) == 0;
    }
    if (nothingUnderIo) {
      // The folio is still locked, so dropbehind finds the lock taken and leaves it cached.
      x.then(writebackEnded);
      cache.endWriteback(x, folio);
      return;
    }
    cache.unlock(x, folio);
    walk.next(x);
  }

  private void writebackEnded(Exec x) {
    cache.unlock(x, folio);
    walk.next(x);
  }

  private void finished(Exec x) {
    x.setResult(-walk.errno());
    fs.free(this);
  }
}
