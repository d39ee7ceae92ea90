package block.bio.direct;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioOp;
import block.bio.BlkPlug;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import block.bio.BlockLayer;
import block.bio.ReqFlag;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * One direct I/O at a time on one file ({@code iomap_dio_rw}, {@code blkdev_direct_IO}): maps the
 * range, builds and submits its bios, and tells of its end or is waited for. Keep one for each I/O
 * that is in flight; submitting again allocates nothing.
 *
 * <p>User memory is no folio and in pages: a bio has up to 256 of them, 1 MiB. The end of a write
 * runs in the context of its last bio; a file system that wants a task there defers it itself.
 */
public final class DirectIo {
  private static final int PAGE_BYTES = 4096;
  private static final int BIO_BYTES_MAX = Bio.VECTORS_MAX * PAGE_BYTES;
  private static final int WRITE_FLAGS = ReqFlag.SYNC.mask() | ReqFlag.IDLE.mask();

  private final BlockLayer layer;
  private final BlockMap map;
  private final DirectIoEnd end;
  private final Extent extent = new Extent();
  private final Step mapNext = this::mapNext;
  private final Step mapped = this::mapped;
  private final Step submitNext = this::submitNext;
  private final Step submitted = this::submitted;
  private final Step release = this::drop;
  private final Step check = this::check;
  private final BioEndIo bioEnded = this::bioEnded;

  private BioOp op;
  private int reqFlags;
  private long posBytes;
  private long leftBytes;
  private long doneBytes;
  private long extentLeftBytes;
  private long extentSector;
  private BlockDevice device;

  /** Bios in flight, and one more while submission goes on. */
  private int remaining;

  private int errno;
  private Task waiter;

  /**
   * An I/O that is not in flight.
   *
   * @param map where the file's bytes are
   * @param end told of each end; one that does nothing if every submission is awaited
   */
  public DirectIo(BlockLayer layer, BlockMap map, DirectIoEnd end) {
    this.layer = layer;
    this.map = map;
    this.end = end;
  }

  /**
   * Submits. Step function of a task; returns when all bios are submitted, which may sleep for tags
   * and for the mapping unless {@link ReqFlag#NOWAIT} is among the flags.
   *
   * @param op READ or WRITE
   * @param posBytes position in the file, a multiple of 512
   * @param lengthBytes a multiple of 512, at least 512
   * @param reqFlags {@link ReqFlag#mask}s added; SYNC and IDLE are added to writes, as {@code
   *     dio_bio_write_op} does
   */
  public void submit(Exec x, BioOp op, long posBytes, long lengthBytes, int reqFlags) {
    if (remaining > 0) {
      throw new IllegalStateException(
          x + ": direct I/O submitted again while it is in flight; use another one");
    }
    if ((posBytes | lengthBytes) % Bio.SECTOR_BYTES != 0 || lengthBytes <= 0 || posBytes < 0) {
      throw new IllegalArgumentException(
          "direct I/O: position %d, length %d; both must be multiples of 512, the length above 0"
              .formatted(posBytes, lengthBytes));
    }
    this.op = op;
    this.reqFlags = op == BioOp.WRITE ? reqFlags | WRITE_FLAGS : reqFlags;
    this.posBytes = posBytes;
    leftBytes = lengthBytes;
    doneBytes = lengthBytes;
    errno = 0;
    remaining = 1;
    if (x instanceof Task) {
      BlkPlug.start(x);
    }
    x.then(submitted);
    x.then(mapNext);
  }

  private void mapNext(Exec x) {
    if (leftBytes > 0 && errno == 0) {
      x.then(mapped);
      if ((reqFlags & ReqFlag.NOWAIT.mask()) != 0) {
        map.mapNowait(x, op, posBytes, leftBytes, extent);
      } else {
        map.map(x, op, posBytes, leftBytes, extent);
      }
    }
  }

  private void mapped(Exec x) {
    if (x.result() < 0) {
      errno = (int) -x.result();
      return;
    }
    long bytes = Math.min(extent.lengthBytes(), leftBytes);
    if (bytes <= 0) {
      throw new IllegalStateException("block map: extent of " + bytes + " bytes at " + posBytes);
    }
    posBytes += bytes;
    leftBytes -= bytes;
    x.then(mapNext);
    if (!extent.isHole()) {
      device = extent.device();
      extentSector = extent.sector();
      extentLeftBytes = bytes;
      x.then(submitNext);
    }
  }

  private void submitNext(Exec x) {
    if (extentLeftBytes == 0 || errno != 0) {
      return;
    }
    int bytes = (int) Math.min(extentLeftBytes, BIO_BYTES_MAX);
    Bio bio = layer.bios().alloc(op, Bio.VECTORS_MAX);
    bio.setSector(extentSector);
    bio.setReqFlags(reqFlags);
    // Each page a vector of its own, as memory that is not contiguous: offsets never join.
    for (int left = bytes; left > 0; left -= PAGE_BYTES) {
      bio.addFolio(0, 0, Math.min(left, PAGE_BYTES));
    }
    bio.setEndIo(bioEnded);
    extentSector += bytes / Bio.SECTOR_BYTES;
    extentLeftBytes -= bytes;
    remaining++;
    x.then(submitNext);
    device.submitBio(x, bio);
  }

  private void submitted(Exec x) {
    x.then(release);
    if (x instanceof Task) {
      BlkPlug.finish(x);
    }
  }

  private void bioEnded(Exec x, Bio bio) {
    if (bio.status() != BlkStatus.OK && errno == 0) {
      errno = bio.status().errno();
    }
    layer.bios().free(bio);
    drop(x);
  }

  /** The last of the bios and the submitter ends the I/O. */
  private void drop(Exec x) {
    if (--remaining > 0) {
      return;
    }
    if (waiter != null) {
      Task woken = waiter;
      waiter = null;
      x.charge(Cost.WAKE);
      woken.wake();
    }
    end.ended(x, this);
  }

  /**
   * Waits until what this task submitted has ended; polls if it was submitted with {@link
   * ReqFlag#POLLED}. Step function; result as {@link #result}.
   */
  public void await(Exec x) {
    x.then(check);
  }

  private void check(Exec x) {
    if (remaining == 0) {
      x.setResult(result());
      return;
    }
    x.then(check);
    if ((reqFlags & ReqFlag.POLLED.mask()) != 0) {
      device.poll(x);
      return;
    }
    x.mightSleep();
    waiter = x.task();
    x.block();
  }

  /** Whether it was submitted and has not ended. */
  public boolean isInFlight() {
    return remaining > 0;
  }

  /** Bytes read or written, or a negated errno; of the last submission that has ended. */
  public long result() {
    return errno == 0 ? doneBytes : -errno;
  }
}
