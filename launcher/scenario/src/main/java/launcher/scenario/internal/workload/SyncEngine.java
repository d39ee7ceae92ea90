package launcher.scenario.internal.workload;

import launcher.fio.job.IoEngine;
import mm.core.file.RwFlags;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/** One system call an I/O, which ends when the I/O does: sync, psync, vsync, pvsync, pvsync2. */
final class SyncEngine implements JobEngine {
  private final JobThread job;
  private final boolean seeks;
  private final Step returned = this::returned;
  private IoUnit unit;
  private JobFile lastFile;
  private long position;

  SyncEngine(JobThread job, IoEngine kind) {
    this.job = job;
    seeks = kind == IoEngine.SYNC || kind == IoEngine.VSYNC;
  }

  @Override
  public void queue(Exec x, IoUnit next) {
    unit = next;
    job.submitted(x, next);
    x.charge(Cost.SYSCALL, needsSeek(next) ? 2 : 1);
    x.then(returned);
    RwFlags flags = next.rwFlags();
    next.perform(x, flags);
  }

  /** These engines keep the file's position in mind and call lseek when it has to change. */
  private boolean needsSeek(IoUnit next) {
    if (!seeks || !next.direction().transfers()) {
      return false;
    }
    boolean there = next.file() == lastFile && next.offset() == position;
    lastFile = next.file();
    position = next.offset() + next.length();
    return !there;
  }

  private void returned(Exec x) {
    x.returnToUser();
    job.completed(x, unit);
  }

  @Override
  public void commit(Exec x) {
    // Nothing is ever queued.
  }

  @Override
  public void await(Exec x, int min, int max) {
    throw new IllegalStateException(x + ": a synchronous engine has nothing in flight");
  }
}
