package launcher.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Writes summaries as JSON. The shape is stable: keys may be added, none is renamed or removed
 * without a new {@code format} number. {@code docs/reports.md} lists the keys.
 */
public final class SummaryJson {
  /** Number of the shape. */
  public static final int FORMAT = 1;

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SummaryJson() {}

  /**
   * One run.
   *
   * @param heading what the caller knows about the run: scenario, seed, policies, digest; by key,
   *     in order, strings, numbers, booleans, lists and maps
   */
  public static String of(Map<String, ?> heading, RunSummary run) {
    ObjectNode root = root(heading);
    addRun(root, run);
    return text(root);
  }

  /**
   * A comparison.
   *
   * @param heading as for one run
   */
  public static String of(Map<String, ?> heading, List<Variant> variants) {
    ObjectNode root = root(heading);
    ArrayNode list = root.putArray("variants");
    for (Variant variant : variants) {
      ObjectNode node = list.addObject();
      node.set("settings", MAPPER.valueToTree(variant.settings()));
      variant.facts().forEach((key, value) -> node.set(key, MAPPER.valueToTree(value)));
      node.set("remarks", MAPPER.valueToTree(variant.remarks()));
      variant.summary().ifPresent(summary -> addRun(node, summary));
    }
    return text(root);
  }

  private static ObjectNode root(Map<String, ?> heading) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    heading.forEach((key, value) -> root.set(key, MAPPER.valueToTree(value)));
    return root;
  }

  private static String text(ObjectNode root) {
    try {
      return MAPPER.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values could not be written", e);
    }
  }

  /** Adds everything about a run to what a caller writes of it. */
  public static void addRun(ObjectNode node, RunSummary run) {
    node.put("end_ns", run.endNs());
    addMetrics(node.putObject("metrics"), run);
    ArrayNode jobs = node.putArray("jobs");
    run.jobs().forEach(job -> addJob(jobs.addObject(), job));
    addJob(node.putObject("total"), run.total());
    node.set("page_cache", MAPPER.valueToTree(cache(run.cache())));
    ObjectNode completion = node.putObject("completion");
    completion.put("bios_submitted", run.completion().submitted());
    completion.put("bios_ended", run.completion().ended());
    completion.put("bios_deferred", run.completion().deferred());
    completion.put("bios_pending", run.completion().pending());
    completion.put("bios_lost", run.completion().lost());
    completion.put("bios_failed", run.completion().failed());
    completion.put("bios_handed_over", run.completion().handedOver());
    addLatency(completion, "deferral_ns", run.completion().deferral());
    addLatency(completion, "kickoff_ns", run.completion().kickoff());
    addCpu(node.putObject("cpu"), run.cpu());
    node.put("complaints", run.complaints());
    node.put("suspensions", run.suspensions());
  }

  /** Every figure by its name, absent ones left out. */
  private static void addMetrics(ObjectNode node, RunSummary run) {
    for (Metric metric : Metric.all()) {
      OptionalDouble value = metric.value(run);
      if (value.isPresent()) {
        putFigure(node, metric.key(), value.getAsDouble());
      }
    }
  }

  private static void putFigure(ObjectNode node, String key, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      node.put(key, (long) value);
    } else {
      node.put(key, value);
    }
  }

  private static Map<String, Object> cache(CacheSummary cache) {
    Map<String, Object> node = new java.util.LinkedHashMap<>();
    node.put("dropped_pages", cache.droppedPages());
    node.put("left_cached_pages", cache.leftCachedPages());
    node.put("left_cached_by_reason", cache.leftCachedByReason());
    node.put("peak_cached_pages", cache.peakCachedPages());
    node.put("peak_dirty_pages", cache.peakDirtyPages());
    node.put("peak_writeback_pages", cache.peakWritebackPages());
    node.put("end_cached_pages", cache.endCachedPages());
    node.put("end_dirty_pages", cache.endDirtyPages());
    node.put("reclaimed_pages", cache.reclaimedPages());
    node.put("refaulted_pages", cache.refaultedPages());
    node.put("throttles", cache.throttles());
    node.put("throttled_ns", cache.throttledNs());
    node.put("log_waits", cache.logWaits());
    node.put("log_waited_ns", cache.logWaitedNs());
    return node;
  }

  private static void addCpu(ObjectNode node, CpuSummary cpu) {
    node.put("cpus", cpu.cpus());
    node.put("user_ns", cpu.userNs());
    node.put("system_ns", cpu.systemNs());
    node.put("worker_ns", cpu.workerNs());
    node.put("softirq_ns", cpu.softirqNs());
    node.put("hardirq_ns", cpu.hardirqNs());
    node.put("context_switches", cpu.contextSwitches());
    node.put("worker_wakeups", cpu.workerWakeUps());
    node.put("hardirqs", cpu.hardirqs());
    node.put("ipis", cpu.ipis());
    node.put("tlb_flushes", cpu.tlbFlushes());
    node.put("tlb_shootdowns", cpu.tlbShootdowns());
    node.put("tlb_ipis", cpu.tlbIpis());
  }

  private static void addJob(ObjectNode node, JobSummary job) {
    node.put("name", job.name());
    node.put("start_ns", job.startNs());
    node.put("end_ns", job.endNs());
    node.put("ios_open", job.open());
    addDirection(node.putObject("read"), job, job.read());
    addDirection(node.putObject("write"), job, job.write());
    addDirection(node.putObject("trim"), job, job.trim());
    addDirection(node.putObject("sync"), job, job.sync());
    addLatency(node, "write_stall_ns", job.writeStall());
  }

  private static void addDirection(ObjectNode node, JobSummary job, DirectionSummary of) {
    node.put("ios", of.ios());
    node.put("bytes", of.bytes());
    node.put("errors", of.errors());
    putFigure(node, "bytes_per_second", JobSummary.perSecond(of.bytes(), job.runtimeNs()));
    putFigure(node, "iops", JobSummary.perSecond(of.ios(), job.runtimeNs()));
    addLatency(node, "slat_ns", of.slat());
    addLatency(node, "clat_ns", of.clat());
    addLatency(node, "lat_ns", of.lat());
  }

  private static void addLatency(ObjectNode parent, String key, Latency latency) {
    ObjectNode node = parent.putObject(key);
    node.put("count", latency.count());
    node.put("min", latency.minNs());
    putFigure(node, "mean", latency.meanNs());
    putFigure(node, "stddev", latency.stddevNs());
    node.put("p50", latency.p50Ns());
    node.put("p90", latency.p90Ns());
    node.put("p99", latency.p99Ns());
    node.put("p99.9", latency.p999Ns());
    node.put("max", latency.maxNs());
  }
}
