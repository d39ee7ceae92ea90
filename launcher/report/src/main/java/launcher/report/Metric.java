package launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A figure of a summary, by name: what scenarios expect, tables show and files hold.
 *
 * <p>A figure may be absent, as the latency of reads is where nothing was read.
 */
public final class Metric {
  /** What a figure measures. */
  public enum Kind {
    /** Virtual nanoseconds. */
    NANOSECONDS,
    /** Bytes. */
    BYTES,
    /** Bytes a virtual second. */
    BYTES_PER_SECOND,
    /** A number of things. */
    COUNT,
    /** A number of things a virtual second. */
    PER_SECOND
  }

  /** Which of two figures is the better one. */
  public enum Better {
    /** The lower one. */
    LOWER,
    /** The higher one. */
    HIGHER,
    /** Neither is. */
    NEITHER
  }

  private static final long PAGE_BYTES = 4096;
  private static final List<Metric> ALL = list();

  private final String key;
  private final Kind kind;
  private final Better better;
  private final ToDoubleFunction<RunSummary> ofRun;
  private final ToDoubleFunction<JobSummary> ofJob;

  private Metric(
      String key,
      Kind kind,
      Better better,
      ToDoubleFunction<RunSummary> ofRun,
      ToDoubleFunction<JobSummary> ofJob) {
    this.key = key;
    this.kind = kind;
    this.better = better;
    this.ofRun = ofRun;
    this.ofJob = ofJob;
  }

  /** All figures, in the order in which they are documented. */
  public static List<Metric> all() {
    return ALL;
  }

  /** The figure of this name. */
  public static Optional<Metric> of(String key) {
    return ALL.stream().filter(metric -> metric.key.equals(key)).findFirst();
  }

  /** Name: lower case, hyphens inside. */
  public String key() {
    return key;
  }

  /** What it measures. */
  public Kind kind() {
    return kind;
  }

  /** Which of two is the better one. */
  public Better better() {
    return better;
  }

  /** Whether a single job has this figure too. */
  public boolean isOfJob() {
    return ofJob != null;
  }

  /** The figure of a run. */
  public OptionalDouble value(RunSummary run) {
    return optional(ofRun.applyAsDouble(run));
  }

  /**
   * The figure of one job.
   *
   * @throws IllegalArgumentException if jobs have no such figure
   */
  public OptionalDouble value(JobSummary job) {
    if (ofJob == null) {
      throw new IllegalArgumentException(key + " is a figure of the run; no job has it");
    }
    return optional(ofJob.applyAsDouble(job));
  }

