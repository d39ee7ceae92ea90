package fs.iomap;

/**
 * Why a range of writeback can't join the ioend before it, in the order in which iomap looks
 * ({@code iomap_can_add_to_ioend}, then {@code bio_add_folio}).
 */
enum IoendEnd {
  /** It can join. */
  NONE,
  /** The bio would be larger than the mapping allows. */
  BIO_SIZE,
  /** The range may not be merged with what is before it. */
  BOUNDARY,
  /** They are of different kinds: shared, unwritten, direct, and DONTCACHE on older kernels. */
  FLAGS,
  /** It does not continue the ioend in the file; after a write at EOF nothing does. */
  FILE_GAP,
  /** It does not continue the bio on the device. */
  DISK_GAP,
  /** The ioend has {@code IOEND_BATCH_SIZE} folios. */
  BATCH,
  /** All vectors of the bio are in use. */
  VECTORS,
  /** Nothing followed: the walk is over. */
  LAST
}
