package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.BioOp;
import block.bio.BlkPlug;
import block.bio.ReqFlag;
import fs.buffer.BufferDontcache;
import fs.buffer.internal.jbd2.JournalHandle;
import java.util.Arrays;
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
 * One call of writepages under way ({@code ext4_do_writepages}): walks the dirty folios. Those
 * whose blocks have their places go into bios at once; of the others it locks as many as make one
 * extent of up to 2048 blocks, maps them in one go, and submits them. A bio goes on as long as its
 * blocks follow each other on the device. Pooled.
 *
 * <p>Simplified: the folio that ends such a run is locked already while the run is mapped.
 */
final class Ext4Writepages {
  private static final int PAGE_SHIFT = 12;

  /** {@code MAX_WRITEPAGES_EXTENT_LEN}. */
  private static final int EXTENT_BLOCKS_MAX = 2048;

  /**
   * {@code ext4_da_writepages_trans_blocks}: the tree's blocks, and a bitmap and a descriptor for
   * each group that it and the data may be in.
   */
  private static final int MAP_BLOCKS = 20;

  /** {@code ext4_chunk_trans_blocks} of a page, and one more. */
  private static final int CONVERSION_BLOCKS = 8;

  private final Ext4FileSystem fs;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final FolioWriteback walk;
  private final MappedBlocks blocks = new MappedBlocks();
  private final JournalHandle handle;

  private Ext4File file;
  private AddressSpace mapping;
  private ExtentStatus status;
  private int reqFlags;

  // Locked folios whose blocks make one extent that is to be mapped.
  private int[] run = new int[32];
  private int runFolios;
  private int runIndex;
  private BlockState runState;
  private long runBlock;
  private long runEndBlock;

  /** The folio that did not join it and comes next. */
  private int carried;

  /** What a run's bios end into; null for those that convert nothing. */
  private IoEnd ioEnd;

  private Bio bio;

  // The folio that is looked at or written.
  private int folio;
  private long folioBlock;
  private long folioEndBlock;
  private int state;

  /** Blocks of it that need a mapping: the first and the one behind the last of those alike. */
  private long neededBlock;

  private long neededEndBlock;
  private BlockState neededState;

  private long at;
  private long submittedBytes;

  private final Step nextFolio = this::nextFolio;
  private final Step folioFound = this::folioFound;
  private final Step placeCarried = this::placeCarried;
  private final Step startHandle = this::startHandle;
  private final Step log = this::log;
  private final Step lockToMap = this::lockToMap;
  private final Step mapLocked = this::mapLocked;
  private final Step mapped = this::mapped;
  private final Step writeRun = this::writeRun;
  private final Step writeBlocks = this::writeBlocks;
  private final Step writebackEnded = this::writebackEnded;
  private final Step runSubmitted = this::runSubmitted;
  private final Step unplug = this::unplug;
  private final Step finished = this::finished;

