package fs.iomap.internal.log;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BlkStatus;
import sim.kernel.Exec;
import sim.kernel.workqueue.Work;

/** One of the log's buffers on its way to the device ({@code struct xlog_in_core}). */
final class Iclog implements BioEndIo {
  private final XfsLog log;
  private final Work endIoWork = new Work("xlog_ioend_work", this::ended);
  private boolean inFlight;
  private boolean hasCommit;
  private BlkStatus status;

  Iclog(XfsLog log) {
    this.log = log;
  }

  boolean isInFlight() {
    return inFlight;
  }

  /** {@code xlog_write_iclog}; {@code commit}: it ends a checkpoint. */
  void submit(Exec x, Bio bio, boolean commit) {
    inFlight = true;
    hasCommit = commit;
    bio.setEndIo(this);
    log.device().submitBio(x, bio);
  }

  /** {@code xlog_bio_end_io}. */
  @Override
  public void endIo(Exec x, Bio bio) {
    status = bio.status();
    log.device().layer().bios().free(bio);
    x.machine().workqueues().queue(x, log.endIoQueue(), endIoWork);
  }

  /** {@code xlog_ioend_work}. */
  private void ended(Exec x) {
    inFlight = false;
    log.iclogEnded(x, status, hasCommit);
  }
}
