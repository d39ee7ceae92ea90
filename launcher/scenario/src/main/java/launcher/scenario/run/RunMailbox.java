package launcher.scenario.run;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import launcher.scenario.policy.PolicyFamily;

/**
 * The only way to a run that has a thread of its own: commands in, snapshots out. May be used on
 * any thread. A command takes effect between two instants of the run, in the order of the calls;
 * its answer comes after that, and is exceptional if it can't be obeyed.
 */
public final class RunMailbox {
  /** Acts on a run on its own thread, and answers. */
  private record Letter<T>(Function<LiveRun, T> command, CompletableFuture<T> answer) {
    void handle(LiveRun run) {
      try {
        answer.complete(command.apply(run));
      } catch (RuntimeException refused) {
        answer.completeExceptionally(refused);
      }
    }

    void refuse(String why) {
      answer.completeExceptionally(new IllegalStateException(why));
    }
  }

  private final BlockingQueue<Letter<?>> letters = new LinkedBlockingQueue<>();
  private volatile RunSnapshot snapshot;
  private boolean closed;

  RunMailbox() {}

  /** The run as it was a moment ago, at most a few tens of milliseconds of wall time. */
  public RunSnapshot snapshot() {
    return snapshot;
  }

  void publish(RunSnapshot now) {
    snapshot = now;
  }

  /** Holds the run until {@link #resume}. */
  public CompletableFuture<RunSnapshot> pause() {
    return post(LiveRun::pause);
  }

  /** Lets the run go on as long as it can. */
  public CompletableFuture<RunSnapshot> resume() {
    return post(LiveRun::resume);
  }

  /**
   * Runs a paused run on: everything due at the next virtual times at which anything is due.
   *
   * @param count how many such times, above 0
   */
  public CompletableFuture<RunSnapshot> stepInstants(long count) {
    return post(run -> run.stepInstants(count));
  }

  /**
   * Runs a paused run on for some virtual time.
   *
   * @param ns above 0
   */
  public CompletableFuture<RunSnapshot> stepNs(long ns) {
    return post(run -> run.stepNs(ns));
  }

  /**
   * Sets how fast virtual time passes at most.
   *
   * @param virtualPerWall virtual seconds in a wall second, above 0; infinity for no limit
   */
  public CompletableFuture<RunSnapshot> speed(double virtualPerWall) {
    return post(run -> run.speed(virtualPerWall));
  }

  /** Puts a policy in use; see {@link SimulationRun#use} for what the answer may be. */
  public CompletableFuture<RunSnapshot> use(PolicyFamily<?> family, String id) {
    return post(run -> run.use(family, id));
  }

  /** Ends the run now; what it has done so far is its result. */
  public CompletableFuture<RunSnapshot> stop() {
    return post(LiveRun::stopNow);
  }

  /** The run's journal so far. */
  public CompletableFuture<Journal> journal() {
    return post(LiveRun::journalNow);
  }

  CompletableFuture<RunSnapshot> arrived(PolicyFamily<?> family, String id) {
    return post(run -> run.policyArrived(family, id));
  }

  CompletableFuture<RunSnapshot> refused(PolicyFamily<?> family, String id, String reason) {
    return post(run -> run.policyRefused(family, id, reason));
  }

  CompletableFuture<RunSnapshot> leaving(PolicyFamily<?> family, String id, Object policy) {
    return post(run -> run.policyLeaving(family, id, policy));
  }

  private <T> CompletableFuture<T> post(Function<LiveRun, T> command) {
    Letter<T> letter = new Letter<>(command, new CompletableFuture<>());
    synchronized (this) {
      if (!closed) {
        letters.add(letter);
        return letter.answer();
      }
    }
    letter.refuse("run: it is over");
    return letter.answer();
  }

  /** Handles the next command; waits for it for a while. False if there was none. */
  boolean handleNext(LiveRun run, long waitNs) throws InterruptedException {
    Letter<?> letter = letters.poll(waitNs, TimeUnit.NANOSECONDS);
    if (letter == null) {
      return false;
    }
    letter.handle(run);
    return true;
  }

  /** Refuses what is in the box and whatever comes. */
  synchronized void close() {
    closed = true;
    Consumer<Letter<?>> refuse = letter -> letter.refuse("run: it is over");
    letters.forEach(refuse);
    letters.clear();
  }
}
