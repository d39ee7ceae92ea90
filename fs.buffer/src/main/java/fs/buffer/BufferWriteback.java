package fs.buffer;

import block.bio.BlkPlug;
import block.bio.ReqFlag;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import mm.core.writeback.FolioWriteback;
import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * One call of writepages under way ({@code blkdev_writepages}, {@code block_write_full_folio}):
 * walks the dirty folios and writes each dirty buffer with a bio of its own, under one plug.
 * Pooled.
 */
final class BufferWriteback {
  private static final int PAGE_SHIFT = 12;

  private final BufferIo io;
  private final PageCache cache;
  private final FolioStore folios;
  private final BufferHeads buffers;
  private final FolioWriteback walk;

  private AddressSpace mapping;
  private BlockMapper mapper;
  private WritebackControl wbc;
  private int reqFlags;

  // The folio that is being written, and the buffer of it that is looked at.
  private int folio;
  private int first;
  private int buffer;
  private int underway;
  private boolean redirtied;

  private final Step folioFound = this::folioFound;
  private final Step mapBuffers = this::mapBuffers;
  private final Step indirectRead = this::indirectRead;
  private final Step lockBuffers = this::lockBuffers;
  private final Step submitBuffers = this::submitBuffers;
  private final Step nextFolio = this::nextFolio;
  private final Step unplugged = this::unplugged;

  BufferWriteback(BufferIo io) {
    this.io = io;
    cache = io.cache();
    folios = cache.folios();
    buffers = io.buffers();
    walk = new FolioWriteback(cache);
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, AddressSpace target, BlockMapper blockMapper, WritebackControl control) {
    mapping = target;
    mapper = blockMapper;
    wbc = control;
    reqFlags =
        control.syncMode() == SyncMode.ALL
            ? ReqFlag.SYNC.mask()
            : control.forKupdate() || control.forBackground() ? ReqFlag.BACKGROUND.mask() : 0;
    BlkPlug.start(x);
    walk.begin(target, control);
    nextFolio(x);
  }

  private void nextFolio(Exec x) {
    x.then(folioFound);
    walk.next(x);
  }

  private void folioFound(Exec x) {
    folio = (int) x.result();
    if (folio == 0) {
      x.then(unplugged);
      BlkPlug.finish(x);
      return;
    }
    long pos = folios.index(folio) << PAGE_SHIFT;
    if (pos >= mapping.sizeBytes()) {
      cache.unlock(x, folio);
      nextFolio(x);
      return;
    }
    first = buffers.firstOf(folio);
    if (first == 0) {
      first = buffers.attach(folio);
      int end = first + buffers.countOf(folio);
      for (int b = first; b < end; b++) {
        buffers.set(b, BufferFlag.UPTODATE | BufferFlag.DIRTY);
      }
    }
    // Places, locks, bios.
    io.chargePasses(x, folio, 3);
    underway = 0;
    redirtied = false;
    buffer = first;
    mapBuffers(x);
  }

  private void unplugged(Exec x) {
    x.setResult(-walk.errno());
    io.free(this);
  }

  private long blockOf(int b) {
    return (folios.index(folio) << PAGE_SHIFT - io.blockShift()) + (b - first);
  }

  /** First pass: finds a place for each dirty buffer that has none. */
  private void mapBuffers(Exec x) {
    int end = first + buffers.countOf(folio);
    long lastBlock = mapping.sizeBytes() - 1 >> io.blockShift();
    for (; buffer < end; buffer++) {
      long block = blockOf(buffer);
      if (block > lastBlock) {
        // Behind the end of the file there is nothing to write.
        buffers.clear(buffer, BufferFlag.DIRTY);
        buffers.set(buffer, BufferFlag.UPTODATE);
        continue;
      }
      if (buffers.test(buffer, BufferFlag.MAPPED) || !buffers.test(buffer, BufferFlag.DIRTY)) {
        continue;
      }
      long deviceBlock = mapper.allocate(x, block);
      if (deviceBlock == BlockMapper.NOT_CACHED) {
        x.then(indirectRead);
        mapper.readIndirect(x, block);
        return;
      }
      if (deviceBlock == BlockMapper.HOLE) {
        failed(Errno.ENOSPC);
      } else {
        buffers.map(buffer, deviceBlock);
      }
    }
    buffer = first;
    lockBuffers(x);
  }

  private void indirectRead(Exec x) {
    if (x.result() != 0) {
      failed((int) -x.result());
      buffer++;
    }
    mapBuffers(x);
  }

  /** A buffer can't be written: the rest of the folio is, and the error is recorded. */
  private void failed(int errno) {
    buffers.clear(buffer, BufferFlag.DIRTY);
    cache.setMappingError(mapping, errno);
    walk.setErrno(errno);
  }

  /** Second pass: locks the dirty buffers, or leaves the folio dirty where that would wait. */
  private void lockBuffers(Exec x) {
    int end = first + buffers.countOf(folio);
    for (; buffer < end; buffer++) {
      if (!buffers.test(buffer, BufferFlag.MAPPED)) {
        continue;
      }
      if (!buffers.trylock(buffer)) {
        if (wbc.syncMode() == SyncMode.ALL) {
          x.then(lockBuffers);
          buffers.sleepForLock(x, buffer);
          return;
        }
        if (!redirtied) {
          redirtied = true;
          cache.redirtyForWritepage(x, folio);
          wbc.addSkipped(folios.nrPages(folio));
        }
        continue;
      }
      if (buffers.testClear(buffer, BufferFlag.DIRTY)) {
        buffers.set(buffer, BufferFlag.ASYNC_WRITE);
      } else {
        buffers.unlock(x, buffer);
      }
    }
    cache.startWriteback(x, folio);
    buffer = first;
    submitBuffers(x);
  }

  private void submitBuffers(Exec x) {
    int end = first + buffers.countOf(folio);
    while (buffer < end) {
      int submitted = buffer++;
      if (buffers.test(submitted, BufferFlag.ASYNC_WRITE)) {
        underway++;
        x.then(submitBuffers);
        io.submitWrite(x, submitted, reqFlags);
        return;
      }
    }
    cache.unlock(x, folio);
    if (underway > 0) {
      nextFolio(x);
      return;
    }
    // The buffers were clean or locked: nothing is under I/O, and the folio is not locked.
    x.then(nextFolio);
    cache.endWriteback(x, folio);
  }
}
