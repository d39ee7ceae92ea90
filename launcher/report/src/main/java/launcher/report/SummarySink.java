package launcher.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * Folds a trace into a {@link RunSummary} as it happens. Allocates only when a job or a task is new
 * and when a histogram grows.
 */
public final class SummarySink implements TraceSink {
  /** Reasons of {@code folio_keep}, by number. */
  static final List<String> KEEP_REASONS =
      List.of(
          "dropped",
          "not-task",
          "trylock-failed",
          "dirty-or-writeback",
          "flag-cleared",
          "no-mapping",
          "busy",
          "deferred");

  /** No reason to stay: a policy has taken the folio over, which ends with another later. */
  private static final int DEFERRED = KEEP_REASONS.indexOf("deferred");

  private static final int CPU_KINDS = 5;
  private static final long NS_PER_MS = 1_000_000;
  private static final long LOST_AFTER_NS = 100_000_000;

  private final List<String> names = new ArrayList<>();
  private final Map<Integer, JobFold> jobs = new LinkedHashMap<>();
  private final LatencyRecorder deferral = new LatencyRecorder();
  private final LatencyRecorder kickoff = new LatencyRecorder();
  private final long[] keptPages = new long[KEEP_REASONS.size()];
  private final long[] cpuNs = new long[CPU_KINDS];
  private final OpenIos pending = new OpenIos();
  private boolean[] kernelThread = new boolean[64];
  private int lastJobName = -1;
  private JobFold lastJob;
  private int cpus;
  private long endNs;

  private long droppedPages;
  private long cachedPages;
  private long dirtyPages;
  private long peakCachedPages;
  private long peakDirtyPages;
  private long peakWritebackPages;
  private long reclaimedPages;
  private long refaultedPages;
  private long throttles;
  private long throttledNs;
  private long logWaits;
  private long logWaitedNs;

  private long submitted;
  private long ended;
  private long deferred;
  private long failed;
  private long handedOver;

  private long contextSwitches;
  private long workerWakeUps;
  private long hardirqs;
  private long ipis;
  private long tlbFlushes;
  private long tlbShootdowns;
  private long tlbIpis;
  private long complaints;
  private long suspensions;

  /** A fold of nothing so far. */
  public SummarySink() {}

  @Override
  public Set<Tracepoint> interest() {
    return EnumSet.of(
        Tracepoint.TASK_NEWTASK,
        Tracepoint.SCHED_SWITCH,
        Tracepoint.SCHED_WAKEUP,
        Tracepoint.IRQ_HANDLER_ENTRY,
        Tracepoint.IPI_SEND_CPU,
        Tracepoint.BALANCE_DIRTY_PAGES,
        Tracepoint.BLOCK_BIO_QUEUE,
        Tracepoint.IO_SUBMIT,
        Tracepoint.IO_COMPLETE,
        Tracepoint.BIO_DEFER,
        Tracepoint.BIO_END,
        Tracepoint.BIO_END_AGAIN,
        Tracepoint.FOLIO_DROP,
        Tracepoint.FOLIO_KEEP,
        Tracepoint.CACHE_LEVEL,
        Tracepoint.RECLAIM,
        Tracepoint.WORKINGSET_REFAULT,
        Tracepoint.TLB_FLUSH,
        Tracepoint.CPU_TIME,
        Tracepoint.COMPLAINT,
        Tracepoint.POLICY_USE,
        Tracepoint.RUN_SUSPEND,
        Tracepoint.EROFS_KICKOFF,
        Tracepoint.XFS_LOG_GRANT_WAKE);
  }

  @Override
  public void name(int id, String name) {
    while (names.size() <= id) {
      names.add("");
    }
    names.set(id, name);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    endNs = timeNs;
    switch (type) {
      case TASK_NEWTASK -> newTask((int) a, c != 0);
      case SCHED_SWITCH -> contextSwitches++;
      case SCHED_WAKEUP -> workerWakeUps += isKernelThread((int) a) ? 1 : 0;
      case IRQ_HANDLER_ENTRY -> hardirqs++;
      case IPI_SEND_CPU -> ipis++;
      case BALANCE_DIRTY_PAGES -> throttled(d);
      case BLOCK_BIO_QUEUE -> submitted++;
      case IO_SUBMIT -> job((int) a).submitted(b, f, timeNs);
      case IO_COMPLETE -> job((int) a).completed(timeNs, b, (int) c, d, e);
      case BIO_DEFER -> bioDeferred(a, timeNs);
      case BIO_END -> bioEnded(a, c, d);
      case BIO_END_AGAIN -> bioEndsAgain(b);
      case FOLIO_DROP -> droppedPages += a;
      case FOLIO_KEEP -> keptPages[(int) b] += a;
      case CACHE_LEVEL -> level(a, b, c);
      case RECLAIM -> reclaimedPages += a;
      case WORKINGSET_REFAULT -> refaultedPages += a;
      case TLB_FLUSH -> tlbFlushed(c);
      case CPU_TIME -> cpuTime(cpu, (int) a, b);
      case COMPLAINT -> complaints++;
      case POLICY_USE -> handedOver += c;
      case RUN_SUSPEND -> suspensions += a;
      case EROFS_KICKOFF -> kickoff.record(b);
      case XFS_LOG_GRANT_WAKE -> logSpaceCame(c);
      default -> throw new IllegalStateException("not asked for: " + type);
    }
  }

