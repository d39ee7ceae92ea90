package launcher.trace.replay;

import java.util.Locale;
import launcher.trace.event.BlockAction;

/** At which place of the kernel the requests of a trace are taken. */
public enum ReplayLayer {
  /** Where bios are submitted: block_bio_queue, Q. */
  QUEUED(BlockAction.BIO_QUEUE),
  /** Where requests go to the scheduler: block_rq_insert, I. */
  INSERTED(BlockAction.RQ_INSERT),
  /** Where requests go to the driver: block_rq_issue, D. */
  ISSUED(BlockAction.RQ_ISSUE),
  /** Where requests end: block_rq_complete, C. The times are those of the ends. */
  COMPLETED(BlockAction.RQ_COMPLETE),
  /** Calls on files, as far as the events of file systems and the page cache tell them. */
  FILES(null);

  private final BlockAction action;

  ReplayLayer(BlockAction action) {
    this.action = action;
  }

  /** The event of the block layer; null for files. */
  BlockAction action() {
    return action;
  }

  /** The word that names it. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
