package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import mm.core.Errno;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * The preparation of one folio for a buffered write ({@code ext4_da_write_begin}, {@code
 * ext4_block_write_begin}): reserves space for blocks that have none, and reads what the write
 * leaves of its first and last block. Pooled.
 */
final class Ext4WriteBegin implements BioEndIo {
  private static final int PAGE_SHIFT = 12;
  private static final int BLOCK_BYTES = Ext4FileSystem.BLOCK_BYTES;

  private final Ext4FileSystem fs;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final MappedBlocks blocks = new MappedBlocks();

  private Ext4File file;
  private int folio;
  private long pos;
  private long endPos;

  /** Block of the file that is looked at, and the one behind the last. */
  private long at;

  private long endBlock;
  private int reads;
  private boolean readFailed;
  private Task waiter;

  private final Step reserveLocked = this::reserveLocked;
  private final Step reserved = this::reserved;
  private final Step fillBlocks = this::fillBlocks;
  private final Step awaitReads = this::awaitReads;

  Ext4WriteBegin(Ext4FileSystem fs) {
    this.fs = fs;
    folios = fs.cache().folios();
    states = fs.states();
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, Ext4File target, int lockedFolio, long from, int lengthBytes) {
    file = target;
    folio = lockedFolio;
    pos = from;
    endPos = from + lengthBytes;
    at = from >> PAGE_SHIFT;
    endBlock = Ext4File.blocksOf(endPos);
    reads = 0;
    readFailed = false;
    waiter = null;
    fs.cache().attachBuffers(x, lockedFolio);
    // The ring is gone through here, and once more at the write's end.
    x.charge(Cost.BUFFER_SCAN, 2L * folios.nrPages(lockedFolio));
    if (file.hasHole(at, endBlock)) {
      x.then(reserveLocked);
      file.dataSem().lock(x);
      return;
    }
    fill(x);
  }

  /** {@code ext4_da_get_block_prep}. */
  private void reserveLocked(Exec x) {
    x.charge(Cost.BLOCK_MAP);
    x.charge(Cost.BLOCK_RESERVE, endBlock - at);
    x.setResult(file.reserve(at, endBlock) ? 0 : -Errno.ENOSPC);
    x.then(reserved);
  }

  private void reserved(Exec x) {
    long result = x.result();
    file.dataSem().unlock(x);
    if (result < 0) {
      end(x, result);
      return;
    }
    fill(x);
  }

  private void fill(Exec x) {
    boolean whole = endPos - pos == (long) folios.nrPages(folio) << PAGE_SHIFT;
    if (whole) {
      end(x, 0);
      return;
    }
    boolean uptodate = folios.test(folio, FolioFlag.UPTODATE);
    if (states.perBlock(folio) && states.of(folio) == 0) {
      int state = states.attach(folio, uptodate);
      if (folios.test(folio, FolioFlag.DIRTY)) {
        states.setDirty(state, 0, (long) folios.nrPages(folio) << PAGE_SHIFT);
      }
    }
    if (uptodate) {
      end(x, 0);
      return;
    }
    fillBlocks(x);
  }

  /** Reads or zeroes the blocks that the write covers in part: the first and the last at most. */
  private void fillBlocks(Exec x) {
    while (at < endBlock) {
      long block = at++;
      long blockPos = block << PAGE_SHIFT;
      int offsetBytes = (int) (blockPos - (folios.index(folio) << PAGE_SHIFT));
      boolean covered = pos <= blockPos && endPos >= blockPos + BLOCK_BYTES;
      if (covered || isUptodate(offsetBytes)) {
        continue;
      }
      file.status().lookup(block, block + 1, blocks);
      if (blocks.state == BlockState.WRITTEN && blockPos < file.mapping().sizeBytes()) {
        x.then(fillBlocks);
        read(x, offsetBytes);
        return;
      }
      x.charge(fs.zeroNs(BLOCK_BYTES));
      setUptodate(offsetBytes);
    }
    awaitReads(x);
  }

  private boolean isUptodate(int offsetBytes) {
    int state = states.perBlock(folio) ? states.of(folio) : 0;
    return state != 0 && states.uptodate(state, offsetBytes >> PAGE_SHIFT);
  }

  private void setUptodate(int offsetBytes) {
    if (states.perBlock(folio)) {
      states.setUptodate(states.of(folio), offsetBytes, BLOCK_BYTES);
    }
  }

  /** {@code ext4_read_bh_lock}: one block, waited for with the others. */
  private void read(Exec x, int offsetBytes) {
    Bio bio = fs.bios().alloc(BioOp.READ, 1);
    bio.setSector(Ext4FileSystem.sector(blocks.diskBlock));
    bio.addFolio(folio, offsetBytes, BLOCK_BYTES);
    bio.setEndIo(this);
    reads++;
    fs.device().submitBio(x, bio);
  }

  @Override
  public void endIo(Exec x, Bio bio) {
    if (bio.status() == BlkStatus.OK) {
      setUptodate(bio.offsetBytes(0));
    } else {
      readFailed = true;
    }
    fs.bios().free(bio);
    x.charge(Cost.BUFFER_END);
    reads--;
    if (reads == 0 && waiter != null) {
      x.charge(Cost.WAKE);
      waiter.wake();
    }
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
    fs.free(this);
  }
}
