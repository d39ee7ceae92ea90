package fs.iomap;

/** Who verifies what was read from a device with protection information. */
public enum IntegrityReads {
  /** The block layer, by itself, in {@code kintegrityd}. */
  BLOCK_LAYER,
  /** XFS in July 2026: the inode's completion work, to which the reads are diverted. */
  FS_WORKQUEUE,
  /** XFS, series of August 2026: the task in which {@code BIO_COMPLETE_IN_TASK} ends the bio. */
  COMPLETE_IN_TASK
}
