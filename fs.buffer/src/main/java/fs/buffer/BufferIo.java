package fs.buffer;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioFlag;
import block.bio.BioOp;
import block.bio.BioPool;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import fs.buffer.internal.Pool;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * I/O of buffers: one bio each, and their end in whatever context the block layer calls it ({@code
 * submit_bh_wbc}, {@code bh_end_async_write}, {@code bh_end_async_read}). One for each device or
 * file system.
 */
final class BufferIo {
  private final PageCache cache;
  private final FolioStore folios;
  private final BlockDevice device;
  private final BufferSettings settings;
  private final BufferHeads buffers;
  private final int blockShift;
  private final int sectorShift;
  private final long scanNs;
  private final long bufferScanNs;
  private final long pageZeroNs;
  private final BioEndIo writeEnd = this::endAsyncWrite;
  private final BioEndIo readEnd = this::endAsyncRead;
  private final Pool<BufferWriteback> writebacks = new Pool<>(() -> new BufferWriteback(this));
  private final Pool<BufferReadahead> readaheads = new Pool<>(() -> new BufferReadahead(this));
  private final Pool<BufferReadahead.End> readEnds =
      new Pool<>(() -> new BufferReadahead.End(this));
  private final Pool<BufferWriteBegin> writeBegins = new Pool<>(() -> new BufferWriteBegin(this));
  private final Pool<BufferSync> syncs = new Pool<>(() -> new BufferSync(this));

  BufferIo(PageCache cache, BlockDevice device, BufferSettings settings) {
    this.cache = cache;
    this.folios = cache.folios();
    this.device = device;
    this.settings = settings;
    buffers = new BufferHeads(folios, settings.blockSizeBytes());
    blockShift = Integer.numberOfTrailingZeros(settings.blockSizeBytes());
    sectorShift = blockShift - 9;
    scanNs = cache.machine().costNs(Cost.SPINLOCK);
    bufferScanNs = cache.machine().costNs(Cost.BUFFER_SCAN);
    // Zeroing writes without reading: about half a copy.
    pageZeroNs = cache.machine().costNs(Cost.PAGE_COPY) / 2;
  }

  PageCache cache() {
    return cache;
  }

  BlockDevice device() {
    return device;
  }

  BufferSettings settings() {
    return settings;
  }

  BufferHeads buffers() {
    return buffers;
  }

  BioPool bios() {
    return device.layer().bios();
  }

  int blockShift() {
    return blockShift;
  }

  long sector(long block) {
    return block << sectorShift;
  }

  long zeroNs(int bytes) {
    return pageZeroNs * bytes >> 12;
  }

  /** Charges passes over all buffers of a large folio. */
  void chargePasses(Exec x, int folio, int passes) {
    x.charge(bufferScanNs * passes * buffers.furtherOf(folio));
  }

  // Writing.

  /**
   * {@code submit_bh_wbc} of a buffer that is locked, mapped and marked ASYNC_WRITE. Step function.
   *
   * @param reqFlags of the writeback it is part of
   */
  void submitWrite(Exec x, int buffer, int reqFlags) {
    x.charge(Cost.BUFFER_SUBMIT);
    int folio = buffers.folioOf(buffer);
    Bio bio = bioOf(BioOp.WRITE, buffer, folio);
    bio.setReqFlags(reqFlags);
    bio.setEndIo(writeEnd);
    if (settings.dontcache() == BufferDontcache.BIO_MARKED
        && folios.test(folio, FolioFlag.DROPBEHIND)) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
    device.submitBio(x, bio);
  }

  private Bio bioOf(BioOp op, int buffer, int folio) {
    Bio bio = bios().alloc(op, 1);
    bio.setSector(sector(buffers.block(buffer)));
    bio.addFolio(folio, buffers.offsetBytes(buffer), settings.blockSizeBytes());
    bio.setPrivateLong(buffer);
    return bio;
  }