  private static OptionalDouble optional(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  @Override
  public String toString() {
    return key;
  }

  // --- the list ---------------------------------------------------------------------------------

  private static List<Metric> list() {
    List<Metric> all = new ArrayList<>();
    addDirection(all, "", JobSummary::data);
    addDirection(all, "read-", JobSummary::read);
    addDirection(all, "write-", JobSummary::write);
    addLatency(all, "sync-lat", job -> job.sync().lat());
    ofJob(all, "syncs", Kind.COUNT, Better.NEITHER, job -> job.sync().ios());
    addLatency(all, "writer-stall", JobSummary::writeStall);
    ofJob(all, "runtime", Kind.NANOSECONDS, Better.LOWER, JobSummary::runtimeNs);
    ofJob(all, "ios-open", Kind.COUNT, Better.LOWER, JobSummary::open);
    addCache(all);
    addCompletion(all);
    addCpu(all);
    ofRun(all, "complaints", Kind.COUNT, Better.LOWER, RunSummary::complaints);
    ofRun(all, "suspensions", Kind.COUNT, Better.NEITHER, RunSummary::suspensions);
    return List.copyOf(all);
  }

  private static void addDirection(
      List<Metric> all, String prefix, Function<JobSummary, DirectionSummary> of) {
    ofJob(
        all,
        prefix + "throughput",
        Kind.BYTES_PER_SECOND,
        Better.HIGHER,
        job -> JobSummary.perSecond(of.apply(job).bytes(), job.runtimeNs()));
    ofJob(
        all,
        prefix + "iops",
        Kind.PER_SECOND,
        Better.HIGHER,
        job -> JobSummary.perSecond(of.apply(job).ios(), job.runtimeNs()));
    ofJob(all, prefix + "ios", Kind.COUNT, Better.NEITHER, job -> of.apply(job).ios());
    ofJob(all, prefix + "bytes", Kind.BYTES, Better.NEITHER, job -> of.apply(job).bytes());
    ofJob(all, prefix + "errors", Kind.COUNT, Better.LOWER, job -> of.apply(job).errors());
    addLatency(all, prefix + "slat", job -> of.apply(job).slat());
    addLatency(all, prefix + "clat", job -> of.apply(job).clat());
    addLatency(all, prefix + "lat", job -> of.apply(job).lat());
  }

  private static void addCache(List<Metric> all) {
    ofRun(all, "dropped-pages", Kind.COUNT, Better.NEITHER, run -> run.cache().droppedPages());
    ofRun(all, "left-cached-pages", Kind.COUNT, Better.LOWER, run -> run.cache().leftCachedPages());
    pages(all, "dropped", Better.NEITHER, run -> run.cache().droppedPages());
    pages(all, "left-cached", Better.LOWER, run -> run.cache().leftCachedPages());
    pages(all, "peak-dirty", Better.LOWER, run -> run.cache().peakDirtyPages());
    pages(all, "peak-cached", Better.LOWER, run -> run.cache().peakCachedPages());
    pages(all, "peak-writeback", Better.LOWER, run -> run.cache().peakWritebackPages());
    pages(all, "end-cached", Better.LOWER, run -> run.cache().endCachedPages());
    pages(all, "end-dirty", Better.LOWER, run -> run.cache().endDirtyPages());
    pages(all, "reclaimed", Better.NEITHER, run -> run.cache().reclaimedPages());
    pages(all, "refaulted", Better.LOWER, run -> run.cache().refaultedPages());
    ofRun(all, "throttles", Kind.COUNT, Better.LOWER, run -> run.cache().throttles());
    ofRun(all, "throttled", Kind.NANOSECONDS, Better.LOWER, run -> run.cache().throttledNs());
    ofRun(all, "log-waits", Kind.COUNT, Better.LOWER, run -> run.cache().logWaits());
    ofRun(all, "log-waited", Kind.NANOSECONDS, Better.LOWER, run -> run.cache().logWaitedNs());
  }

  private static void addCompletion(List<Metric> all) {
    ofRun(all, "bios", Kind.COUNT, Better.NEITHER, run -> run.completion().ended());
    ofRun(all, "bios-deferred", Kind.COUNT, Better.NEITHER, run -> run.completion().deferred());
    ofRun(all, "bios-failed", Kind.COUNT, Better.LOWER, run -> run.completion().failed());
    ofRun(all, "bios-pending", Kind.COUNT, Better.LOWER, run -> run.completion().pending());
    ofRun(all, "bios-lost", Kind.COUNT, Better.LOWER, run -> run.completion().lost());
    ofRun(all, "bios-handed-over", Kind.COUNT, Better.NEITHER, r -> r.completion().handedOver());
    addRunLatency(all, "deferral", run -> run.completion().deferral());
    addRunLatency(all, "kickoff", run -> run.completion().kickoff());
  }

  private static void addCpu(List<Metric> all) {
    ofRun(all, "cpu-user", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().userNs());
    ofRun(all, "cpu-system", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().systemNs());
    ofRun(
        all,
        "cpu-task",
        Kind.NANOSECONDS,
        Better.LOWER,
        run -> run.cpu().userNs() + run.cpu().systemNs());
    ofRun(all, "cpu-worker", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().workerNs());
    ofRun(all, "cpu-softirq", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().softirqNs());
    ofRun(all, "cpu-hardirq", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().hardirqNs());
    ofRun(all, "cpu-busy", Kind.NANOSECONDS, Better.LOWER, run -> run.cpu().busyNs());
    ofRun(all, "worker-wakeups", Kind.COUNT, Better.LOWER, run -> run.cpu().workerWakeUps());
    ofRun(all, "context-switches", Kind.COUNT, Better.LOWER, run -> run.cpu().contextSwitches());
    ofRun(all, "hardirqs", Kind.COUNT, Better.LOWER, run -> run.cpu().hardirqs());
    ofRun(all, "ipis", Kind.COUNT, Better.LOWER, run -> run.cpu().ipis());
    ofRun(all, "tlb-flushes", Kind.COUNT, Better.LOWER, run -> run.cpu().tlbFlushes());
    ofRun(all, "tlb-shootdowns", Kind.COUNT, Better.LOWER, run -> run.cpu().tlbShootdowns());
    ofRun(all, "tlb-ipis", Kind.COUNT, Better.LOWER, run -> run.cpu().tlbIpis());
  }

  private static void pages(
      List<Metric> all, String key, Better better, ToDoubleFunction<RunSummary> of) {
    ofRun(all, key, Kind.BYTES, better, run -> of.applyAsDouble(run) * PAGE_BYTES);
  }

  private static void ofRun(
      List<Metric> all, String key, Kind kind, Better better, ToDoubleFunction<RunSummary> of) {
    all.add(new Metric(key, kind, better, of, null));
  }

  private static void ofJob(
      List<Metric> all, String key, Kind kind, Better better, ToDoubleFunction<JobSummary> of) {
    all.add(new Metric(key, kind, better, run -> of.applyAsDouble(run.total()), of));
  }

  private static void addLatency(
      List<Metric> all, String key, Function<JobSummary, Latency> latency) {
    for (Point point : Point.values()) {
      ToDoubleFunction<JobSummary> of = job -> point.of(latency.apply(job));
      ofJob(all, key + "-" + point.text, Kind.NANOSECONDS, Better.LOWER, of);
    }
  }

  private static void addRunLatency(
      List<Metric> all, String key, Function<RunSummary, Latency> latency) {
    for (Point point : Point.values()) {
      ToDoubleFunction<RunSummary> of = run -> point.of(latency.apply(run));
      ofRun(all, key + "-" + point.text, Kind.NANOSECONDS, Better.LOWER, of);
    }
  }

  private enum Point {
    MIN("min", Latency::minNs),
    MEAN("mean", Latency::meanNs),
    STDDEV("stddev", Latency::stddevNs),
    P50("p50", Latency::p50Ns),
    P90("p90", Latency::p90Ns),
    P99("p99", Latency::p99Ns),
    P999("p99.9", Latency::p999Ns),
    MAX("max", Latency::maxNs);

    final String text;
    private final ToDoubleFunction<Latency> value;

    Point(String text, ToDoubleFunction<Latency> value) {
      this.text = text;
      this.value = value;
    }

    double of(Latency latency) {
      return latency.count() == 0 ? Double.NaN : value.applyAsDouble(latency);
    }
  }
}
