package fs.iomap.erofs;

import block.bio.Bio;
import block.bio.BioFlag;

/** What the file system asks of the block layer for the ends of its read bios. */
public enum ReadCompletion {
  /** Nothing, as EROFS does: they end where they complete. */
  AS_IT_COMES,
  /** A task: {@link BioFlag#COMPLETE_IN_TASK}. */
  IN_TASK,
  /** A real-time task, bio by bio: {@link BioFlag#COMPLETE_IN_RT_THREAD} as well. */
  IN_RT_THREAD;

  void mark(Bio bio) {
    if (this != AS_IT_COMES) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
    if (this == IN_RT_THREAD) {
      bio.set(BioFlag.COMPLETE_IN_RT_THREAD);
    }
  }
}
