package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;

/**
 * One request of a loop device as direct I/O on its file ({@code struct loop_cmd}, {@code
 * iomap_dio_rw}): a bio for each extent of the file, without copying vectors. The end of a read is
 * where its last bio ends; that of a write is a work item's, unless all bios have ended by the time
 * that the last is submitted.
 */
final class LoopCommand {
  private static final int INODE_BLOCK_BYTES = 4096;
  private static final int DIRECT_WRITE = ReqFlag.SYNC.mask() | ReqFlag.IDLE.mask();

  private final LoopDriver driver;
  private final Step mapNext = this::mapNext;
  private final Step submitNext = this::submitNext;
  private final Step submitted = this::submitted;
  private final Step release = this::release;
  private final Step inodeWritten = this::inodeWritten;
  private final Step flushed = this::flushed;
  private final BioEndIo bioEnded = this::bioEnded;
  private final Work completeWork = new Work("iomap_dio_complete_work", this::dioEnded);

  private Request request;
  private BlkStatus status;

  /** The block of the file's inode under way. */
  private Bio inode;

  /** Bios in flight, and one more while submission goes on ({@code iomap_dio.ref}). */
  private int remaining;

  private long posBytes;
  private long leftBytes;

  /** The bio of the request whose memory comes next, and where in it. */
  private Bio source;

  private int sourceLeftBytes;
  private int segment;
  private int segmentDoneBytes;

  LoopCommand(LoopDriver driver) {
    this.driver = driver;
  }

  /** {@code loop_handle_cmd}; step function of the worker. */
  void handle(Exec x, Request handled) {
    request = handled;
    status = BlkStatus.OK;
    if (handled.op == BioOp.FLUSH) {
      fsync(x);
      return;
    }
    if (handled.op == BioOp.WRITE) {
      driver.fileModified(x);
    }
    remaining = 1;
    posBytes = handled.sector * Bio.SECTOR_BYTES;
    leftBytes = handled.sizeBytes;
    takeSource(handled.firstBio());
    BlkPlug.start(x);
    x.then(submitted);
    x.then(mapNext);
  }

  /** {@code lo_req_flush}: {@code vfs_fsync} of a file that has nothing but its inode to write. */
  private void fsync(Exec x) {
    if (!driver.takeInodeDirty()) {
      flush(x);
      return;
    }
    BlockDevice backing = driver.backing();
    inode = backing.layer().bios().alloc(BioOp.WRITE, 1);
    inode.setSector(backing.sectors() - INODE_BLOCK_BYTES / Bio.SECTOR_BYTES);
    inode.addFolio(0, 0, INODE_BLOCK_BYTES);
    inode.set(ReqFlag.SYNC);
    inode.set(ReqFlag.META);
    x.charge(Cost.BUFFER_SUBMIT);
    x.then(inodeWritten);
    backing.submitBioWait(x, inode);
  }

  private void inodeWritten(Exec x) {
    status = x.result() < 0 ? BlkStatus.IOERR : status;
    driver.backing().layer().bios().free(inode);
    inode = null;
    flush(x);
  }

  private void flush(Exec x) {
    x.then(flushed);
    driver.backing().flush(x);
  }

  private void flushed(Exec x) {
    status = x.result() < 0 ? BlkStatus.IOERR : status;
    complete(x);
  }

  private void mapNext(Exec x) {
    if (leftBytes > 0 && status == BlkStatus.OK) {
      x.charge(Cost.BLOCK_MAP);
      x.then(submitNext);
    }
  }

  private void submitNext(Exec x) {
    long toExtentEnd = LoopDriver.EXTENT_BYTES - posBytes % LoopDriver.EXTENT_BYTES;
    int bytes = (int) Math.min(leftBytes, toExtentEnd);
    Bio bio = driver.queue().device().layer().bios().alloc(request.op, Bio.VECTORS_MAX);
    bio.setSector(posBytes / Bio.SECTOR_BYTES);
    bio.setReqFlags(request.op == BioOp.WRITE ? DIRECT_WRITE : 0);
    addMemory(bio, bytes);
    bio.setEndIo(bioEnded);
    posBytes += bytes;
    leftBytes -= bytes;
    remaining++;
    x.then(mapNext);
    driver.backing().submitBio(x, bio);
  }

  /** {@code bio_iov_bvec_set}: the pieces of memory of the request's bios, in their order. */
  private void addMemory(Bio bio, int bytes) {
    int missing = bytes;
    while (missing > 0) {
      int left = Math.min(source.segmentBytes(segment) - segmentDoneBytes, sourceLeftBytes);
      int taken = Math.min(left, missing);
      // Memory that is no folio here: it is the upper device's owner who sees to its folios.
      bio.addFolio(0, 0, taken);
      missing -= taken;
      segmentDoneBytes += taken;
      sourceLeftBytes -= taken;
      if (sourceLeftBytes == 0) {
        takeSource(source.next);
      } else if (taken == left) {
        segment++;
        segmentDoneBytes = 0;
      }
    }
  }

  private void takeSource(Bio bio) {
    source = bio;
    sourceLeftBytes = bio == null ? 0 : bio.sizeBytes();
    segment = 0;
    segmentDoneBytes = 0;
  }

  private void submitted(Exec x) {
    x.then(release);
    BlkPlug.finish(x);
  }

  private void release(Exec x) {
    if (--remaining == 0) {
      complete(x);
    }
  }

  /** {@code iomap_dio_bio_end_io}. */
  private void bioEnded(Exec x, Bio bio) {
    if (bio.status() != BlkStatus.OK) {
      status = BlkStatus.IOERR;
    }
    driver.queue().device().layer().bios().free(bio);
    if (--remaining > 0) {
      return;
    }
    if (request.op == BioOp.READ) {
      complete(x);
    } else {
      x.machine().workqueues().queue(x, driver.dioDone(), completeWork);
    }
  }

  /** {@code iomap_dio_complete_work}: what it raises is pending before it is at its end. */
  private void dioEnded(Exec x) {
    complete(x);
    x.charge(Cost.DIO_COMPLETE);
  }

  /** {@code lo_rw_aio_complete}. */
  private void complete(Exec x) {
    Request ended = request;
    request = null;
    ended.status = status;
    driver.queue().complete(x, ended);
  }
}
