package launcher.cli.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import launcher.cli.Interrupt;
import launcher.cli.Progress;
import launcher.cli.run.FinishedRun;
import launcher.cli.run.ProgressLine;
import launcher.cli.run.RefusedRunException;
import launcher.cli.run.RunExecution;
import launcher.report.Figures;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.run.RunOptions;
import launcher.validation.ValidationRun;
import launcher.validation.fold.FoldedRun;
import launcher.validation.fold.KernelFold;
import mm.core.reclaim.MemorySettings;

/** Runs what validations name, several at one time. */
final class ValidationRuns {
  private final PolicyLookup policies;
  private final Interrupt interrupt;
  private final Progress progress;
  private final int threads;

  /** Share done of each run that has begun. */
  private final Map<ValidationRun, Double> shares = new ConcurrentHashMap<>();

  ValidationRuns(PolicyLookup policies, Interrupt interrupt, Progress progress, int threads) {
    this.policies = policies;
    this.interrupt = interrupt;
    this.progress = progress;
    this.threads = threads;
  }

  /**
   * What came of a run.
   *
   * @param run what was run
   * @param folded its figures; null if it was not run to its end
   * @param failures what went wrong
   */
  record Done(ValidationRun run, FoldedRun folded, List<String> failures) {}

  /** Runs all of them; in their order, whichever ended first. */
  List<Done> run(List<ValidationRun> runs) throws InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Done>> futures = new ArrayList<>();
    try {
      runs.forEach(run -> futures.add(pool.submit(() -> one(run, runs.size()))));
      List<Done> done = new ArrayList<>();
      for (Future<Done> future : futures) {
        done.add(get(future));
      }
      return done;
    } finally {
      pool.shutdownNow();
    }
  }

  private static Done get(Future<Done> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Done one(ValidationRun run, int count) throws InterruptedException {
    if (interrupt.isRaised()) {
      return new Done(run, null, List.of());
    }
    KernelFold fold = new KernelFold(run.observation());
    RunOptions options =
        RunOptions.DEFAULT.with(fold).tracingAfter(run.observation().wholeNs()).withoutDigest();
    try {
      FinishedRun finished =
          new RunExecution(policies, interrupt)
              .run(
                  run.scenario(),
                  options,
                  now -> {
                    shares.put(run, Math.max(0, ProgressLine.share(run.scenario(), now)));
                    progress.tell(() -> line(count));
                  });
      shares.put(run, 1.0);
      progress.tell(() -> line(count));
      boolean whole = !finished.outcome().cutShort() && finished.outcome().failure().isEmpty();
      return new Done(run, whole ? folded(fold, finished) : null, failures(run, finished));
    } catch (RefusedRunException refused) {
      return new Done(run, null, List.of(run.name() + ": " + refused.getMessage()));
    }
  }

  private static FoldedRun folded(KernelFold fold, FinishedRun finished) {
    long pages = finished.outcome().fileBytes() >> MemorySettings.PAGE_SHIFT;
    return new FoldedRun(fold, finished.summary(), pages);
  }

  private static List<String> failures(ValidationRun run, FinishedRun finished) {
    return finished.ownFailures().stream().map(text -> run.name() + ": " + text).toList();
  }

  private String line(int count) {
    double done = shares.values().stream().mapToDouble(share -> Math.min(1, share)).sum();
    long ended = shares.values().stream().filter(share -> share >= 1).count();
    return "%d of %d runs done, %s".formatted(ended, count, Figures.percent(done, count));
  }
}
