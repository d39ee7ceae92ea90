package block.bio.direct;

import block.bio.Bio;
import block.bio.BioOp;
import block.bio.BlockLayer;
import sim.kernel.Exec;

/**
 * One direct I/O at a time on one file ({@code iomap_dio_rw}, {@code blkdev_direct_IO}): maps the
 * range, builds and submits its bios, and tells of its end or is waited for. Keep one for each I/O
 * that is in flight; submitting again allocates nothing.
 */
public final class DirectIo {
  private final BlockLayer layer;
  private final BlockMap map;
  private final DirectIoEnd end;

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
   * and for the mapping unless {@link block.bio.ReqFlag#NOWAIT} is among the flags.
   *
   * @param op READ or WRITE
   * @param posBytes position in the file, a multiple of 512
   * @param lengthBytes a multiple of 512, at least 512
   * @param reqFlags {@link block.bio.ReqFlag#mask}s added; SYNC is added to writes
   */
  public void submit(Exec x, BioOp op, long posBytes, long lengthBytes, int reqFlags) {
    throw new UnsupportedOperationException(layer + " " + map + " " + end);
  }

  /**
   * Waits in the submitting task until what was submitted has ended; polls if it was submitted with
   * {@link block.bio.ReqFlag#POLLED}. Step function; result as {@link #result}.
   */
  public void await(Exec x) {
    throw new UnsupportedOperationException();
  }

  /** Whether bios of it are in flight. */
  public boolean isInFlight() {
    return false;
  }

  /** Bytes read or written, or a negated errno. */
  public long result() {
    return Bio.SECTOR_BYTES;
  }
}
