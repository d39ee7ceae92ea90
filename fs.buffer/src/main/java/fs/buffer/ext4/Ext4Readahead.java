package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import mm.core.FolioBlockStates;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * One call of readahead under way ({@code ext4_mpage_readpages}): folios whose blocks follow each
 * other on the device share bios; a folio that is in pieces, or has blocks up to date already, is
 * read block by block ({@code block_read_full_folio}). Pooled.
 */
final class Ext4Readahead {
  private static final int PAGE_SHIFT = 12;

  private final Ext4FileSystem fs;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final MappedBlocks blocks = new MappedBlocks();

  private Ext4File file;
  private ReadaheadControl rac;
  private int reqFlags;
  private Bio bio;

  private int folio;
  private long folioBlock;

  /** The block behind the folio's last one that is in the file. */
  private long fileEndBlock;

  private int folioBytes;

  // A folio that is read block by block.
  private int state;
  private long at;
  private int submittedBytes;

  private final Step nextFolio = this::nextFolio;
  private final Step addFolio = this::addFolio;
  private final Step beginBlocks = this::beginBlocks;
  private final Step readBlocks = this::readBlocks;
  private final Step finished = this::finished;

  Ext4Readahead(Ext4FileSystem fs) {
    this.fs = fs;
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
  }

  /** Step function; result 0. */
  void begin(Exec x, Ext4File target, ReadaheadControl control) {
    file = target;
    rac = control;
    reqFlags = control.isReadFolio() ? 0 : ReqFlag.RAHEAD.mask();
    bio = null;
    nextFolio(x);
  }

  private void nextFolio(Exec x) {
    folio = rac.nextFolio();
    if (folio == 0) {
      x.then(finished);
      submit(x);
      return;
    }
    folioBlock = folios.index(folio);
    folioBytes = folios.nrPages(folio) << PAGE_SHIFT;
    long end = folioBlock + folios.nrPages(folio);
    fileEndBlock =
        Math.max(folioBlock, Math.min(end, Ext4File.blocksOf(file.mapping().sizeBytes())));
    state = states.perBlock(folio) ? states.of(folio) : 0;
    x.charge(Cost.BLOCK_MAP);
    if (state != 0 || !isContiguous()) {
      x.then(beginBlocks);
      submit(x);
    } else if (blocks.state != BlockState.WRITTEN) {
      x.charge(fs.zeroNs(folioBytes));
      x.then(nextFolio);
      cache.endRead(x, folio, true);
    } else {
      addFolio(x);
    }
  }

  /**
   * Whether the folio is one piece of the device, or has nothing at all to be read; fills {@link
   * #blocks} with the piece. What is behind the end of the file is zeroed.
   */
  private boolean isContiguous() {
    if (folioBlock == fileEndBlock) {
      blocks.state = BlockState.HOLE;
      return true;
    }
    file.status().lookup(folioBlock, fileEndBlock, blocks);
    if (blocks.state == BlockState.WRITTEN) {
      return blocks.endBlock == fileEndBlock;
    }
    for (long next = blocks.endBlock; next < fileEndBlock; next = blocks.endBlock) {
      file.status().lookup(next, fileEndBlock, blocks);
      if (blocks.state == BlockState.WRITTEN) {
        return false;
      }
    }
    return true;
  }

  private void addFolio(Exec x) {
    long sector = Ext4FileSystem.sector(blocks.diskBlock);
    int bytes = (int) (blocks.count() << PAGE_SHIFT);
    if (bio != null && (bio.endSector() != sector || !bio.addFolio(folio, 0, bytes))) {
      x.then(addFolio);
      submit(x);
      return;
    }
    if (bio == null) {
      bio = newBio(Bio.VECTORS_MAX, sector);
      bio.addFolio(folio, 0, bytes);
    }
    x.charge(fs.zeroNs(folioBytes - bytes));
    x.then(nextFolio);
  }

  private Bio newBio(int vectors, long sector) {
    Bio fresh = fs.bios().alloc(BioOp.READ, vectors);
    fresh.setSector(sector);
    fresh.setReqFlags(reqFlags);
    fresh.setEndIo(fs.takeReadEnd());
    return fresh;
  }

  private void submit(Exec x) {
    Bio closed = bio;
    if (closed != null) {
      bio = null;
      fs.device().submitBio(x, closed);
    }
  }

  /** {@code block_read_full_folio}. */
  private void beginBlocks(Exec x) {
    at = folioBlock;
    submittedBytes = 0;
    state = states.of(folio) != 0 ? states.of(folio) : states.attach(folio, false);
    // More than is submitted, so that bios which end early can't end the folio's read.
    states.addReadPending(state, folioBytes);
    readBlocks(x);
  }

  private void readBlocks(Exec x) {
    long end = folioBlock + folios.nrPages(folio);
    while (at < end) {
      long block = at++;
      int offset = (int) (block - folioBlock);
      if (states.uptodate(state, offset)) {
        continue;
      }
      file.status().lookup(block, block + 1, blocks);
      if (blocks.state == BlockState.WRITTEN && block < fileEndBlock) {
        x.charge(Cost.BUFFER_SUBMIT);
        Bio one = newBio(1, Ext4FileSystem.sector(blocks.diskBlock));
        one.addFolio(folio, offset << PAGE_SHIFT, Ext4FileSystem.BLOCK_BYTES);
        submittedBytes += Ext4FileSystem.BLOCK_BYTES;
        x.then(readBlocks);
        fs.device().submitBio(x, one);
        return;
      }
      x.charge(fs.zeroNs(Ext4FileSystem.BLOCK_BYTES));
      states.setUptodate(state, offset << PAGE_SHIFT, Ext4FileSystem.BLOCK_BYTES);
    }
    x.then(nextFolio);
    if (states.addReadPending(state, submittedBytes - folioBytes) == 0) {
      // Bios may have ended meanwhile, and not all of them well.
      cache.endRead(x, folio, states.isUptodate(state));
    }
  }

  private void finished(Exec x) {
    x.setResult(0);
    fs.free(this);
  }

  /** The end of a read bio ({@code mpage_end_io}, {@code end_buffer_async_read}). Pooled. */
  static final class End implements BioEndIo {
    private final Ext4FileSystem fs;
    private Bio bio;
    private int vector;
    private final Step endFolio = this::endFolio;

    End(Ext4FileSystem fs) {
      this.fs = fs;
    }

    @Override
    public void endIo(Exec x, Bio ended) {
      bio = ended;
      vector = 0;
      endFolio(x);
    }

    private void endFolio(Exec x) {
      if (vector == bio.vectorCount()) {
        fs.bios().free(bio);
        bio = null;
        fs.free(this);
        return;
      }
      x.then(endFolio);
      int folio = bio.folio(vector);
      int offsetBytes = bio.offsetBytes(vector);
      int bytes = bio.lengthBytes(vector);
      vector++;
      boolean ok = bio.status() == BlkStatus.OK;
      FolioBlockStates states = fs.states();
      int state = states.perBlock(folio) ? states.of(folio) : 0;
      if (state == 0) {
        fs.cache().endRead(x, folio, ok);
        return;
      }
      x.charge(Cost.BUFFER_END);
      if (ok) {
        states.setUptodate(state, offsetBytes, bytes);
      }
      if (states.addReadPending(state, -bytes) == 0) {
        fs.cache().endRead(x, folio, states.isUptodate(state));
      }
    }
  }
}
