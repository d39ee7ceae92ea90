package launcher.scenario.run;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;

/**
 * A run on a thread of its own, which follows the policies that come and go. Wall time decides only
 * when something is done, never what: it is in no trace.
 */
public final class LiveRun implements AutoCloseable {
  /** Wall time between two looks at the mailbox, at most, where an instant is not longer. */
  private static final long SLICE_WALL_NS = 10_000_000;

  private static final long SLICE_NS_MIN = 1_000;
  private static final long SLICE_NS_MAX = 1_000_000_000;
  private static final long PROGRESS_WALL_NS = 100_000_000;
  private static final long FOREVER_NS = Long.MAX_VALUE;

  /** Wall time between two looks whether the thread that is waited for was abandoned. */
  private static final long JOIN_MS = 50;

  /**
   * Wall time for which others wait.
   *
   * @param lettingGo in which a run lets go of a policy that leaves
   * @param step in which a step of a policy returns
   */
  record Patience(Duration lettingGo, Duration step) {
    static Patience usual() {
      return new Patience(Duration.ofSeconds(10), StepWatch.patience());
    }
  }

  private final RunMailbox mailbox = new RunMailbox();
  private final CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
  private final Consumer<RunSnapshot> progress;
  private final ConfiguringLookup lookup;
  private final AutoCloseable listening;
  private final Duration lettingGo;
  private final SimulationRun run;
  private final Thread thread;
  private final StepWatch watch;

  /** The thread does not come back from a policy's code: nobody waits for it any more. */
  private volatile boolean abandoned;

  private boolean paused;
  private double virtualPerWall = Double.POSITIVE_INFINITY;
  private long sliceNs = SLICE_NS_MIN;

  /** Where a limit of speed counts from. */
  private long anchorNs;

  private long anchorWallNs;
  private long toldWallNs;
  private RunState toldState;

  /**
   * Composes a run; nothing happens before {@link #start}.
   *
   * @param name for messages about its thread
   * @param lookup where its policies are found; it also tells of those that come and go
   * @param progress told of the run on its thread, ten times a wall second and when its state
   *     changes; returns soon
   * @throws RuntimeException as {@link SimulationRun}'s constructor
   */
  public LiveRun(
      String name,
      Scenario scenario,
      PolicyLookup lookup,
      RunOptions options,
      Consumer<RunSnapshot> progress) {
    this(name, scenario, lookup, options, progress, Patience.usual());
  }

  /** A run that is called as its scenario is. */
  public LiveRun(
      Scenario scenario, PolicyLookup lookup, RunOptions options, Consumer<RunSnapshot> progress) {
    this(scenario.name(), scenario, lookup, options, progress);
  }

  LiveRun(
      String name,
      Scenario scenario,
      PolicyLookup lookup,
      RunOptions options,
      Consumer<RunSnapshot> progress,
      Patience patience) {
    this.lookup = new ConfiguringLookup(lookup);
    lettingGo = patience.lettingGo();
    this.progress = Objects.requireNonNull(progress, "progress");
    // Listens first: what leaves while the run is composed must be let go of, too.
    listening = lookup.listen(new Listener());
    try {
      run = new SimulationRun(scenario, this.lookup, options);
    } catch (RuntimeException refused) {
      mailbox.close();
      stopListening();
      throw refused;
    }
    mailbox.publish(run.snapshot());
    thread = new Thread(this::drive, "run-" + name);
    thread.setDaemon(true);
    watch = new StepWatch(run, thread, patience.step(), this::abandon);
  }

  /** Starts the thread. */
  public LiveRun start() {
    thread.start();
    watch.start();
    return this;
  }

  /** Starts the thread, which waits for a command before the first event. */
  public LiveRun startPaused() {
    paused = true;
    return start();
  }

  /** How to reach it. */
  public RunMailbox mailbox() {
    return mailbox;
  }

