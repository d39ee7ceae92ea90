package fs.iomap;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioFlag;
import block.bio.BioOp;
import block.bio.BlkStatus;
import mm.core.FolioBlockStates;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * A piece of writeback that is contiguous in the file and on the device, with its one bio ({@code
 * struct iomap_ioend}). Pooled by its file system.
 */
final class Ioend implements BioEndIo {
  private final IomapFileSystem fs;
  private final IomapSettings settings;
  private final PageCache cache;
  private final FolioStore folios;
  private final FolioBlockStates states;

  IomapFile file;
  Bio bio;

  /** First byte in the file. */
  long pos;

  /** Bytes, up to the end of the file as it was at submission. */
  long sizeBytes;

  long firstSector;
  int flags;
  int folioCount;
  BlkStatus status = BlkStatus.OK;

  /** Whether the inode's completion work ends it. */
  boolean byWorkqueue;

  /** Link of the inode's list, then of the sorted list, then of the merged chain. */
  Ioend next;

  /** Ioends merged into this one for the file system's part of completion. */
  Ioend merged;

  private int vector;
  private final Step finishFolio = this::finishFolio;

  Ioend(IomapFileSystem fs) {
    this.fs = fs;
    this.settings = fs.settings();
    this.cache = fs.cache();
    this.folios = cache.folios();
    this.states = fs.states();
  }

  /** {@code iomap_alloc_ioend}. */
  void begin(IomapFile owner, long firstPos, long sector, int kind) {
    file = owner;
    pos = firstPos;
    sizeBytes = 0;
    firstSector = sector;
    flags = kind;
    folioCount = 0;
    status = BlkStatus.OK;
    byWorkqueue = false;
    next = null;
    merged = null;
    bio = fs.bios().alloc(BioOp.WRITE, Bio.VECTORS_MAX);
    bio.setDevice(fs.device());
    bio.setSector(sector);
    bio.setEndIo(this);
    bio.setPrivateData(this);
    if ((kind & IoendFlag.DONTCACHE) != 0 && settings.dontcache().marksBioByIoend()) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
  }

  /**
   * {@code iomap_can_add_to_ioend}: whether a range can join, by all rules but the bio's room.
   *
   * @param rangePos first byte of the range in the file
   * @param lengthBytes length of the range
   * @param sector where it goes
   * @param kind its flags
   */
  IoendEnd refusal(long rangePos, int lengthBytes, long sector, int kind) {
    if (bio.sizeBytes() + (long) lengthBytes > settings.bioSizeMaxBytes()) {
      return IoendEnd.BIO_SIZE;
    }
    if ((kind & IoendFlag.BOUNDARY) != 0) {
      return IoendEnd.BOUNDARY;
    }
    if (((kind ^ flags) & IoendFlag.NOMERGE) != 0) {
      return IoendEnd.FLAGS;
    }
    if (rangePos != pos + sizeBytes) {
      return IoendEnd.FILE_GAP;
    }
    if (sector != bio.endSector()) {
      return IoendEnd.DISK_GAP;
    }
    if (folioCount >= settings.ioendFoliosMax()) {
      return IoendEnd.BATCH;
    }
    return IoendEnd.NONE;
  }

  /**
   * The last part of {@code iomap_add_to_ioend}: adds a range of a folio to the bio, which a
   * dropbehind folio then marks.
   *
   * @param endOfFile size of the file: what the ioend says it wrote ends there
   * @return false if the bio has no room
   */
  boolean add(int folio, int offsetBytes, int lengthBytes, long endOfFile) {
    if (!bio.addFolio(folio, offsetBytes, lengthBytes)) {
      return false;
    }
    folioCount++;
    sizeBytes = Math.min(sizeBytes + lengthBytes, endOfFile - pos);
    if (settings.dontcache().marksBioByFolio() && folios.test(folio, FolioFlag.DROPBEHIND)) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
    return true;
  }

  /** {@code xfs_ioend_is_append}: writes behind the size that is on disk. */
  boolean isAppend() {
    return pos + sizeBytes > file.onDiskSizeBytes();
  }

  /** {@code xfs_ioend_needs_wq_completion}. */
  boolean needsWorkqueue() {
    return isAppend()
        || (flags & (IoendFlag.UNWRITTEN | IoendFlag.SHARED)) != 0
        || (flags & IoendFlag.DONTCACHE) != 0 && settings.dontcache().forcesWorkqueue();
  }

  /** {@code xfs_writeback_submit}, up to the submission itself. */
  void prepare() {
    byWorkqueue = needsWorkqueue();
    if (byWorkqueue && settings.dontcache().unmarksForWorkqueue()) {
      bio.clear(BioFlag.COMPLETE_IN_TASK);
    }
  }

  /** {@code xfs_end_bio} or {@code ioend_writeback_end_bio}; in any context. */
  @Override
  public void endIo(Exec x, Bio ended) {
    status = ended.status();
    if (byWorkqueue) {
      file.completion().add(x, this);
    } else if (status != BlkStatus.OK && settings.errorReport() == ErrorReport.COMPLETE_IN_TASK) {
      if (!fs.device().layer().completions().completeInTask(x, ended)) {
        finish(x);
      }
    } else if (status != BlkStatus.OK
        && settings.dontcache().failsInTask()
        && settings.errorReport() == ErrorReport.IN_TASK) {
      fs.errors().add(x, this);
    } else {
      finish(x);
    }
  }

  /** {@code iomap_finish_ioend}: ends the writeback of each folio, then frees the ioend. */
  void finish(Exec x) {
    if (status != BlkStatus.OK) {
      cache.setMappingError(file.mapping(), status.errno());
      report(x);
    }
    vector = 0;
    finishFolio(x);
  }

  /** {@code fserror_report_io}, once for each folio segment; no kernel before 7.3 has it. */
  private void report(Exec x) {
    if (settings.dontcache().failsInTask()
        || settings.errorReport() == ErrorReport.COMPLETE_IN_TASK) {
      long holdNs = x.machine().costNs(Cost.SPINLOCK);
      for (int i = 0; i < bio.vectorCount(); i++) {
        file.mapping().spinLock().section(x, holdNs);
      }
    }
  }

  private void finishFolio(Exec x) {
    if (vector == bio.vectorCount()) {
      fs.bios().free(bio);
      bio = null;
      fs.free(this);
      return;
    }
    int folio = bio.folio(vector);
    int lengthBytes = bio.lengthBytes(vector);
    vector++;
    x.then(finishFolio);
    if (!states.perBlock(folio) || states.addWritePending(states.of(folio), -lengthBytes) == 0) {
      cache.endWriteback(x, folio);
    }
  }

  /** {@code iomap_ioend_try_merge}: whether {@code other} goes on where this one ends. */
  boolean mergesWith(Ioend other, long endPos, long endSector) {
    return status == other.status
        && (other.flags & IoendFlag.BOUNDARY) == 0
        && ((flags ^ other.flags) & IoendFlag.NOMERGE) == 0
        && endPos == other.pos
        && endSector == other.firstSector;
  }
}
