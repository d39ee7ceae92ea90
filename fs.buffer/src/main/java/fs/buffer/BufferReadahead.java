package fs.buffer;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkPlug;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * One call of readahead under way ({@code mpage_readahead}): folios whose blocks are contiguous
 * share bios without buffer heads; any other folio is read buffer by buffer ({@code
 * block_read_full_folio}). Pooled.
 */
final class BufferReadahead {
  private static final int PAGE_BYTES = 4096;
  private static final int PAGE_SHIFT = 12;

  private final BufferIo io;
  private final PageCache cache;
  private final FolioStore folios;
  private final BufferHeads buffers;

  private BlockMapper mapper;
  private ReadaheadControl rac;
  private long sizeBytes;
  private Bio bio;

  private int folio;

  /** First block of the folio in the file, and how many of its blocks were looked up. */
  private long firstBlock;

  private int blocksMapped;

  /** Where the folio's blocks are on the device. */
  private long[] deviceBlocks;

  private int blockCount;
  private int folioBytes;

  private int buffer;

  private final Step nextFolio = this::nextFolio;
  private final Step mapBlocks = this::mapBlocks;
  private final Step addFolio = this::addFolio;
  private final Step readBuffers = this::readBuffers;
  private final Step submitBuffers = this::submitBuffers;
  private final Step submitted = this::submitted;
  private final Step unplugged = this::unplugged;

  BufferReadahead(BufferIo io) {
    this.io = io;
    cache = io.cache();
    folios = cache.folios();
    buffers = io.buffers();
    deviceBlocks = new long[PAGE_BYTES >> io.blockShift()];
  }

  /** Step function; result 0. */
  void begin(Exec x, BlockMapper blockMapper, ReadaheadControl control, long fileBytes) {
    mapper = blockMapper;
    rac = control;
    sizeBytes = fileBytes;
    bio = null;
    BlkPlug.start(x);
    nextFolio(x);
  }

  private void nextFolio(Exec x) {
    folio = rac.nextFolio();
    if (folio == 0) {
      x.then(submitted);
      submit(x);
      return;
    }
    firstBlock = folios.index(folio) << PAGE_SHIFT - io.blockShift();
    blocksMapped = 0;
    folioBytes = folios.nrPages(folio) << PAGE_SHIFT;
    blockCount = buffers.countOf(folio);
    if (blockCount > deviceBlocks.length) {
      deviceBlocks = new long[blockCount];
    }
    mapBlocks(x);
  }

  private void mapBlocks(Exec x) {
    while (blocksMapped < blockCount) {
      long block = firstBlock + blocksMapped;
      if (block << io.blockShift() >= sizeBytes) {
        deviceBlocks[blocksMapped++] = BlockMapper.HOLE;
        continue;
      }
      long deviceBlock = mapper.map(x, block);
      if (deviceBlock == BlockMapper.NOT_CACHED) {
        // A block that can't be found reads as a hole; the error is the indirect block's.
        x.then(mapBlocks);
        mapper.readIndirect(x, block);
        return;
      }
      deviceBlocks[blocksMapped++] = deviceBlock;
    }
    readFolio(x);
  }

  private void readFolio(Exec x) {
    if (buffers.firstOf(folio) != 0 || !isContiguous()) {
      x.then(readBuffers);
      submit(x);
      return;
    }
    if (deviceBlocks[0] == BlockMapper.HOLE) {
      x.charge(io.zeroNs(folioBytes));
      x.then(nextFolio);
      cache.endRead(x, folio, true);
      return;
    }
    addFolio(x);
  }

  /** Whether the folio is all hole, or one piece of the device; a tail of holes is zeroed. */
  private boolean isContiguous() {
    int mapped = 0;
    while (mapped < blockCount
        && deviceBlocks[mapped] != BlockMapper.HOLE
        && deviceBlocks[mapped] == deviceBlocks[0] + mapped) {
      mapped++;
    }
    for (int i = mapped; i < blockCount; i++) {
      if (deviceBlocks[i] != BlockMapper.HOLE) {
        return false;
      }
    }
    return true;
  }

  private void addFolio(Exec x) {
    int bytes = 0;
    while (bytes < folioBytes && deviceBlocks[bytes >> io.blockShift()] != BlockMapper.HOLE) {
      bytes += io.settings().blockSizeBytes();
    }
    long sector = io.sector(deviceBlocks[0]);
    if (bio != null && (bio.endSector() != sector || !bio.addFolio(folio, 0, bytes))) {
      x.then(addFolio);
      submit(x);
      return;
    }
    if (bio == null) {
      bio = io.bios().alloc(BioOp.READ, Bio.VECTORS_MAX);
      bio.setSector(sector);
      if (!rac.isReadFolio()) {
        bio.set(ReqFlag.RAHEAD);
      }
      bio.setEndIo(io.takeReadEnd());
      bio.addFolio(folio, 0, bytes);
    }
    x.charge(io.zeroNs(folioBytes - bytes));
    x.then(nextFolio);
  }

  private void submit(Exec x) {
    Bio closed = bio;
    if (closed != null) {
      bio = null;
      io.device().submitBio(x, closed);
    }
  }

  /** {@code block_read_full_folio}. */
  private void readBuffers(Exec x) {
    int first = buffers.firstOf(folio) != 0 ? buffers.firstOf(folio) : buffers.attach(folio);
    // What has to be read, locks, bios.
    io.chargePasses(x, folio, 3);
    boolean any = false;
    for (int i = 0; i < blockCount; i++) {
      int b = first + i;
      if (buffers.test(b, BufferFlag.UPTODATE)) {
        continue;
      }
      if (deviceBlocks[i] == BlockMapper.HOLE) {
        x.charge(io.zeroNs(io.settings().blockSizeBytes()));
        buffers.set(b, BufferFlag.UPTODATE);
        continue;
      }
      buffers.map(b, deviceBlocks[i]);
      // The folio is locked and not up to date, so nobody else has its buffers under I/O.
      buffers.set(b, BufferFlag.LOCK | BufferFlag.ASYNC_READ);
      any = true;
    }
    x.then(nextFolio);
    if (!any) {
      cache.endRead(x, folio, true);
      return;
    }
    buffer = first;
    submitBuffers(x);
  }

  private void submitBuffers(Exec x) {
    int end = buffers.firstOf(folio) + blockCount;
    while (buffer < end) {
      int b = buffer++;
      if (buffers.test(b, BufferFlag.ASYNC_READ)) {
        if (buffer < end) {
          x.then(submitBuffers);
        }
        io.submitRead(x, b, ReqFlag.RAHEAD.mask());
        return;
      }
    }
  }

  private void submitted(Exec x) {
    x.then(unplugged);
    BlkPlug.finish(x);
  }

  private void unplugged(Exec x) {
    x.setResult(0);
    io.free(this);
  }

  /** The end of a read bio without buffers ({@code mpage_read_end_io}); a folio a step. Pooled. */
  static final class End implements BioEndIo {
    private final BufferIo io;
    private Bio bio;
    private int vector;
    private final Step endFolio = this::endFolio;

    End(BufferIo io) {
      this.io = io;
    }

    @Override
    public void endIo(Exec x, Bio ended) {
      bio = ended;
      vector = 0;
      endFolio(x);
    }

    private void endFolio(Exec x) {
      if (vector == bio.vectorCount()) {
        io.bios().free(bio);
        bio = null;
        io.free(this);
        return;
      }
      x.then(endFolio);
      int folio = bio.folio(vector++);
      io.cache().endRead(x, folio, bio.status() == BlkStatus.OK);
    }
  }
}
