package fs.iomap;

/** What a range of a file's blocks has on the device. */
public enum ExtentState {
  /** Nothing: reads give zeros. */
  HOLE,
  /** A reservation of space for data that is in the page cache only; blocks come at writeback. */
  DELALLOC,
  /** Blocks whose content must not be shown yet: preallocated, or written but not converted. */
  UNWRITTEN,
  /** Blocks with data. */
  WRITTEN
}
