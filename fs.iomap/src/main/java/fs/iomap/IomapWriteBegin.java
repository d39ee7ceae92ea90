package fs.iomap;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.ReqFlag;
import mm.core.Errno;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * The preparation of one folio for a buffered write that needs more than a look: a mapping, a
 * reservation, or a read of what the write leaves of its first and last block ({@code
 * iomap_write_begin}, {@code __iomap_write_begin}). Pooled.
 */
final class IomapWriteBegin implements BioEndIo {
  private static final int PAGE_SHIFT = 12;

  private final IomapFileSystem fs;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final Iomap extent = new Iomap();

  private IomapFile file;
  private int folio;
  private long pos;
  private int lengthBytes;
  private boolean nowait;
  private long result;

  /** Block of the file that is looked at, and the one behind the last. */
  private long at;

  private long endBlock;

  private Task waiter;
  private boolean readEnded;
  private BlkStatus readStatus;

  private final Step mapRest = this::mapRest;
  private final Step mapLocked = this::mapLocked;
  private final Step mapped = this::mapped;
  private final Step awaitRead = this::awaitRead;

  IomapWriteBegin(IomapFileSystem fs) {
    this.fs = fs;
    folios = fs.cache().folios();
    states = fs.states();
  }

  /** Whether the folio can be written without more ado. */
  static boolean isReady(IomapFile file, int folio, long pos, int lengthBytes) {
    IomapFileSystem fs = file.fileSystem();
    if (!isMapped(file, pos >> fs.blockShift(), pos + lengthBytes - 1 >> fs.blockShift())) {
      return false;
    }
    FolioStore folios = fs.cache().folios();
    return isWhole(folios, folio, lengthBytes)
        || folios.test(folio, FolioFlag.UPTODATE) && !lacksState(fs.states(), folio);
  }

  private static boolean isMapped(IomapFile file, long first, long last) {
    Iomap map = file.writeMap;
    return map.version == file.data().version() && map.covers(first) && map.covers(last);
  }

  /** A folio that is written whole is dirty whole, and needs no state for that. */
  private static boolean isWhole(FolioStore folios, int folio, int lengthBytes) {
    return lengthBytes == folios.nrPages(folio) << PAGE_SHIFT;
  }

  private static boolean lacksState(FolioBlockStates states, int folio) {
    return states.perBlock(folio) && states.of(folio) == 0;
  }

  /** Step function; result 0 or a negative errno. */
  void begin(Exec x, IomapFile target, int lockedFolio, long from, int length) {
    nowait = false;
    start(x, target, lockedFolio, from, length);
  }

  /**
   * As {@link #begin}; -EAGAIN in the place of waiting for the ilock ({@code xfs_ilock_for_iomap})
   * or for a block to be read. A reservation does not wait: it is made as ever.
   */
  void beginNowait(Exec x, IomapFile target, int lockedFolio, long from, int length) {
    nowait = true;
    start(x, target, lockedFolio, from, length);
  }

  private void start(Exec x, IomapFile target, int lockedFolio, long from, int length) {
    file = target;
    folio = lockedFolio;
    pos = from;
    lengthBytes = length;
    result = 0;
    at = from >> fs.blockShift();
    endBlock = (from + length - 1 >> fs.blockShift()) + 1;
    if (isMapped(file, at, endBlock - 1)) {
      at = endBlock;
    }
    mapRest(x);
  }

  /** Goes on until all of the range has somewhere to go. */
  private void mapRest(Exec x) {
    if (result != 0) {
      end(x);
      return;
    }
    if (at < endBlock) {
      lockAndMap(x);
      return;
    }
    if (isWhole(folios, folio, lengthBytes)) {
      end(x);
      return;
    }
    boolean uptodate = folios.test(folio, FolioFlag.UPTODATE);
    if (lacksState(states, folio)) {
      int state = states.attach(folio, uptodate);
      if (folios.test(folio, FolioFlag.DIRTY)) {
        states.setDirty(state, 0, (long) folios.nrPages(folio) << PAGE_SHIFT);
      }
    }
    if (uptodate) {
      end(x);
      return;
    }
    at = pos >> fs.blockShift();
    fillBlocks(x);
  }

  private void lockAndMap(Exec x) {
    if (!nowait) {
      x.then(mapRest);
      x.then(mapLocked);
      file.ilock().lock(x);
    } else if (file.ilock().tryLock(x)) {
      x.then(mapRest);
      mapLocked(x);
    } else {
      result = -Errno.EAGAIN;
      end(x);
    }
  }

  private void mapLocked(Exec x) {
    x.charge(Cost.BLOCK_MAP);
    if (file.mapForWrite(at, endBlock)) {
      at = Math.min(endBlock, file.writeMap.endBlock);
    } else {
      result = -Errno.ENOSPC;
    }
    x.then(mapped);
  }

  private void mapped(Exec x) {
    file.ilock().unlock(x);
  }

  /** Reads or zeroes the blocks that the write covers in part: the first and the last at most. */
  private void fillBlocks(Exec x) {
    int blockBytes = fs.settings().blockSizeBytes();
    while (at < endBlock) {
      long block = at++;
      long blockPos = block << fs.blockShift();
      int offsetBytes = (int) (blockPos - (folios.index(folio) << PAGE_SHIFT));
      boolean covered = pos <= blockPos && pos + lengthBytes >= blockPos + blockBytes;
      if (covered || isUptodate(offsetBytes)) {
        continue;
      }
      file.data().lookup(block, extent);
      if (extent.state == ExtentState.WRITTEN && blockPos < file.mapping().sizeBytes()) {
        if (nowait) {
          result = -Errno.EAGAIN;
          break;
        }
        read(x, extent.diskBlock(block) << fs.blockShift() - Iomap.SECTOR_SHIFT, offsetBytes);
        return;
      }
      x.charge(fs.zeroNs(blockBytes));
      setUptodate(offsetBytes);
    }
    end(x);
  }

  private boolean isUptodate(int offsetBytes) {
    int state = states.of(folio);
    return state != 0 && states.uptodate(state, offsetBytes >> fs.blockShift());
  }

  private void setUptodate(int offsetBytes) {
    int state = states.of(folio);
    if (state != 0) {
      states.setUptodate(state, offsetBytes, fs.settings().blockSizeBytes());
    }
  }

  /** {@code iomap_read_folio_sync}: one block, waited for. */
  private void read(Exec x, long sector, int offsetBytes) {
    Bio bio = fs.bios().alloc(BioOp.READ, 1);
    bio.setSector(sector);
    bio.addFolio(folio, offsetBytes, fs.settings().blockSizeBytes());
    bio.set(ReqFlag.SYNC);
    bio.setEndIo(this);
    waiter = null;
    readEnded = false;
    x.then(awaitRead);
    fs.device().submitBio(x, bio);
  }

  @Override
  public void endIo(Exec x, Bio bio) {
    readStatus = bio.status();
    readEnded = true;
    if (readStatus == BlkStatus.OK) {
      setUptodate(bio.offsetBytes(0));
    }
    fs.bios().free(bio);
    if (waiter != null) {
      x.charge(Cost.WAKE);
      waiter.wake();
    }
  }

  private void awaitRead(Exec x) {
    if (!readEnded) {
      waiter = x.task();
      x.then(awaitRead);
      x.mightSleep();
      x.block();
      return;
    }
    if (readStatus != BlkStatus.OK) {
      result = -Errno.EIO;
      end(x);
      return;
    }
    fillBlocks(x);
  }

  private void end(Exec x) {
    x.setResult(result);
    fs.free(this);
  }
}
