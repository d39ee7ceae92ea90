package launcher.scenario.internal.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.fio.job.FioJob;
import launcher.fio.job.RunTime;
import launcher.fio.job.StartRule;
import sim.kernel.Machine;
import sim.kernel.event.EventHandler;
import sim.kernel.random.RandomStream;

/** Which jobs may run: start rules, {@code exitall}, and the end of all. */
final class JobControl {
  private enum State {
    WAITING,
    DELAYED,
    RUNNING,
    ENDED
  }

  private final Machine machine;
  private final List<FioJob> jobs;
  private final List<JobThread> threads = new ArrayList<>();
  private final State[] states;
  private final long[] delayNs;
  private final EventHandler due = this::due;
  private List<WorkFile> files = List.of();
  private Runnable whenEnded = () -> {};
  private long startNs;
  private long ios;
  private int firstAlive;
  private int alive;
  private boolean stopping;

  JobControl(Machine machine, List<FioJob> jobs) {
    this.machine = machine;
    this.jobs = jobs;
    states = new State[jobs.size()];
    delayNs = new long[jobs.size()];
    RandomStream chance = machine.streams().named("workload.startdelay");
    for (int i = 0; i < states.length; i++) {
      states[i] = State.WAITING;
      StartRule rule = jobs.get(i).start();
      long spread = rule.delayMaxNs() - rule.delayMinNs();
      delayNs[i] = rule.delayMinNs() + (spread > 0 ? chance.nextLong(spread + 1) : 0);
      requireEarlier(i);
    }
    alive = states.length;
  }

  /** Whoever waits for a job that comes later would wait forever. */
  private void requireEarlier(int index) {
    FioJob job = jobs.get(index);
    Optional<String> name = job.start().waitFor();
    if (name.isEmpty()) {
      return;
    }
    for (FioJob earlier : jobs.subList(0, index)) {
      if (earlier.name().equals(name.get()) && !job.name().equals(name.get())) {
        return;
      }
    }
    throw new IllegalArgumentException(
        WorkloadFiles.where(job)
            + "wait_for="
            + name.get()
            + ": no such job comes before it; name one that does");
  }

  /** The name that a job's I/O is reported under: with group_reporting that of its group. */
  String reportedName(FioJob job) {
    if (job.reporting().groupReporting()) {
      for (FioJob other : jobs) {
        if (other.identity().groupId() == job.identity().groupId()) {
          return other.name();
        }
      }
    }
    return job.name();
  }

  /** Adds the next job's thread, in the order of the jobs. */
  void add(JobThread thread) {
    threads.add(thread);
  }

  /** All files of the run. */
  List<WorkFile> files() {
    return files;
  }

  /** Names the files of the run; called once, when they are made. */
  void setFiles(List<WorkFile> made) {
    files = made;
  }

  /** A number that no other I/O of the run has. */
  long nextNumber() {
    return ++ios;
  }

  void onEnd(Runnable action) {
    whenEnded = action;
  }

  boolean isEnded() {
    return alive == 0;
  }

  /** Begins the run; delays count from here. */
  void start() {
    startNs = machine.nowNs();
    startReady();
  }

  private void startReady() {
    int barrier = 0;
    for (int i = 0; i < states.length; i++) {
      if (jobs.get(i).start().afterAllEarlier()) {
        barrier = i;
      }
      if (firstAlive < barrier) {
        return;
      }
      if (states[i] == State.WAITING && !waits(i)) {
        states[i] = State.DELAYED;
        long at = startNs + delayNs[i];
        if (at <= machine.nowNs()) {
          due(i);
        } else {
          machine.events().schedule(at, due, i);
        }
      }
    }
  }

  private boolean waits(int index) {
    Optional<String> name = jobs.get(index).start().waitFor();
    if (name.isEmpty()) {
      return false;
    }
    for (int i = 0; i < states.length; i++) {
      if (states[i] != State.ENDED && jobs.get(i).name().equals(name.get())) {
        return true;
      }
    }
    return false;
  }

  private void due(long index) {
    int i = (int) index;
    if (states[i] == State.DELAYED) {
      states[i] = State.RUNNING;
      threads.get(i).start();
    }
  }

  /** Tells every job to stop. */
  void stop() {
    stopping = true;
    stop(0, states.length, -1);
    checkEnd();
  }

  /** Stops the jobs from one to before another; only those of a group unless it is negative. */
  private void stop(int from, int to, int group) {
    for (int i = from; i < to; i++) {
      if (group >= 0 && jobs.get(i).identity().groupId() != group) {
        continue;
      }
      if (states[i] == State.RUNNING) {
        threads.get(i).stop();
      } else if (states[i] != State.ENDED) {
        markEnded(i);
      }
    }
  }

  private void markEnded(int index) {
    states[index] = State.ENDED;
    alive--;
    while (firstAlive < states.length && states[firstAlive] == State.ENDED) {
      firstAlive++;
    }
  }

  /** A job's thread has done its last step but this. */
  void ended(JobThread thread) {
    int index = threads.indexOf(thread);
    markEnded(index);
    RunTime time = jobs.get(index).time();
    if (time.exitAll()) {
      switch (time.exitWhat()) {
        case ALL -> stop(0, states.length, -1);
        case GROUP -> stop(0, states.length, jobs.get(index).identity().groupId());
        case STONEWALL -> stop(0, nextBarrier(index), -1);
      }
    }
    if (!stopping) {
      startReady();
    }
    checkEnd();
  }

  private int nextBarrier(int index) {
    for (int i = index + 1; i < states.length; i++) {
      if (jobs.get(i).start().afterAllEarlier()) {
        return i;
      }
    }
    return states.length;
  }

  private void checkEnd() {
    if (alive == 0) {
      Runnable action = whenEnded;
      whenEnded = () -> {};
      action.run();
    }
  }
}
