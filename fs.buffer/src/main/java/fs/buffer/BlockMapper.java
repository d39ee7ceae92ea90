package fs.buffer;

import sim.kernel.Exec;

/** Where the blocks of a file are ({@code get_block_t}). */
interface BlockMapper {
  /** The block has no place on the device. */
  long HOLE = -1;

  /** The answer is in an indirect block that has to be read first. */
  long NOT_CACHED = -2;

  /** Device block of a file block, {@link #HOLE} or {@link #NOT_CACHED}; ends in this step. */
  long map(Exec x, long block);

  /** As {@link #map}, but gives a hole a block; {@link #HOLE} then says that none is free. */
  long allocate(Exec x, long block);

  /** Reads the indirect block that {@link #map} was missing. Step function; result 0 or -errno. */
  void readIndirect(Exec x, long block);
}
