package fs.buffer.ext4;

/** A run of blocks that are alike ({@code struct ext4_map_blocks}): filled by a look-up. */
final class MappedBlocks {
  /** First block in the file, and the block behind the run. */
  long block;

  long endBlock;

  BlockState state = BlockState.HOLE;

  /** Device block of {@link #block}; 0 unless the state is on disk. */
  long diskBlock;

  long diskBlock(long at) {
    return diskBlock + (at - block);
  }

  long count() {
    return endBlock - block;
  }
}
