package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BioList;
import block.bio.BlkStatus;
import java.util.Arrays;
import sim.kernel.Exec;

/**
 * Writeback whose extents have to be converted when all of its bios have ended ({@code struct
 * ext4_io_end} with {@code EXT4_IO_END_UNWRITTEN}). Pooled.
 *
 * <p>Simplified: its bios are finished in the order in which they ended; the kernel has the last
 * first.
 */
final class IoEnd implements BioEndIo {
  private final Ext4FileSystem fs;
  private Ext4File file;
  private boolean failed;

  /** Credits of its conversion's handle. */
  long reservedCredits;

  /** Bios in flight, and one more while submission goes on. */
  private int count;

  /** Bios that have ended, whose folios are still under writeback. */
  final BioList bios = new BioList();

  // What to convert: pairs of a first block and the block behind the last.
  private long[] extents = new long[8];
  private int extentLongs;

  /** Link of the inode's list. */
  IoEnd next;

  IoEnd(Ext4FileSystem fs) {
    this.fs = fs;
  }

  void begin(Ext4File owner) {
    file = owner;
    failed = false;
    reservedCredits = 0;
    count = 1;
    extentLongs = 0;
    next = null;
  }

  /**
   * {@code ext4_alloc_io_end_vec}: a range to convert, joined with the last if it goes on there.
   */
  void addExtent(long block, long endBlock) {
    if (extentLongs > 0 && extents[extentLongs - 1] == block) {
      extents[extentLongs - 1] = endBlock;
      return;
    }
    if (extentLongs == extents.length) {
      extents = Arrays.copyOf(extents, extentLongs * 2);
    }
    extents[extentLongs++] = block;
    extents[extentLongs++] = endBlock;
  }

  /** Ranges to convert. */
  int extentCount() {
    return extentLongs / 2;
  }

  long extentFirst(int index) {
    return extents[index * 2];
  }

  long extentEnd(int index) {
    return extents[index * 2 + 1];
  }

  /** Whether a bio failed, so that its blocks stay unwritten ({@code EXT4_IO_END_FAILED}). */
  boolean failed() {
    return failed;
  }

  /** A bio of it is about to be submitted. */
  void get() {
    count++;
  }

  /** {@code ext4_end_bio}; in any context. */
  @Override
  public void endIo(Exec x, Bio bio) {
    failed |= bio.status() != BlkStatus.OK;
    bios.add(bio);
    put(x);
  }

  /** {@code ext4_put_io_end_defer}: the last leaves the rest to the inode's worker. */
  void put(Exec x) {
    if (--count > 0) {
      return;
    }
    if (extentLongs > 0) {
      file.conversion().add(x, this);
    } else {
      fs.free(this);
    }
  }
}
