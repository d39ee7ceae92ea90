package fs.iomap;

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
 * One call of readahead under way ({@code iomap_readahead}, {@code iomap_read_folio}): one bio for
 * each run that is contiguous on the device, zeros for holes and unwritten blocks. Pooled.
 */
final class IomapReadahead {
  private static final int PAGE_SHIFT = 12;

  private final IomapFileSystem fs;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;
  private final Iomap map = new Iomap();

  private IomapFile file;
  private ReadaheadControl rac;
  private Bio bio;

  private int folio;
  private long folioPos;
  private int folioBytes;
  private int state;
  private long pos;
  private int submittedBytes;

  private final Step nextFolio = this::nextFolio;
  private final Step readFolio = this::readFolio;
  private final Step mapLocked = this::mapLocked;
  private final Step mapped = this::mapped;
  private final Step finished = this::finished;

  IomapReadahead(IomapFileSystem fs) {
    this.fs = fs;
    cache = fs.cache();
    folios = cache.folios();
    states = fs.states();
  }

  /** {@code iomap_readahead}. Step function; result 0. */
  void begin(Exec x, IomapFile target, ReadaheadControl control) {
    file = target;
    rac = control;
    bio = null;
    map.invalidate();
    nextFolio(x);
  }

  private void nextFolio(Exec x) {
    folio = rac.nextFolio();
    if (folio == 0) {
      x.then(finished);
      submit(x);
      return;
    }
    folioPos = folios.index(folio) << PAGE_SHIFT;
    folioBytes = folios.nrPages(folio) << PAGE_SHIFT;
    pos = folioPos;
    submittedBytes = 0;
    state = 0;
    if (states.perBlock(folio)) {
      state = states.of(folio) != 0 ? states.of(folio) : states.attach(folio, false);
      // More than is submitted, so that bios which end early can't end the folio's read.
      states.addReadPending(state, folioBytes);
    }
    readFolio(x);
  }

  /** {@code iomap_read_folio_iter} over the folio's blocks. */
  private void readFolio(Exec x) {
    long end = folioPos + folioBytes;
    while (pos < end) {
      if (state != 0 && states.uptodate(state, (int) (pos - folioPos >> fs.blockShift()))) {
        pos += fs.settings().blockSizeBytes();
        continue;
      }
      long block = pos >> fs.blockShift();
      if (map.version != file.data().version() || !map.covers(block)) {
        x.then(readFolio);
        x.then(mapLocked);
        file.ilock().lock(x);
        return;
      }
      int bytes = rangeBytes(block, end);
      if (map.state == ExtentState.WRITTEN && pos < file.mapping().sizeBytes()) {
        long sector = map.diskBlock(block) << fs.blockShift() - Iomap.SECTOR_SHIFT;
        if (bio != null && (bio.endSector() != sector || !add(bytes))) {
          x.then(readFolio);
          submit(x);
          return;
        }
        if (bio == null) {
          bio = fs.newReadBio(file, sector);
          if (!rac.isReadFolio()) {
            bio.set(ReqFlag.RAHEAD);
          }
          add(bytes);
        }
        submittedBytes += bytes;
      } else {
        x.charge(fs.zeroNs(bytes));
        if (state != 0) {
          states.setUptodate(state, pos - folioPos, bytes);
        }
      }
      pos += bytes;
    }
    endFolio(x);
    x.then(nextFolio);
  }

  /** Bytes from {@link #pos} that are alike: in one extent, and not up to date yet. */
  private int rangeBytes(long block, long end) {
    long stop =
        map.endBlock == Long.MAX_VALUE ? end : Math.min(end, map.endBlock << fs.blockShift());
    if (state != 0) {
      int blockBytes = fs.settings().blockSizeBytes();
      long at = pos + blockBytes;
      while (at < stop && !states.uptodate(state, (int) (at - folioPos >> fs.blockShift()))) {
        at += blockBytes;
      }
      stop = at;
    }
    return (int) (stop - pos);
  }

  private boolean add(int bytes) {
    return bio.addFolio(folio, (int) (pos - folioPos), bytes);
  }

  private void mapLocked(Exec x) {
    x.charge(Cost.BLOCK_MAP);
    file.data().lookup(pos >> fs.blockShift(), map);
    x.then(mapped);
  }

  private void mapped(Exec x) {
    file.ilock().unlock(x);
  }

  private void endFolio(Exec x) {
    if (state == 0) {
      if (submittedBytes == 0) {
        cache.endRead(x, folio, true);
      }
      return;
    }
    if (states.addReadPending(state, submittedBytes - folioBytes) == 0) {
      // Bios may have ended meanwhile, and not all of them well.
      cache.endRead(x, folio, states.isUptodate(state));
    }
  }

  private void submit(Exec x) {
    Bio closed = bio;
    if (closed != null) {
      bio = null;
      fs.device().submitBio(x, closed);
    }
  }

  private void finished(Exec x) {
    x.setResult(0);
    fs.free(this);
  }

  /** The end of a read bio ({@code iomap_read_end_io}); a folio a step. Pooled. */
  static final class End implements BioEndIo {
    private final IomapFileSystem fs;
    private Bio bio;
    private int vector;
    private final Step endFolio = this::endFolio;

    /** Link of the inode's list of reads to verify. */
    End next;

    End(IomapFileSystem fs) {
      this.fs = fs;
    }

    @Override
    public void endIo(Exec x, Bio ended) {
      bio = ended;
      vector = 0;
      if (!ended.has(ReqFlag.INTEGRITY) || ended.status() != BlkStatus.OK) {
        endFolio(x);
      } else if (fs.settings().integrityReads() == IntegrityReads.FS_WORKQUEUE) {
        ((IomapFile) ended.privateData()).completion().addRead(x, this);
      } else {
        verify(x);
      }
    }

    /** Verifies protection information, in a task, and ends the folios. */
    void verify(Exec x) {
      long bytes = 0;
      for (int i = 0; i < bio.vectorCount(); i++) {
        bytes += bio.lengthBytes(i);
      }
      x.charge(x.machine().costNs(Cost.INTEGRITY) * bytes >> PAGE_SHIFT);
      x.then(endFolio);
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
      if (!states.perBlock(folio)) {
        fs.cache().endRead(x, folio, ok);
        return;
      }
      int state = states.of(folio);
      if (ok) {
        states.setUptodate(state, offsetBytes, bytes);
      }
      if (states.addReadPending(state, -bytes) == 0) {
        fs.cache().endRead(x, folio, states.isUptodate(state));
      }
    }
  }

  /** A read bio of up to 256 folios. */
  static Bio newBio(IomapFileSystem fs, End end, long sector) {
    Bio bio = fs.bios().alloc(BioOp.READ, Bio.VECTORS_MAX);
    bio.setDevice(fs.device());
    bio.setSector(sector);
    bio.setEndIo(end);
    return bio;
  }
}
