package launcher.scenario.internal.workload;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Units that are queued, go into the kernel by one call, and come back by another: null, libaio and
 * io_uring. What happens to a unit inside the submitting call is the {@link Submission}'s to say.
 */
final class AsyncEngine implements JobEngine {
  /** What an engine does to one unit inside its submitting call. */
  interface Submission {
    /**
     * Submits; the unit is given to {@link AsyncEngine#post} once, now or later. Step function of
     * the job's task.
     */
    void submit(Exec x, IoUnit unit, AsyncEngine engine);
  }

  /** How completions are fetched. */
  enum Reap {
    /** io_getevents, each time. */
    CALL,
    /** From a ring in user memory; a call only to wait. */
    RING,
    /** As RING; who waits polls the device, which raises no interrupts. */
    POLL,
    /** As RING; each unit is submitted by a call of its own, as soon as it is queued. */
    UNITS,
    /** No call at all: what is submitted is complete. */
    FREE
  }

  private final JobThread job;
  private final Submission submission;
  private final Reap reap;
  private final ArrayDeque<IoUnit> queued = new ArrayDeque<>();
  private final ArrayDeque<IoUnit> submitted = new ArrayDeque<>();
  private final ArrayDeque<IoUnit> completed = new ArrayDeque<>();
  private final Step submitNext = this::submitNext;
  private final Step gather = this::gather;
  private final Step gathered = this::gathered;
  private int min;
  private int max;
  private boolean waiting;

  AsyncEngine(JobThread job, Submission submission, Reap reap) {
    this.job = job;
    this.submission = submission;
    this.reap = reap;
  }

  @Override
  public void queue(Exec x, IoUnit unit) {
    queued.addLast(unit);
    if (reap == Reap.UNITS) {
      commit(x);
    }
  }

  @Override
  public void commit(Exec x) {
    if (queued.isEmpty()) {
      return;
    }
    if (reap != Reap.FREE) {
      x.charge(Cost.SYSCALL);
    }
    x.then(submitNext);
  }

  private void submitNext(Exec x) {
    IoUnit unit = queued.pollFirst();
    if (unit == null) {
      returned(x);
      return;
    }
    submitted.addLast(unit);
    x.then(submitNext);
    submission.submit(x, unit, this);
  }

  /** fio takes the end of the call for the time at which all its units were submitted. */
  private void returned(Exec x) {
    x.returnToUser();
    for (IoUnit unit = submitted.pollFirst(); unit != null; unit = submitted.pollFirst()) {
      job.submitted(x, unit);
    }
  }

  @Override
  public void await(Exec x, int least, int most) {
    min = least;
    max = most;
    x.then(gather);
    commit(x);
  }

  private void gather(Exec x) {
    if (reap == Reap.CALL || reap != Reap.FREE && completed.size() < min) {
      x.charge(Cost.SYSCALL);
    }
    x.then(gathered);
  }

  private void gathered(Exec x) {
    if (completed.size() < min) {
      x.then(gathered);
      if (reap == Reap.POLL) {
        job.device().poll(x);
      } else {
        waiting = true;
        x.block();
      }
      return;
    }
    x.returnToUser();
    for (int i = 0; i < max && !completed.isEmpty(); i++) {
      job.completed(x, completed.pollFirst());
    }
  }

  @Override
  public void interrupt() {
    min = 0;
    if (waiting) {
      waiting = false;
      job.task().wake();
    }
  }

  /** A unit has completed; wakes the job if it waits for no more than that. In any context. */
  void post(Exec x, IoUnit unit) {
    completed.addLast(unit);
    if (waiting && completed.size() >= min) {
      waiting = false;
      x.charge(Cost.WAKE);
      job.task().wake();
    }
  }
}