  /** {@code bh_end_async_write}: the folio's last buffer ends its writeback, here. */
  private void endAsyncWrite(Exec x, Bio bio) {
    int buffer = (int) bio.privateLong();
    BlkStatus status = bio.status();
    bios().free(bio);
    x.charge(Cost.BUFFER_END);
    int folio = buffers.folioOf(buffer);
    if (status == BlkStatus.OK) {
      buffers.set(buffer, BufferFlag.UPTODATE);
    } else {
      cache.setMappingError(cache.mappings().of(folio), status.errno());
      buffers.set(buffer, BufferFlag.WRITE_EIO);
      buffers.clear(buffer, BufferFlag.UPTODATE);
    }
    if (isLast(x, folio, buffer, BufferFlag.ASYNC_WRITE)) {
      cache.endWriteback(x, folio);
    }
  }

  /** Takes the buffer out of the folio's I/O; true if none is left. */
  private boolean isLast(Exec x, int folio, int buffer, int flag) {
    int busy = buffers.nextWith(buffer, flag);
    long ns = scanNs;
    if (buffers.furtherOf(folio) > 0) {
      // The walk ends at the first that is busy.
      int count = buffers.countOf(folio);
      ns += bufferScanNs * (busy == buffer ? count : Math.floorMod(busy - buffer, count));
    }
    buffers.uptodateLock(folio).sectionIrqSave(x, ns);
    buffers.clear(buffer, flag);
    buffers.unlock(x, buffer);
    return busy == buffer;
  }

  // Reading.

  /** Submits the read of a buffer that is locked, mapped and marked ASYNC_READ. Step function. */
  void submitRead(Exec x, int buffer, int reqFlags) {
    x.charge(Cost.BUFFER_SUBMIT);
    Bio bio = bioOf(BioOp.READ, buffer, buffers.folioOf(buffer));
    bio.setReqFlags(reqFlags);
    bio.setEndIo(readEnd);
    device.submitBio(x, bio);
  }

  /** {@code bh_end_async_read}: the last buffer ends the folio's read; it is good if all are. */
  private void endAsyncRead(Exec x, Bio bio) {
    int buffer = (int) bio.privateLong();
    BlkStatus status = bio.status();
    bios().free(bio);
    x.charge(Cost.BUFFER_END);
    int folio = buffers.folioOf(buffer);
    if (status == BlkStatus.OK) {
      buffers.set(buffer, BufferFlag.UPTODATE);
    } else {
      buffers.clear(buffer, BufferFlag.UPTODATE);
    }
    if (isLast(x, folio, buffer, BufferFlag.ASYNC_READ)) {
      cache.endRead(x, folio, buffers.all(folio, BufferFlag.UPTODATE));
    }
  }

  // Calls under way.

  BufferWriteback takeWriteback() {
    return writebacks.take();
  }

  BufferReadahead takeReadahead() {
    return readaheads.take();
  }

  BufferReadahead.End takeReadEnd() {
    return readEnds.take();
  }

  BufferWriteBegin takeWriteBegin() {
    return writeBegins.take();
  }

  BufferSync takeSync() {
    return syncs.take();
  }

  /** Checks that every object of a call or an I/O is back in its pool, and no buffer busy. */
  void verifyIdle() {
    require("writepages calls", writebacks.inUse());
    require("readahead calls", readaheads.inUse());
    require("read bios", readEnds.inUse());
    require("write_begin calls", writeBegins.inUse());
    require("metadata blocks", syncs.inUse());
    buffers.verifyIdle();
  }

  private void require(String what, int inUse) {
    if (inUse != 0) {
      throw new IllegalStateException(
          "buffers of " + device + ": " + what + " in use are " + inUse + " when idle");
    }
  }

  void free(BufferWriteback writeback) {
    writebacks.give(writeback);
  }

  void free(BufferReadahead readahead) {
    readaheads.give(readahead);
  }

  void free(BufferReadahead.End end) {
    readEnds.give(end);
  }

  void free(BufferWriteBegin writeBegin) {
    writeBegins.give(writeBegin);
  }

  void free(BufferSync sync) {
    syncs.give(sync);
  }
}
