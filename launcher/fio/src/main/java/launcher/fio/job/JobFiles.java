package launcher.fio.job;

import java.util.List;

/**
 * What a job's I/O goes to.
 *
 * <p>Two jobs share a file exactly if its path is the same for both: with {@code filename} all
 * clones have one set, without it each has its own.
 *
 * @param paths one per file, in fio's order; never empty
 * @param given whether {@code filename} named them
 * @param sizeMinBytes {@code filesize}; 0: follows from the job's size
 * @param sizeMaxBytes the same, or the upper end of a range that sizes are drawn from
 * @param service how the file of the next I/O is chosen
 * @param openFiles how many are open at a time
 * @param readAheadHint what fio tells the kernel about each file
 * @param invalidate drop a file's cached pages whenever it is opened or begun again
 * @param overwrite lay the file out before the job, so that no write allocates
 * @param preRead read every file into the cache before the job
 * @param createOnOpen make a file at its first I/O and not before the job
 * @param createFsync make the laid-out file durable before the job
 * @param fallocate how a file that is laid out gets its blocks
 * @param append begin at the end of the file as found
 * @param transparentHugePages {@code thp=1} of the mmap engine
 */
public record JobFiles(
    List<String> paths,
    boolean given,
    long sizeMinBytes,
    long sizeMaxBytes,
    FileService service,
    int openFiles,
    ReadAheadHint readAheadHint,
    boolean invalidate,
    boolean overwrite,
    boolean preRead,
    boolean createOnOpen,
    boolean createFsync,
    Fallocate fallocate,
    boolean append,
    boolean transparentHugePages) {
  /** Copies the list. */
  public JobFiles {
    paths = List.copyOf(paths);
  }

  /** {@code fadvise_hint=}; the default, 1, is already settled by the mode. */
  public enum ReadAheadHint {
    NONE,
    SEQUENTIAL,
    RANDOM,
    NOREUSE
  }

  /** {@code fallocate=}. */
  public enum Fallocate {
    NONE,
    /** What the file system offers, or else nothing. */
    NATIVE,
    POSIX,
    /** Blocks without a change of the file's size. */
    KEEP,
    TRUNCATE
  }
}
