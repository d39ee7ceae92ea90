package mm.core.writeback;

import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackReason;
import sim.kernel.wait.WaitQueue;

/** What a flusher is asked to do. Models {@code struct wb_writeback_work}. */
final class WritebackWork {
  SyncMode syncMode;
  WritebackReason reason;
  long nrPages;
  boolean taggedWritepages;
  boolean forKupdate;
  boolean forBackground;
  boolean forSync;
  boolean rangeCyclic;

  /** Woken when it is done; null if nobody waits. */
  WaitQueue doneWaiters;

  boolean done;

  WritebackWork begin(SyncMode mode, WritebackReason why, long pages) {
    syncMode = mode;
    reason = why;
    nrPages = pages;
    taggedWritepages = false;
    forKupdate = false;
    forBackground = false;
    forSync = false;
    rangeCyclic = false;
    doneWaiters = null;
    done = false;
    return this;
  }

  /** Each file is gone on with where its last writeback stopped. */
  WritebackWork cyclic() {
    rangeCyclic = true;
    return this;
  }
}
