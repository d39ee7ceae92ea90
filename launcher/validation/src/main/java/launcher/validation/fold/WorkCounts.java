package launcher.validation.fold;

import java.util.Arrays;
import launcher.report.Latency;
import launcher.report.LatencyRecorder;

/** Work items by the name of their function: how many ran, how long they waited and took. */
final class WorkCounts {
  private static final int FIRST_SIZE = 64;

  /** By the id of a function's name; null for a name that is none. */
  private Function[] functions = new Function[FIRST_SIZE];

  /** By the number of a worker, which does one thing at a time. */
  private long[] startedNs = new long[FIRST_SIZE];

  /** By the number of an item; one that is queued again before it started waits anew. */
  private final OpenSpans waiting = new OpenSpans();

  private static final class Function {
    final LatencyRecorder waits = new LatencyRecorder();
    long executions;
    long busyNs;
  }

  private Function of(int name) {
    if (name >= functions.length) {
      functions = Arrays.copyOf(functions, Math.max(name + 1, functions.length * 2));
    }
    if (functions[name] == null) {
      functions[name] = new Function();
    }
    return functions[name];
  }

  void queued(long timeNs, long item) {
    waiting.begin(item, 0, timeNs);
  }

  void started(long timeNs, int name, int worker, long item) {
    Function function = of(name);
    function.executions++;
    long queuedNs = waiting.end(item, 0);
    if (queuedNs != OpenSpans.NONE) {
      function.waits.record(timeNs - queuedNs);
    }
    if (worker >= startedNs.length) {
      startedNs = Arrays.copyOf(startedNs, Math.max(worker + 1, startedNs.length * 2));
    }
    startedNs[worker] = timeNs;
  }

  void ended(long timeNs, int name, int worker) {
    if (worker < startedNs.length) {
      of(name).busyNs += timeNs - startedNs[worker];
    }
  }

  long executions(int name) {
    return has(name) ? functions[name].executions : 0;
  }

  /** From {@code workqueue_queue_work} to {@code workqueue_execute_start}. */
  Latency waits(int name) {
    return has(name) ? functions[name].waits.latency() : Latency.NONE;
  }

  /** From {@code workqueue_execute_start} to its end, with what the worker slept in between. */
  long busyNs(int name) {
    return has(name) ? functions[name].busyNs : 0;
  }

  private boolean has(int name) {
    return name >= 0 && name < functions.length && functions[name] != null;
  }
}
