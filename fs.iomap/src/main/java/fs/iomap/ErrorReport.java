package fs.iomap;

/**
 * Where a failed ioend is reported to {@code fserror_report_io}, which takes {@code i_lock}: a lock
 * that no interrupt may take, because tasks hold it with interrupts enabled.
 */
public enum ErrorReport {
  /** By a task only: that of the work item for failed ioends, or of the fs workqueue. */
  IN_TASK,
  /** Wherever the bio's handler runs, an interrupt too: wrong, and what lockdep is for. */
  IN_END_IO,
  /**
   * As posted on 2026-09-28: the bio's handler asks the block layer to call it again in a task, by
   * {@code bio_complete_in_task()}.
   */
  COMPLETE_IN_TASK
}