  /**
   * Waits for its end.
   *
   * @throws IllegalStateException if the thread has died of an error of ours, its cause
   */
  public RunOutcome await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("run: its thread has died", e.getCause());
    }
  }

  /**
   * Its journal, with the digest.
   *
   * @throws IllegalStateException if it is not over; ask the mailbox then
   */
  public Journal journal() {
    if (!outcome.isDone()) {
      throw new IllegalStateException("run: it is not over; ask its mailbox for the journal");
    }
    return run.journal();
  }

  /** Ends it, if it isn't over, and waits for the thread. */
  @Override
  public void close() {
    if (thread.getState() == Thread.State.NEW) {
      mailbox.close();
      stopListening();
      return;
    }
    mailbox.stop();
    boolean interrupted = false;
    while (thread.isAlive() && !abandoned) {
      try {
        thread.join(JOIN_MS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // On the run's thread.

  private void drive() {
    try {
      resetAnchor();
      while (!run.state().isOver() && !abandoned) {
        boolean isHandled = mailbox.handleNext(this, waitNs());
        // Ends: each round takes a command out of the box.
        while (isHandled) {
          isHandled = mailbox.handleNext(this, 0);
        }
        if (isMoving()) {
          advance();
        }
        tell();
      }
      if (!abandoned) {
        outcome.complete(run.outcome());
      }
    } catch (Throwable died) {
      outcome.completeExceptionally(died);
    } finally {
      watch.close();
      mailbox.close();
      stopListening();
    }
  }

  /** On the watch's thread: the run is over, its thread is left alone, and its policies may go. */
  private void abandon(PolicyFault fault) {
    abandoned = true;
    mailbox.publish(mailbox.snapshot().abandoned(fault.text()));
    mailbox.close();
    stopListening();
    outcome.complete(RunOutcome.abandoned(fault));
  }

  private boolean isMoving() {
    return !paused && !run.state().isOver() && run.state() != RunState.SUSPENDED;
  }

  /** Wall time for which there is nothing to do but to wait for commands. */
  private long waitNs() {
    if (!isMoving()) {
      return FOREVER_NS;
    }
    if (run.emptyUntilNs() > run.nowNs()) {
      return 0;
    }
    return Math.min(SLICE_WALL_NS, Math.max(0, wallUntil(run.nowNs() + SLICE_NS_MIN)));
  }

  private boolean isLimited() {
    return virtualPerWall != Double.POSITIVE_INFINITY;
  }

  private long wallUntil(long timeNs) {
    if (!isLimited()) {
      return 0;
    }
    return anchorWallNs + (long) ((timeNs - anchorNs) / virtualPerWall) - System.nanoTime();
  }

  private void advance() {
    long beginWallNs = System.nanoTime();
    long emptyUntilNs = run.emptyUntilNs();
    if (emptyUntilNs > run.nowNs()) {
      // However slow the run: the sooner it finds out that nothing happens any more.
      run.advanceToNs(emptyUntilNs);
      resetAnchor();
      return;
    }
    long timeNs = run.nowNs() + sliceNs;
    if (isLimited()) {
      long due = anchorNs + (long) ((beginWallNs - anchorWallNs) * virtualPerWall);
      timeNs = Math.min(timeNs, due);
    }
    if (timeNs <= run.nowNs()) {
      return;
    }
    run.advanceToNs(timeNs);
    long wallNs = System.nanoTime() - beginWallNs;
    if (wallNs < SLICE_WALL_NS / 2) {
      sliceNs = Math.min(SLICE_NS_MAX, sliceNs * 2);
    } else if (wallNs > SLICE_WALL_NS) {
      sliceNs = Math.max(SLICE_NS_MIN, sliceNs / 2);
    }
  }

  private void resetAnchor() {
    anchorNs = run.nowNs();
    anchorWallNs = System.nanoTime();
  }

  private RunSnapshot snapshot() {
    RunSnapshot now = run.snapshot();
    boolean isHeld = paused && (now.state() == RunState.RUNNING || now.state() == RunState.READY);
    return isHeld ? now.paused() : now;
  }

  private RunSnapshot tell() {
    RunSnapshot now = snapshot();
    mailbox.publish(now);
    long wallNs = System.nanoTime();
    if (now.state() != toldState || wallNs - toldWallNs >= PROGRESS_WALL_NS) {
      toldState = now.state();
      toldWallNs = wallNs;
      progress.accept(now);
    }
    return now;
  }

  private RunSnapshot published() {
    RunSnapshot now = snapshot();
    mailbox.publish(now);
    return now;
  }

  RunSnapshot pause() {
    paused = true;
    return published();
  }

  RunSnapshot resume() {
    paused = false;
    resetAnchor();
    return published();
  }

  RunSnapshot stepInstants(long count) {
    requireSteppable(count);
    run.advanceByInstants(count);
    return published();
  }

  RunSnapshot stepNs(long ns) {
    requireSteppable(ns);
    run.advanceToNs(Math.addExact(run.nowNs(), ns));
    return published();
  }

  private void requireSteppable(long count) {
    if (count < 1) {
      throw new IllegalArgumentException("step: is " + count + "; it must be above 0");
    }
    if (!paused) {
      throw new IllegalStateException("step: the run is not paused; pause it first");
    }
  }

  RunSnapshot speed(double limit) {
    if (!(limit > 0)) {
      throw new IllegalArgumentException("speed: is " + limit + "; it must be above 0");
    }
    virtualPerWall = limit;
    resetAnchor();
    return published();
  }

  RunSnapshot use(PolicyFamily<?> family, String id) {
    run.use(family, id);
    resetAnchor();
    return published();
  }

  RunSnapshot stopNow() {
    run.stop();
    return published();
  }

  Journal journalNow() {
    return run.journal();
  }

  RunSnapshot policyArrived(PolicyFamily<?> family, String id) {
    run.policyArrived(family, id);
    resetAnchor();
    return published();
  }

  RunSnapshot policyRefused(PolicyFamily<?> family, String id, String reason) {
    run.policyRefused(family, id, reason);
    return published();
  }

  RunSnapshot policyLeaving(PolicyFamily<?> family, String id, Object policy) {
    run.policyLeaving(family, id, policy);
    return published();
  }

  // On whatever thread a policy comes or goes on.

  private void stopListening() {
    try {
      listening.close();
    } catch (Exception e) {
      throw new IllegalStateException("run: can't stop listening to policies", e);
    }
  }

  private final class Listener implements PolicyListener {
    @Override
    public void arrived(PolicyFamily<?> family, String id) {
      mailbox.arrived(family, id);
    }

    @Override
    public void refused(PolicyFamily<?> family, String id) {
      lookup.refused().stream()
          .filter(policy -> policy.id().equals(id))
          .findFirst()
          .ifPresent(policy -> mailbox.refused(family, id, policy.reason()));
    }

    @Override
    public void leaving(PolicyFamily<?> family, String id, Object policy) {
      if (lookup.isConfiguring()) {
        return;
      }
      if (Thread.currentThread() == thread) {
        policyLeaving(family, id, policy);
        return;
      }
      try {
        mailbox.leaving(family, id, policy).get(lettingGo.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        if (!outcome.isDone() && thread.isAlive()) {
          throw new IllegalStateException("run: could not let go of " + id, e.getCause());
        }
        // The run is over: it calls no policy any more.
      } catch (TimeoutException e) {
        throw new IllegalStateException(stuckText(id), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("run: interrupted while it let go of " + id, e);
      }
    }

    private String stuckText(String id) {
      StackTraceElement[] frames = thread.getStackTrace();
      return "%s: did not let go of %s within %d ms: its thread is %s%s"
          .formatted(
              thread.getName(),
              id,
              lettingGo.toMillis(),
              thread.getState(),
              frames.length == 0 ? "" : " at " + frames[0]);
    }
  }
}
