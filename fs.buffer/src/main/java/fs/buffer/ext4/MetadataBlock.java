package fs.buffer.ext4;

import sim.kernel.wait.WaitQueue;

/**
 * A block of metadata of a file system without a journal, as fsync writes it: several inodes may be
 * in one, and who finds it written by another has nothing to do ({@code sync_dirty_buffer}).
 */
final class MetadataBlock {
  /** Whether it has what is not on the device, or on its way there. */
  boolean dirty;

  /** Whether it is being written. */
  boolean locked;

  final WaitQueue waiters = new WaitQueue();
}
