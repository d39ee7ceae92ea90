package launcher.cli.compare;

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
import launcher.cli.run.ProgressLine;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.report.Figures;
import launcher.scenario.Scenario;
import launcher.scenario.policy.PolicyLookup;

/**
 * Runs the variants, several at one time: each run is one thread of its own and shares nothing with
 * the others, so that its digest is what it is alone.
 */
final class VariantRuns {
  private final PolicyLookup policies;
  private final Interrupt interrupt;
  private final Progress progress;

  /** Share done of each variant that has begun, by its number. */
  private final Map<Integer, Double> shares = new ConcurrentHashMap<>();

  VariantRuns(PolicyLookup policies, Interrupt interrupt, Progress progress) {
    this.policies = policies;
    this.interrupt = interrupt;
    this.progress = progress;
  }

  /**
   * Runs all of them.
   *
   * @param threads how many at one time
   * @return in the order of the scenarios, whichever ended first
   */
  List<FinishedVariant> run(
      Map<Map<String, String>, Scenario> scenarios, boolean digest, int threads)
      throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, scenarios.size()));
    List<Future<FinishedVariant>> futures = new ArrayList<>();
    try {
      scenarios.forEach(
          (settings, scenario) -> {
            int number = futures.size();
            futures.add(
                pool.submit(() -> one(settings, scenario, digest, number, scenarios.size())));
          });
      List<FinishedVariant> finished = new ArrayList<>();
      for (Future<FinishedVariant> future : futures) {
        finished.add(get(future));
      }
      return finished;
    } finally {
      pool.shutdownNow();
    }
  }

  private static FinishedVariant get(Future<FinishedVariant> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private FinishedVariant one(
      Map<String, String> settings, Scenario scenario, boolean digest, int number, int count)
      throws InterruptedException {
    if (interrupt.isRaised()) {
      return new FinishedVariant(settings, scenario, Optional.empty(), "not run");
    }
    try {
      var run =
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
      return new FinishedVariant(settings, scenario, Optional.of(run), "");
    } catch (RefusedRunException refused) {
      return new FinishedVariant(settings, scenario, Optional.empty(), refused.getMessage());
    }
  }

  private String line(int count) {
    double done = shares.values().stream().mapToDouble(share -> Math.min(1, share)).sum();
    long ended = shares.values().stream().filter(share -> share >= 1).count();
    return "%d of %d variants done, %s".formatted(ended, count, Figures.percent(done, count));
  }
}
