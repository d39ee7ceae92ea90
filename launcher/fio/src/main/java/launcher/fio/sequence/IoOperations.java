package launcher.fio.sequence;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What one job issues, operation by operation: a job's own {@link IoSequence}, or what was recorded
 * elsewhere.
 *
 * <p>The job's thread calls {@link #begin}, then {@link #next} again and again; after each it reads
 * the operation through the other methods, waits if {@link #notBeforeNs} says so, issues it and
 * calls {@link #issued}. All times count from the job's start.
 */
@ConsumerType
public interface IoOperations {
  /** The job's time begins. */
  default void begin(long nowNs) {}

  /**
   * Goes to the next operation.
   *
   * @return false if the job has ended
   */
  boolean next(long elapsedNs);

  /** The operation is being issued. */
  default void issued(long elapsedNs) {}

  /** The job's runtime is over, or it was stopped: no I/O follows but the closing fsyncs. */
  void cutShort();

  /** The job paused for this long; a rate may have to make up for it, or not. */
  default void paused(long pauseNs) {}

  /** What the operation does. */
  IoDirection direction();

  /** Index into the job's files. */
  int fileIndex();

  /** Where in the file; of a sync_file_range where its range begins, of other syncs 0. */
  long offsetBytes();

  /** How much; of a sync_file_range its range, of other syncs 0. */
  long lengthBytes();

  /** Whether the file's clean pages are dropped before the operation. */
  boolean invalidatesFile();

  /** Whether this is an fsync that ends a loop, issued when all I/O has completed. */
  boolean endsLoop();

  /** The time before which the operation is not issued; 0 if there is none. */
  long notBeforeNs();

  /** Whether all I/O in flight has to complete before the job sleeps until then. */
  default boolean drainsBeforeWaiting() {
    return true;
  }

  /** When the operation was asked for, if its latency counts from there; -1: from its issue. */
  default long arrivalNs() {
    return -1;
  }
}
