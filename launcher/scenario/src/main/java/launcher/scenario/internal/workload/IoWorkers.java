package launcher.scenario.internal.workload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import launcher.fio.sequence.IoDirection;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.machine.Cost;

/**
 * Threads that make a job's calls in its place: io-wq's of io_uring, glibc's of posixaio. One is
 * woken or made for each unit until there are enough; units that must not run beside each other
 * wait in order.
 */
final class IoWorkers {
  /** Which units of a file are done one after the other. */
  enum Serial {
    /** Writes: what io-wq hashes. */
    WRITES,
    /** All: glibc has one thread a descriptor. */
    ALL
  }

  private final RunParts parts;
  private final JobThread job;
  private final String name;
  private final Serial serial;
  private final int threadsMax;
  private final ArrayDeque<IoUnit> pending = new ArrayDeque<>();
  private final ArrayDeque<IoWorker> idle = new ArrayDeque<>();
  private final List<WorkFile> busy = new ArrayList<>();
  private AsyncEngine engine;
  private int threads;

  /**
   * No threads yet.
   *
   * @param name of each
   * @param threadsMax how many there can be
   */
  IoWorkers(RunParts parts, JobThread job, String name, Serial serial, int threadsMax) {
    this.name = name;
    this.parts = parts;
    this.job = job;
    this.serial = serial;
    this.threadsMax = threadsMax;
  }

  /** Hands a unit over; it is posted to {@code to} when it is done. Charged to the caller. */
  void hand(Exec x, IoUnit unit, AsyncEngine to) {
    engine = to;
    boolean follows = isSerial(unit) && (isBusy(unit) || isAwaited(unit));
    pending.addLast(unit);
    if (follows) {
      return;
    }
    IoWorker worker = idle.pollLast();
    if (worker != null) {
      x.charge(Cost.WAKE);
      worker.task.wake();
    } else if (threads < threadsMax) {
      threads++;
      x.charge(Cost.WORKER_CREATE);
      new IoWorker().task.wake();
    }
  }

  private boolean isSerial(IoUnit unit) {
    return serial == Serial.ALL || unit.direction() == IoDirection.WRITE;
  }

  private boolean isBusy(IoUnit unit) {
    return busy.contains(unit.file().file());
  }

  /** Whether a thread has been woken for another unit of the file. */
  private boolean isAwaited(IoUnit unit) {
    for (IoUnit other : pending) {
      if (isSerial(other) && other.file().file() == unit.file().file()) {
        return true;
      }
    }
    return false;
  }

  /** The first that may run, taken out; null if there is none. */
  private IoUnit next() {
    for (var units = pending.iterator(); units.hasNext(); ) {
      IoUnit unit = units.next();
      if (!isSerial(unit) || !isBusy(unit)) {
        units.remove();
        if (isSerial(unit)) {
          busy.add(unit.file().file());
        }
        return unit;
      }
    }
    return null;
  }

  private final class IoWorker {
    private final Task task;
    private final Step loop = this::loop;
    private final Step done = this::done;
    private IoUnit unit;

    IoWorker() {
      boolean kernel = serial == Serial.WRITES;
      task = parts.machine().newTask(name, kernel, job.task().affinity());
      job.joinGroup(task);
      task.withNice(job.nice());
      task.then(loop);
    }

    private void loop(Exec x) {
      x.then(loop);
      unit = next();
      if (unit == null) {
        idle.addLast(this);
        x.block();
      } else {
        x.then(done);
        unit.perform(x, unit.rwFlags());
      }
    }

    private void done(Exec x) {
      if (isSerial(unit)) {
        busy.remove(unit.file().file());
      }
      engine.post(x, unit);
    }
  }
}
