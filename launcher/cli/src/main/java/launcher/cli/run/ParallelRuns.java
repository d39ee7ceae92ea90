package launcher.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import launcher.cli.Interrupt;
import launcher.cli.Progress;
import launcher.report.Figures;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyLookup;

/**
 * Does several runs at one time: each is one thread of its own and shares nothing with the others,
 * so that its digest is what it is alone.
 */
public final class ParallelRuns implements ScenarioBatch {
  private final PolicyLookup policies;
  private final Interrupt interrupt;
  private final Progress progress;
  private final int threads;

  /** Share done of each run that has begun, by its number. */
  private final Map<Integer, Double> shares = new ConcurrentHashMap<>();

  /**
   * Runs to be done.
   *
   * @param interrupt ends the runs that are going on, and lets none begin any more
   * @param progress told how many are done
   * @param threads how many at one time, at least one
   */
  public ParallelRuns(PolicyLookup policies, Interrupt interrupt, Progress progress, int threads) {
    this.policies = policies;
    this.interrupt = interrupt;
    this.progress = progress;
    this.threads = threads;
  }

  @Override
  public List<Attempt> run(List<Scenario> scenarios, boolean digest) throws InterruptedException {
    shares.clear();
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, scenarios.size())));
    List<Future<Attempt>> futures = new ArrayList<>();
    try {
      for (Scenario scenario : scenarios) {
        int number = futures.size();
        futures.add(pool.submit(() -> one(scenario, digest, number, scenarios.size())));
      }
      List<Attempt> attempts = new ArrayList<>();
      for (Future<Attempt> future : futures) {
        attempts.add(get(future));
      }
      return attempts;
    } finally {
      pool.shutdownNow();
    }
  }

  private static Attempt get(Future<Attempt> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Attempt one(Scenario scenario, boolean digest, int number, int count)
      throws InterruptedException {
    if (interrupt.isRaised()) {
      return new Attempt(scenario, Optional.empty(), "not run");
    }
    try {
      FinishedRun run =
          new RunExecution(policies, interrupt)
              .run(
                  scenario,
                  digest,
                  Optional.empty(),
                  now -> {
                    shares.put(number, Math.max(0, ProgressLine.share(scenario, now)));
                    progress.tell(() -> line(count));
                  });
      shares.put(number, 1.0);
      return new Attempt(scenario, Optional.of(run), "");
    } catch (RefusedRunException refused) {
      return new Attempt(scenario, Optional.empty(), refused.getMessage());
    }
  }

  private String line(int count) {
    double done = shares.values().stream().mapToDouble(share -> Math.min(1, share)).sum();
    long ended = shares.values().stream().filter(share -> share >= 1).count();
    return "%d of %d runs done, %s".formatted(ended, count, Figures.percent(done, count));
  }
}
