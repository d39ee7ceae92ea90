package launcher.scenario;

import fs.buffer.BufferDontcache;
import fs.buffer.ext4.Ext4Settings;
import fs.iomap.DontcacheCompletion;
import fs.iomap.ErrorReport;
import fs.iomap.IntegrityReads;
import fs.iomap.erofs.ErofsSettings;

/**
 * What the jobs' files are on.
 *
 * @param type which kind of file system
 * @param blockBytes its block size; of a block device that of its buffers
 * @param folioOrderMax largest folio of a file, as 2^order pages; only {@link Type#IOMAP}, {@link
 *     Type#EXT4} and {@link Type#BLOCK_DEVICE} have any but 0
 * @param deviceFolioOrderMax largest folio of the block device, whatever the type
 * @param writes what is there when a job writes
 * @param directEnd where an asynchronous direct write ends
 * @param iomapDontcache how DONTCACHE writeback ends in a task on {@link Type#IOMAP}
 * @param bufferDontcache the same on buffer heads
 * @param ext4 how {@link Type#EXT4} was made and mounted
 * @param erofs how {@link Type#EROFS} was made and mounted
 * @param integrityReads who verifies reads on {@link Type#IOMAP}, if the device is protected
 * @param errorReport where failed writeback is reported on {@link Type#IOMAP}
 * @param logBytes size of the journal of {@link Type#IOMAP}; 0 for what mkfs gives the device
 */
public record FileSystemSpec(
    Type type,
    int blockBytes,
    int folioOrderMax,
    int deviceFolioOrderMax,
    WriteKind writes,
    DirectEnd directEnd,
    DontcacheCompletion iomapDontcache,
    BufferDontcache bufferDontcache,
    Ext4Settings ext4,
    ErofsSettings erofs,
    IntegrityReads integrityReads,
    ErrorReport errorReport,
    long logBytes) {

  /** Kinds of file systems. */
  public enum Type {
    /** Extents, ioends and a completion workqueue, as XFS. */
    IOMAP,
    /** Buffer heads, as ext2. */
    EXT2_LIKE,
    /** Extents, delayed allocation, unwritten extents and a journal, as ext4. */
    EXT4,
    /** Read-only and compressed, as EROFS. */
    EROFS,
    /** None: the jobs' files are regions of the block device, which has buffer heads. */
    BLOCK_DEVICE
  }

  /** Where a direct write ends that nobody waits for. */
  public enum DirectEnd {
    /** Where its last bio ends, unless what is left to do may sleep: only that has a worker. */
    WHERE_IT_CAN,
    /**
     * Always by a work item, an overwrite too: {@code s_dio_done_wq} of iomap before {@code
     * IOCB_DIO_CALLER_COMP}, which 6.6 had for overwrites by io_uring.
     */
    BY_WORKQUEUE
  }

  /** What a job's writes find. */
  public enum WriteKind {
    /** What the job's own options say: {@code overwrite}, {@code fallocate}, or nothing there. */
    AS_THE_JOB_SAYS,
    /** Written blocks: the files are there in full size. */
    OVERWRITE,
    /** Nothing: the files grow, and blocks are allocated when data is written back. */
    APPEND,
    /** Blocks without data, of the full size: each write converts them when it completes. */
    PREALLOCATED,
    /** Blocks shared with a clone: each write goes to new ones and is remapped at its end. */
    CLONED
  }
}