  private void newTask(int pid, boolean kernel) {
    if (pid >= kernelThread.length) {
      kernelThread = Arrays.copyOf(kernelThread, Math.max(pid + 1, kernelThread.length * 2));
    }
    kernelThread[pid] = kernel;
  }

  private boolean isKernelThread(int pid) {
    return pid < kernelThread.length && kernelThread[pid];
  }

  private void throttled(long pauseMs) {
    if (pauseMs > 0) {
      throttles++;
      throttledNs += pauseMs * NS_PER_MS;
    }
  }

  private void logSpaceCame(long delayNs) {
    logWaits++;
    logWaitedNs += delayNs;
  }

  private JobFold job(int nameId) {
    if (nameId != lastJobName) {
      lastJobName = nameId;
      lastJob = jobs.computeIfAbsent(nameId, id -> new JobFold(names.get(id)));
    }
    return lastJob;
  }

  private void bioDeferred(long bio, long timeNs) {
    deferred++;
    pending.put(bio, timeNs, timeNs);
  }

  private void bioEnded(long bio, long deferredNs, long error) {
    ended++;
    pending.take(bio);
    if (error != 0) {
      failed++;
    }
    if (deferredNs > 0) {
      deferral.record(deferredNs);
    }
  }

  /** Its end was none. */
  private void bioEndsAgain(long error) {
    ended--;
    if (error != 0) {
      failed--;
    }
  }

  private void level(long cached, long dirty, long writeback) {
    cachedPages = cached;
    dirtyPages = dirty;
    peakCachedPages = Math.max(peakCachedPages, cached);
    peakDirtyPages = Math.max(peakDirtyPages, dirty);
    peakWritebackPages = Math.max(peakWritebackPages, writeback);
  }

  private void tlbFlushed(long otherCpus) {
    tlbFlushes++;
    if (otherCpus > 0) {
      tlbShootdowns++;
      tlbIpis += otherCpus;
    }
  }

  private void cpuTime(int cpu, int kind, long ns) {
    cpus = Math.max(cpus, cpu + 1);
    cpuNs[kind] += ns;
  }

  /** What the trace has told so far, without what takes long to add up. */
  public Counters counters() {
    long ios = 0;
    long bytes = 0;
    for (JobFold job : jobs.values()) {
      ios += job.ios();
      bytes += job.bytes();
    }
    return new Counters(
        ios, bytes, submitted, deferred, droppedPages, workerWakeUps, contextSwitches, hardirqs);
  }

  /** What the trace has told so far. Independent of what follows. */
  public RunSummary summary() {
    JobFold total = new JobFold("all jobs");
    List<JobSummary> summaries = new ArrayList<>();
    for (JobFold job : jobs.values()) {
      total.add(job);
      summaries.add(job.summary());
    }
    return new RunSummary(
        endNs,
        total.summary(),
        summaries,
        cache(),
        new CompletionSummary(
            submitted,
            ended,
            deferred,
            pending.size(),
            pending.startedBefore(endNs - LOST_AFTER_NS),
            failed,
            deferral.latency(),
            kickoff.latency(),
            handedOver),
        new CpuSummary(
            cpus,
            cpuNs[0],
            cpuNs[1],
            cpuNs[2],
            cpuNs[3],
            cpuNs[4],
            contextSwitches,
            workerWakeUps,
            hardirqs,
            ipis,
            tlbFlushes,
            tlbShootdowns,
            tlbIpis),
        complaints,
        suspensions);
  }

  private CacheSummary cache() {
    Map<String, Long> byReason = new LinkedHashMap<>();
    long leftCached = 0;
    for (int reason = 0; reason < keptPages.length; reason++) {
      if (keptPages[reason] != 0 && reason != DEFERRED) {
        byReason.put(KEEP_REASONS.get(reason), keptPages[reason]);
        leftCached += keptPages[reason];
      }
    }
    return new CacheSummary(
        droppedPages,
        leftCached,
        byReason,
        peakCachedPages,
        peakDirtyPages,
        peakWritebackPages,
        cachedPages,
        dirtyPages,
        reclaimedPages,
        refaultedPages,
        throttles,
        throttledNs,
        logWaits,
        logWaitedNs);
  }
}
