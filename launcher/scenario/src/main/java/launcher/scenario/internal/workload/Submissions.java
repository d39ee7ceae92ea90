package launcher.scenario.internal.workload;

import launcher.fio.job.FioJob;
import launcher.fio.job.IoEngine;
import mm.core.Errno;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import sim.kernel.Exec;
import sim.kernel.Step;

/** What the asynchronous engines do with a unit inside their submitting call. */
final class Submissions {
  /** {@code aio_threads} of glibc. */
  private static final int POSIX_THREADS_MAX = 20;

  /** io-wq has at most four bounded workers a CPU. */
  private static final int IO_WQ_PER_CPU = 4;

  private Submissions() {}

  /** The engine of a job. */
  static JobEngine engine(RunParts parts, JobThread thread, FioJob job) {
    IoEngine kind = job.engine();
    int cpus = parts.machine().cpuCount();
    int workers = Math.max(1, Math.min(job.queue().depth(), IO_WQ_PER_CPU * cpus));
    String suffix = "-" + job.identity().threadNumber();
    return switch (kind) {
      case SYNC, PSYNC, VSYNC, PVSYNC, PVSYNC2 -> new SyncEngine(thread, kind);
      case NULL -> new AsyncEngine(thread, Submissions::nothing, AsyncEngine.Reap.FREE);
      case LIBAIO ->
          new AsyncEngine(
              thread,
              new Libaio(
                  new IoWorkers(
                      parts, thread, "aio-fsync" + suffix, IoWorkers.Serial.WRITES, workers)),
              AsyncEngine.Reap.CALL);
      case IO_URING ->
          new AsyncEngine(
              thread,
              new Uring(
                  new IoWorkers(
                      parts, thread, "iou-wrk" + suffix, IoWorkers.Serial.WRITES, workers),
                  job.flags().polled()),
              job.flags().polled() ? AsyncEngine.Reap.POLL : AsyncEngine.Reap.RING);
      case POSIXAIO ->
          new AsyncEngine(
              thread,
              new IoWorkers(
                      parts,
                      thread,
                      "aio" + suffix,
                      IoWorkers.Serial.ALL,
                      Math.min(job.queue().depth(), POSIX_THREADS_MAX))
                  ::hand,
              AsyncEngine.Reap.UNITS);
      case MMAP -> new MmapEngine(thread, job, parts.cache(), cpus);
    };
  }

  private static void nothing(Exec x, IoUnit unit, AsyncEngine engine) {
    unit.completeAtOnce();
    engine.post(x, unit);
  }

  /**
   * {@code io_submit}: direct I/O is only submitted, buffered I/O is done before the call returns,
   * and fsync goes to a kernel worker.
   */
  private static final class Libaio implements AsyncEngine.Submission {
    private final IoWorkers workers;
    private final Step done = this::done;
    private IoUnit unit;
    private AsyncEngine engine;

    Libaio(IoWorkers workers) {
      this.workers = workers;
    }

    @Override
    public void submit(Exec x, IoUnit next, AsyncEngine to) {
      unit = next;
      engine = to;
      if (next.isDirect()) {
        next.file().file().takeCall().start(x, next, to);
      } else if (next.direction().transfers()) {
        x.then(done);
        next.perform(x, next.rwFlags());
      } else {
        workers.hand(x, next, to);
      }
    }

    private void done(Exec x) {
      engine.post(x, unit);
    }
  }

  /**
   * {@code io_uring_enter}: direct I/O is only submitted; buffered I/O is tried with NOWAIT, and
   * what would have to wait goes to io-wq, as fsync always does.
   */
  private static final class Uring implements AsyncEngine.Submission {
    private final IoWorkers workers;
    private final Step tried = this::tried;
    private IoUnit unit;
    private AsyncEngine engine;
    private RwFlags flags;
    private RwFlags nowait;
    private final boolean polled;

    Uring(IoWorkers workers, boolean polled) {
      this.workers = workers;
      this.polled = polled;
    }

    @Override
    public void submit(Exec x, IoUnit next, AsyncEngine to) {
      unit = next;
      engine = to;
      if (next.isDirect()) {
        next.file().file().takeCall().start(x, next, to);
      } else if (polled) {
        // A ring with IORING_SETUP_IOPOLL takes nothing that can't be polled for.
        next.fail(next.direction().transfers() ? Errno.EOPNOTSUPP : Errno.EINVAL);
        to.post(x, next);
      } else if (next.direction().transfers()) {
        x.then(tried);
        next.perform(x, withNowait(next.rwFlags()));
      } else {
        workers.hand(x, next, to);
      }
    }

    /** A job's flags are always the same object. */
    private RwFlags withNowait(RwFlags usual) {
      if (usual != flags) {
        flags = usual;
        nowait = new RwFlags(usual.mask() | RwFlag.NOWAIT.mask());
      }
      return nowait;
    }

    private void tried(Exec x) {
      if (unit.isLeftOver() && !flags.has(RwFlag.NOWAIT)) {
        workers.hand(x, unit, engine);
      } else {
        engine.post(x, unit);
      }
    }
  }
}
