package fs.buffer;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import mm.core.Errno;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * The preparation of one folio for a buffered write ({@code __block_write_begin}): maps or
 * allocates the blocks that will be written, and reads those that will be written in part. Pooled.
 */
final class BufferWriteBegin implements BioEndIo {
  private static final int PAGE_SHIFT = 12;

  private final BufferIo io;
  private final FolioStore folios;
  private final BufferHeads buffers;

  private BlockMapper mapper;
  private long sizeBytes;
  private int folio;
  private int first;

  /** Bytes of the folio that will be written. */
  private int fromByte;

  private int endByte;

  private int buffer;
  private int reads;
  private boolean readFailed;
  private Task waiter;

  private final Step mapBuffers = this::mapBuffers;
  private final Step indirectRead = this::indirectRead;
  private final Step awaitReads = this::awaitReads;

  BufferWriteBegin(BufferIo io) {
    this.io = io;
    folios = io.cache().folios();
    buffers = io.buffers();
  }

  /** Step function; result 0 or a negative errno. */
  void begin(
      Exec x, BlockMapper blockMapper, int lockedFolio, long pos, int lengthBytes, long fileBytes) {
    mapper = blockMapper;
    sizeBytes = fileBytes;
    folio = lockedFolio;
    fromByte = (int) (pos - (folios.index(folio) << PAGE_SHIFT));
    endByte = fromByte + lengthBytes;
    reads = 0;
    readFailed = false;
    waiter = null;
    first = buffers.firstOf(folio);
    if (first == 0) {
      first = buffers.attach(folio);
    }
    buffer = first + fromByte / io.settings().blockSizeBytes();
    mapBuffers(x);
  }

  private void mapBuffers(Exec x) {
    int blockBytes = io.settings().blockSizeBytes();
    int end = first + (endByte + blockBytes - 1) / blockBytes;
    while (buffer < end) {
      if (!buffers.test(buffer, BufferFlag.MAPPED)) {
        long block = (folios.index(folio) << PAGE_SHIFT - io.blockShift()) + (buffer - first);
        long before = mapper.map(x, block);
        long deviceBlock = before == BlockMapper.HOLE ? mapper.allocate(x, block) : before;
        if (deviceBlock == BlockMapper.NOT_CACHED) {
          x.then(indirectRead);
          mapper.readIndirect(x, block);
          return;
        }
        if (deviceBlock == BlockMapper.HOLE) {
          end(x, -Errno.ENOSPC);
          return;
        }
        buffers.map(buffer, deviceBlock);
        boolean fresh = before == BlockMapper.HOLE || block << io.blockShift() >= sizeBytes;
        if (fresh) {
          zeroAround(x);
        }
      }
      if (needsRead()) {
        int b = buffer++;
        x.then(mapBuffers);
        read(x, b);
        return;
      }
      buffer++;
    }
    awaitReads(x);
  }

  private boolean isCovered() {
    int offset = buffers.offsetBytes(buffer);
    return fromByte <= offset && endByte >= offset + io.settings().blockSizeBytes();
  }

  /** A new block has no content: what the write leaves of it is zero. */
  private void zeroAround(Exec x) {
    if (!isCovered()) {
      x.charge(io.zeroNs(io.settings().blockSizeBytes()));
      buffers.set(buffer, BufferFlag.UPTODATE);
    }
  }

  private boolean needsRead() {
    if (folios.test(folio, FolioFlag.UPTODATE)) {
      buffers.set(buffer, BufferFlag.UPTODATE);
    }
    return !buffers.test(buffer, BufferFlag.UPTODATE) && !isCovered();
  }

  private void read(Exec x, int b) {
    Bio bio = io.bios().alloc(BioOp.READ, 1);
    bio.setSector(io.sector(buffers.block(b)));
    bio.addFolio(folio, buffers.offsetBytes(b), io.settings().blockSizeBytes());
    bio.setPrivateLong(b);
    bio.set(ReqFlag.SYNC);
    bio.setEndIo(this);
    buffers.set(b, BufferFlag.LOCK);
    reads++;
    x.charge(Cost.BUFFER_SUBMIT);
    io.device().submitBio(x, bio);
  }

  /** {@code end_buffer_read_sync}. */
  @Override
  public void endIo(Exec x, Bio bio) {
    int b = (int) bio.privateLong();
    if (bio.status() == BlkStatus.OK) {
      buffers.set(b, BufferFlag.UPTODATE);
    } else {
      readFailed = true;
    }
    io.bios().free(bio);
    x.charge(Cost.BUFFER_END);
    buffers.unlock(x, b);
    reads--;
    if (reads == 0 && waiter != null) {
      x.charge(Cost.WAKE);
      waiter.wake();
    }
  }

  private void indirectRead(Exec x) {
    if (x.result() != 0) {
      end(x, x.result());
      return;
    }
    mapBuffers(x);
  }

  private void awaitReads(Exec x) {
    if (reads > 0) {
      waiter = x.task();
      x.then(awaitReads);
      x.mightSleep();
      x.block();
      return;
    }
    end(x, readFailed ? -Errno.EIO : 0);
  }

  private void end(Exec x, long result) {
    x.setResult(result);
    io.free(this);
  }
}
