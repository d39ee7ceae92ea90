package fs.buffer;

/** What the blocks of a file are like before the run. There is no preallocation without writing. */
public enum FileLayout {
  /** No blocks: each write into a hole allocates. */
  SPARSE,
  /** Written before: writes within the size are overwrites. */
  WRITTEN
}
