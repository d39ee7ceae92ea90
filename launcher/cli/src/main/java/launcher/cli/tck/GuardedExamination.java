package launcher.cli.tck;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import policies.tck.TckExamination;
import policies.tck.TckFamily;
import policies.tck.TckOutcome;
import policies.tck.TckRule;
import policies.tck.TckVerdict;

/**
 * Examines a policy on a thread of its own and watches it: one that loops in a step, or allocates
 * there without end, is a breach. Its thread can't be stopped; it is left behind, and dies with the
 * process.
 */
final class GuardedExamination<P> {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long LOOK_MS = 50;

  /** How much longer than it computes a rule may take. */
  private static final long WALL_FACTOR = 5;

  private static final String NOT_ITS_OWN =
      "(java|jdk|sim\\.kernel|mm\\.core|block\\.bio|policies\\.tck)\\..*";
  private static final long HEAP_BYTES_MAX = 2L << 30;

  private final TckFamily<P> family;
  private final TckExamination<P> examination;
  private final long limitMs;
  private TckVerdict lost;

  /**
   * An examination that has not begun.
   *
   * @param limitMs CPU time that one rule may take, and a fifth of the wall time
   */
  GuardedExamination(Subject<P> subject, long limitMs) {
    family = subject.family();
    examination = family.examine(subject.policy());
    this.limitMs = limitMs;
  }

  /** Judges by every rule, in their order. */
  List<TckVerdict> judgeAll() {
    List<TckVerdict> verdicts = new ArrayList<>();
    for (TckRule rule : family.rules()) {
      TckVerdict verdict = lost == null ? judge(rule) : null;
      verdicts.add(
          verdict == null
              ? new TckVerdict(rule, TckOutcome.UNJUDGED, lost.rule().id() + " is broken first")
              : verdict);
    }
    if (lost != null) {
      verdicts.set(family.rules().indexOf(lost.rule()), lost);
    }
    return verdicts;
  }

  /** Null if the policy does not come back. */
  private TckVerdict judge(TckRule rule) {
    CompletableFuture<TckVerdict> verdict = new CompletableFuture<>();
    Thread thread = new Thread(() -> complete(verdict, rule), "tck " + rule.id());
    thread.setDaemon(true);
    thread.start();
    long beganNs = System.nanoTime();
    // Ends with a verdict, or when the policy is given up.
    while (lost == null) {
      try {
        return verdict.get(LOOK_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        giveUpIfLost(thread, beganNs);
      } catch (ExecutionException e) {
        throw new IllegalStateException("examination by " + rule.id(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in examination by " + rule.id(), e);
      }
    }
    return null;
  }

  private void complete(CompletableFuture<TckVerdict> verdict, TckRule rule) {
    try {
      verdict.complete(examination.judge(rule));
    } catch (Throwable thrown) {
      verdict.completeExceptionally(thrown);
    }
  }

  private void giveUpIfLost(Thread thread, long beganNs) {
    long wallMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    // Of a machine that has other things to do, a thread gets less time than passes.
    long cpuMs = TimeUnit.NANOSECONDS.toMillis(THREADS.getThreadCpuTime(thread.getId()));
    if (heapIsFull()) {
      lose(family.boundedState(), "holds more than " + (HEAP_BYTES_MAX >> 20) + " MiB", thread);
    } else if (cpuMs > limitMs) {
      lose(family.boundedWork(), "does not come back within " + limitMs + " ms", thread);
    } else if (wallMs > WALL_FACTOR * limitMs) {
      lose(family.boundedWork(), "waits for something outside the machine", thread);
    }
  }

  private void lose(TckRule rule, String what, Thread thread) {
    lost = new TckVerdict(rule, TckOutcome.BREACH, what + ": it is " + place(thread));
  }

  /** Where its own code is. */
  private static String place(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (!frame.getClassName().matches(NOT_ITS_OWN)) {
        return "at %s.%s, line %d"
            .formatted(frame.getClassName(), frame.getMethodName(), frame.getLineNumber());
      }
    }
    return "in code that it called";
  }

  private static boolean heapIsFull() {
    if (usedBytes() <= HEAP_BYTES_MAX) {
      return false;
    }
    // Most of it may be garbage.
    System.gc();
    return usedBytes() > HEAP_BYTES_MAX;
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