  Ext4Writepages(Ext4FileSystem fs) {
    this.fs = fs;
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
    walk = new FolioWriteback(cache);
    handle = fs.newHandle();
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, Ext4File target, WritebackControl wbc) {
    file = target;
    mapping = target.mapping();
    status = target.status();
    boolean sync = wbc.syncMode() == SyncMode.ALL;
    x.machine()
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.EXT4_WRITEPAGES,
            fs.device().number(),
            file.inode(),
            wbc.nrToWrite(),
            wbc.rangeStart(),
            wbc.rangeEnd(),
            wbc.syncMode().ordinal());
    reqFlags =
        sync
            ? ReqFlag.SYNC.mask()
            : wbc.forKupdate() || wbc.forBackground() ? ReqFlag.BACKGROUND.mask() : 0;
    runFolios = 0;
    ioEnd = null;
    bio = null;
    BlkPlug.start(x);
    walk.begin(mapping, wbc);
    nextFolio(x);
  }

  private void nextFolio(Exec x) {
    x.then(folioFound);
    walk.next(x);
  }

  private void folioFound(Exec x) {
    folio = (int) x.result();
    if (folio == 0) {
      if (runFolios > 0) {
        x.then(unplug);
        mapRun(x);
      } else {
        unplug(x);
      }
      return;
    }
    if (folios.index(folio) << PAGE_SHIFT >= mapping.sizeBytes()) {
      // A folio behind the end of the file is left alone: a truncation is about to take it.
      cache.unlock(x, folio);
      nextFolio(x);
      return;
    }
    place(x);
  }

  /** {@code mpage_process_page_bufs}: writes the folio that was found, or has it wait for a map. */
  private void place(Exec x) {
    look(folio);
    x.charge(Cost.BUFFER_SCAN, folios.nrPages(folio));
    boolean needsMap = neededState != null;
    if (runFolios > 0 && !(needsMap && joins())) {
      carried = folio;
      x.then(placeCarried);
      mapRun(x);
    } else if (!needsMap) {
      x.then(nextFolio);
      beginFolio(x);
    } else {
      join();
      nextFolio(x);
    }
  }

  private void placeCarried(Exec x) {
    folio = carried;
    place(x);
  }

  /** Finds the blocks of a folio that need a mapping; {@link #neededState} is null for none. */
  private void look(int of) {
    set(of);
    neededState = null;
    long next = folioBlock;
    while (next < folioEndBlock) {
      long first = nextDirty(next);
      long end = endDirty(first);
      while (first < end) {
        status.lookup(first, end, blocks);
        if (blocks.state == BlockState.DELAYED || blocks.state == BlockState.UNWRITTEN) {
          if (neededState == null) {
            neededState = blocks.state;
            neededBlock = first;
          }
          neededEndBlock = blocks.endBlock;
        }
        first = blocks.endBlock;
      }
      next = Math.max(end, next + 1);
    }
  }

  private void set(int of) {
    folio = of;
    folioBlock = folios.index(of);
    folioEndBlock =
        Math.min(folioBlock + folios.nrPages(of), Ext4File.blocksOf(mapping.sizeBytes()));
    state = states.perBlock(of) ? states.of(of) : 0;
  }

  private long nextDirty(long block) {
    return state == 0
        ? block
        : Math.min(folioEndBlock, folioBlock + states.nextDirty(state, (int) (block - folioBlock)));
  }

  private long endDirty(long block) {
    return state == 0 || block >= folioEndBlock
        ? folioEndBlock
        : Math.min(folioEndBlock, folioBlock + states.nextClean(state, (int) (block - folioBlock)));
  }

  /** {@code mpage_add_bh_to_extent}: whether the folio goes on where the run ends, and alike. */
  private boolean joins() {
    return neededBlock == runEndBlock
        && neededState == runState
        && neededEndBlock - runBlock <= EXTENT_BLOCKS_MAX;
  }

  private void join() {
    if (runFolios == 0) {
      runBlock = neededBlock;
      runState = neededState;
    } else if (runFolios == run.length) {
      run = Arrays.copyOf(run, runFolios * 2);
    }
    run[runFolios++] = folio;
    runEndBlock = neededEndBlock;
  }

  // A run: mapped, and written.

  /** {@code mpage_map_and_submit_extent}. */
  private void mapRun(Exec x) {
    // What needs no map is not held up by it.
    x.then(startHandle);
    submit(x);
  }

  /** A handle for the extent, and credits for the one that will convert it. */
  private void startHandle(Exec x) {
    boolean converts = fs.settings().dioread() == Dioread.NOLOCK;
    x.then(log);
    handle.start(x, MAP_BLOCKS, converts ? CONVERSION_BLOCKS : 0);
  }

  private void log(Exec x) {
    if (x.result() < 0) {
      giveUp(x);
      return;
    }
    fs.addAllocation(handle, fs.allocator().goal());
    x.then(lockToMap);
    file.logExtents(x, handle, runBlock);
  }

  /** The journal is aborted: what the run has is lost. */
  private void giveUp(Exec x) {
    cache.setMappingError(mapping, Errno.EIO);
    walk.setErrno(Errno.EIO);
    for (int i = 0; i < runFolios; i++) {
      set(run[i]);
      if (state != 0) {
        states.clearDirty(state);
      }
      cache.cancelDirty(x, mapping, folio);
      cache.unlock(x, folio);
    }
    runFolios = 0;
  }

  private void lockToMap(Exec x) {
    x.then(mapLocked);
    file.dataSem().lock(x);
  }

  private void mapLocked(Exec x) {
    ioEnd = fs.takeIoEnd(file);
    for (int i = 0; i < runFolios; i++) {
      mapFolio(x, run[i]);
    }
    x.then(mapped);
  }

  private void mapFolio(Exec x, int of) {
    set(of);
    for (long next = folioBlock; next < folioEndBlock; ) {
      long first = nextDirty(next);
      long end = endDirty(first);
      while (first < end) {
        status.lookup(first, end, blocks);
        first = mapBlocks(x);
      }
      next = Math.max(end, next + 1);
    }
  }

  /** Maps what {@link #blocks} found; the block to go on from. */
  private long mapBlocks(Exec x) {
    long first = blocks.block;
    long end = blocks.endBlock;
    if (blocks.state == BlockState.DELAYED) {
      end = file.allocate(x, first, end);
      if (end == first) {
        // Promised, and yet not there: the data is lost, as ext4 says in its log.
        cache.setMappingError(mapping, Errno.ENOSPC);
        walk.setErrno(Errno.ENOSPC);
        return blocks.endBlock;
      }
      blocks.state = status.state(first);
    } else if (blocks.state == BlockState.UNWRITTEN) {
      x.charge(Cost.BLOCK_MAP);
      if (fs.settings().dioread() == Dioread.LOCK) {
        // Written from here on, before its data is on the device.
        file.convert(x, first, end);
        blocks.state = BlockState.WRITTEN;
      }
    }
    if (blocks.state == BlockState.UNWRITTEN) {
      ioEnd.addExtent(first, end);
    }
    return end;
  }

  private void mapped(Exec x) {
    file.dataSem().unlock(x);
    if (ioEnd.extentCount() > 0) {
      ioEnd.reservedCredits = handle.takeReserved();
    }
    runIndex = 0;
    x.then(writeRun);
  }

  private void writeRun(Exec x) {
    if (runIndex == runFolios) {
      handle.stop(x);
      x.then(runSubmitted);
      submit(x);
      return;
    }
    x.then(writeRun);
    set(run[runIndex++]);
    beginFolio(x);
  }

  private void runSubmitted(Exec x) {
    IoEnd closed = ioEnd;
    ioEnd = null;
    runFolios = 0;
    closed.put(x);
  }

  // A folio.

  /** {@code ext4_bio_write_folio}. */
  private void beginFolio(Exec x) {
    submittedBytes = 0;
    at = folioBlock;
    if (states.perBlock(folio)) {
      if (state == 0) {
        state = states.attach(folio, folios.test(folio, FolioFlag.UPTODATE));
        states.setDirty(state, 0, folioEndBlock - folioBlock << PAGE_SHIFT);
      }
      // More than is submitted, so that bios which end early can't end the folio's writeback.
      states.addWritePending(state, folios.nrPages(folio) << PAGE_SHIFT);
    }
    // ext4_bio_write_folio goes through the ring twice.
    x.charge(Cost.BUFFER_SCAN, 2L * folios.nrPages(folio));
    cache.startWriteback(x, folio);
    writeBlocks(x);
  }

  /** Adds the rest of the folio's dirty blocks to bios; comes back here after each submission. */
  private void writeBlocks(Exec x) {
    while (at < folioEndBlock) {
      long first = nextDirty(at);
      long end = endDirty(first);
      if (first >= end) {
        break;
      }
      status.lookup(first, end, blocks);
      if (blocks.state.isOnDisk() && !add(x)) {
        return;
      }
      at = blocks.endBlock;
    }
    endFolio(x);
  }

  /**
   * {@code io_submit_add_bh}, of blocks that follow each other.
   *
   * @return false if the open bio has to be submitted first; {@link #writeBlocks} follows that
   */
  private boolean add(Exec x) {
    long sector = Ext4FileSystem.sector(blocks.diskBlock);
    int offsetBytes = (int) (blocks.block - folioBlock << PAGE_SHIFT);
    int bytes = (int) (blocks.count() << PAGE_SHIFT);
    if (bio != null && (bio.endSector() != sector || !bio.addFolio(folio, offsetBytes, bytes))) {
      x.then(writeBlocks);
      submit(x);
      return false;
    }
    if (bio == null) {
      bio = newBio(sector);
      bio.addFolio(folio, offsetBytes, bytes);
    }
    x.charge(Cost.BUFFER_ADD, blocks.count());
    if (fs.settings().dontcache() == BufferDontcache.BIO_MARKED
        && ioEnd == null
        && folios.test(folio, FolioFlag.DROPBEHIND)) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
    submittedBytes += bytes;
    return true;
  }

  private Bio newBio(long sector) {
    Bio fresh = fs.bios().alloc(BioOp.WRITE, Bio.VECTORS_MAX);
    fresh.setSector(sector);
    fresh.setReqFlags(reqFlags);
    if (ioEnd == null || ioEnd.extentCount() == 0) {
      fresh.setEndIo(fs.takeWriteEnd(handle.beginOrderedBio()));
    } else {
      ioEnd.get();
      fresh.setEndIo(ioEnd);
    }
    return fresh;
  }

  /** {@code ext4_io_submit}. */
  private void submit(Exec x) {
    Bio closed = bio;
    if (closed != null) {
      bio = null;
      fs.device().submitBio(x, closed);
    }
  }

  private void endFolio(Exec x) {
    boolean nothingUnderIo = submittedBytes == 0;
    if (state != 0) {
      states.clearDirty(state);
      long folioBytes = (long) folios.nrPages(folio) << PAGE_SHIFT;
      nothingUnderIo = states.addWritePending(state, submittedBytes - folioBytes) == 0;
    }
    if (nothingUnderIo) {
      // The folio is still locked, so dropbehind finds the lock taken and leaves it cached.
      x.then(writebackEnded);
      cache.endWriteback(x, folio);
      return;
    }
    cache.unlock(x, folio);
  }

  private void writebackEnded(Exec x) {
    cache.unlock(x, folio);
  }

  private void unplug(Exec x) {
    x.then(finished);
    x.then(BlkPlug::finish);
    submit(x);
  }

  private void finished(Exec x) {
    x.setResult(-walk.errno());
    fs.free(this);
  }
}
