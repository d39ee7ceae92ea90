package launcher.validation.fold;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import launcher.report.DirectionSummary;
import launcher.report.JobSummary;
import launcher.report.Latency;
import launcher.report.Metric;
import launcher.scenario.Unit;
import launcher.scenario.tree.Suggestion;
import launcher.validation.fold.CpuContexts.Context;
import launcher.validation.fold.GroupCounts.Stat;
import sim.kernel.trace.Tracepoint;

/**
 * Every figure that can be named. Names that hold keys have them behind bars: {@code
 * complete_ctx_share|virtio|W|softirq/ksoftirqd}. Figures of reports have the names that {@code
 * expect} of a scenario uses.
 */
public final class FigureNames {
  private static final String PAGES = "pages";
  private static final long PAGE_BYTES = 4096;
  private static final long NS_PER_MS = 1_000_000;

  /** As {@code include/linux/iomap.h} numbers them. */
  private static final List<String> IOMAP_TYPES =
      List.of("HOLE", "DELALLOC", "MAPPED", "UNWRITTEN", "INLINE");

  private record Keyed(
      List<List<String>> keys,
      Unit unit,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {}

  private static final Map<String, FigureName> PLAIN = new LinkedHashMap<>();
  private static final Map<String, Keyed> KEYED = new LinkedHashMap<>();
  private static final List<String> NUMBER = List.of("NUMBER");
  private static final List<String> FUNCTION = List.of("FUNCTION");

  static {
    plain("resident_pages_at_exit", PAGES, run -> run.counts().cachedAtExit());
    plain("dirty_pages_at_exit", PAGES, run -> run.counts().dirtyAtExit());
    plain("peak_dirty_pages", PAGES, run -> run.counts().peakDirty());
    plain("dev_reads", "", run -> upper(run, BlockOp.READ));
    plain("dev_writes", "", run -> upper(run, BlockOp.WRITE));
    plain("dev_wmerge", "", FigureNames::upperWriteMerges);
    group("memcg_cache", Stat.CACHED);
    group("memcg_dirty", Stat.DIRTY);
    group("memcg_writeback", Stat.WRITEBACK);
    group("memcg_mapped_file", Stat.MAPPED);
    group("memcg_max_usage", Stat.MAX_USAGE);
    plain("memcg_failcnt", "", run -> run.counts().groups().of(Stat.FAILCNT));
    plain(
        "memcg_workingset_refault_file",
        "",
        run -> run.counts().groups().of(Stat.REFAULTED) * PAGE_BYTES);
    addJobs("read", run -> jobs(run).read());
    addJobs("write", run -> jobs(run).write());
    for (Metric metric : Metric.all()) {
      ToDoubleFunction<FoldedRun> of = run -> metric.value(run.summary()).orElse(Double.NaN);
      String unitText = unitText(metric.kind());
      PLAIN.put(metric.key(), new FigureName(metric.key(), unit(metric.kind()), unitText, of));
    }
    List<String> devices = words(DeviceClass.values(), device -> device.text);
    List<String> ops = words(BlockOp.values(), op -> op.text);
    List<String> tasks = words(TaskClass.values(), task -> task.text);
    List<String> contexts = words(Context.values(), context -> context.text);
    List<String> reasons = List.of(KernelFold.WRITEBACK_REASONS);
    keyed("bio", List.of(devices, ops, tasks), "", FigureNames::bios);
    keyed("complete_ctx_share", List.of(devices, ops, contexts), "", FigureNames::contextShare);
    keyed(
        "filemap",
        List.of(List.of("add", "del"), tasks, List.of("folios", PAGES)),
        "",
        FigureNames::filemap);
    keyed("folio_add_order", List.of(NUMBER), "folios", FigureNames::foliosOfOrder);
    keyed("work_executions", List.of(FUNCTION), "", (run, key) -> run.counts().executions(key[0]));
    keyed("event", List.of(kernelEvents()), "", FigureNames::events);
    keyed("iomap_add_to_ioend", List.of(IOMAP_TYPES), "", FigureNames::addedToIoends);
    keyed("writeback_start", List.of(devices, reasons), "", FigureNames::writebackStarts);
    keyed("balance_dirty_pages_pauses", List.of(devices), "", FigureNames::pauses);
    KEYED.put(
        "balance_dirty_pages_pause_ms_sum",
        new Keyed(List.of(devices), Unit.NANOSECONDS, "ms", FigureNames::pausedNs));
    KEYED.put(
        "bytes_in_second",
        new Keyed(
            List.of(List.of("read", "write"), NUMBER),
            Unit.BYTES_PER_SECOND,
            "MiB/s",
            FigureNames::bytesInSecond));
  }

  private FigureNames() {}

  /** The figure of a name; empty if there is none. */
  public static Optional<FigureName> of(String text) {
    FigureName plain = PLAIN.get(text);
    if (plain != null) {
      return Optional.of(plain);
    }
    int bar = text.indexOf('|');
    Keyed keyed = bar < 0 ? null : KEYED.get(text.substring(0, bar));
    if (keyed == null) {
      return Optional.empty();
    }
    String[] keys = text.substring(bar + 1).split("\\|", -1);
    return fits(keyed, keys)
        ? Optional.of(
            new FigureName(
                text, keyed.unit(), keyed.unitText(), run -> keyed.of().applyAsDouble(run, keys)))
        : Optional.empty();
  }

  private static boolean fits(Keyed keyed, String[] keys) {
    if (keys.length != keyed.keys().size()) {
      return false;
    }
    for (int i = 0; i < keys.length; i++) {
      List<String> known = keyed.keys().get(i);
      boolean fits =
          known == NUMBER
              ? keys[i].matches("[0-9]{1,4}")
              : known == FUNCTION ? keys[i].matches("[a-z]\\w*") : known.contains(keys[i]);
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /** The lines that follow a message about a name that is not there. */
  public static String[] whatExists(String text) {
    List<String> lines = new ArrayList<>();
    lines.add("of a trace: " + String.join(", ", forms()));
    lines.add("of a report: the figures that 'expect' of a scenario knows; see docs/reports.md");
    int bar = text.indexOf('|');
    Keyed keyed = bar < 0 ? null : KEYED.get(text.substring(0, bar));
    if (keyed != null) {
      for (List<String> known : keyed.keys()) {
        lines.add("key: " + String.join(", ", known));
      }
    }
    Suggestion.nearest(text, PLAIN.keySet())
        .ifPresent(near -> lines.add("did you mean '" + near + "'?"));
    return lines.toArray(new String[0]);
  }

  /** Names that a trace answers for, with one place-holder a key. */
  public static List<String> forms() {
    List<String> forms =
        new ArrayList<>(PLAIN.keySet().stream().filter(name -> Metric.of(name).isEmpty()).toList());
    KEYED.forEach((name, keyed) -> forms.add(name + "|…".repeat(keyed.keys().size())));
    return forms;
  }

  // --- how each is told -------------------------------------------------------------------------

  private static void plain(String name, String unitText, ToDoubleFunction<FoldedRun> of) {
    PLAIN.put(name, new FigureName(name, Unit.COUNT, unitText, of));
  }

  /** The kernel prints pages of groups in bytes. */
  private static void group(String name, Stat stat) {
    ToDoubleFunction<FoldedRun> of = run -> run.counts().groups().of(stat) * PAGE_BYTES;
    PLAIN.put(name, new FigureName(name, Unit.BYTES, "B", of));
  }

  private static void keyed(
      String name,
      List<List<String>> keys,
      String unitText,
      ToDoubleBiFunction<FoldedRun, String[]> of) {
    KEYED.put(name, new Keyed(keys, Unit.COUNT, unitText, of));
  }

  private static void addJobs(String name, Function<FoldedRun, DirectionSummary> direction) {
    PLAIN.put(
        name + ".throughput",
        new FigureName(
            name + ".throughput",
            Unit.BYTES_PER_SECOND,
            "MiB/s",
            run -> perSecond(direction.apply(run), runtimeNs(run))));
    time(name + ".runtime", "ms", run -> runtimeNs(run));
    latency(name + ".clat_mean", direction, Latency::meanNs);
    latency(name + ".clat_p50", direction, Latency::p50Ns);
    latency(name + ".clat_p90", direction, Latency::p90Ns);
    latency(name + ".clat_p99", direction, Latency::p99Ns);
    latency(name + ".clat_p99.9", direction, Latency::p999Ns);
    latency(name + ".clat_max", direction, Latency::maxNs);
  }

  private static void time(String name, String unitText, ToDoubleFunction<FoldedRun> of) {
    PLAIN.put(name, new FigureName(name, Unit.NANOSECONDS, unitText, of));
  }

  private static void latency(
      String name,
      Function<FoldedRun, DirectionSummary> direction,
      ToDoubleFunction<Latency> point) {
    time(
        name,
        "us",
        run -> {
          Latency latency = direction.apply(run).clat();
          return latency.count() == 0 ? Double.NaN : point.applyAsDouble(latency);
        });
  }

  /** All jobs, or the only one beside the one that prepares. */
  private static JobSummary jobs(FoldedRun run) {
    JobSummary only = null;
    for (JobSummary job : run.summary().jobs()) {
      if (!job.name().equals(run.counts().afterJob())) {
        if (only != null) {
          return run.summary().total();
        }
        only = job;
      }
    }
    return only == null ? run.summary().total() : only;
  }

  private static double runtimeNs(FoldedRun run) {
    return run.counts().runtimeNs();
  }

  private static double perSecond(DirectionSummary direction, double ns) {
    return direction.ios() == 0 || ns <= 0 ? Double.NaN : direction.bytes() * 1e9 / ns;
  }

  private static long upper(FoldedRun run, BlockOp op) {
    BlockCounts block = run.counts().block();
    return block.requests(block.upper(), op);
  }

  private static double upperWriteMerges(FoldedRun run) {
    BlockCounts block = run.counts().block();
    return block.merges(block.upper(), BlockOp.WRITE);
  }

  private static double bios(FoldedRun run, String[] keys) {
    return run.counts().block().bios(device(keys[0]), op(keys[1]), task(keys[2]));
  }

  private static double contextShare(FoldedRun run, String[] keys) {
    BlockCounts block = run.counts().block();
    Context context = one(Context.values(), keys[2], value -> value.text);
    long all = block.requests(device(keys[0]), op(keys[1]));
    long here = block.requests(device(keys[0]), op(keys[1]), context);
    return all == 0 ? Double.NaN : (double) here / all;
  }

  private static double filemap(FoldedRun run, String[] keys) {
    return run.counts().cache().count(keys[0].equals("add"), keys[2].equals(PAGES), task(keys[1]));
  }

  private static double foliosOfOrder(FoldedRun run, String[] keys) {
    return run.counts().cache().foliosOfOrder(Integer.parseInt(keys[0]));
  }

  private static double events(FoldedRun run, String[] keys) {
    return run.counts().events(one(Tracepoint.values(), keys[0], Tracepoint::event));
  }

  private static double addedToIoends(FoldedRun run, String[] keys) {
    return run.counts().addedToIoends(IOMAP_TYPES.indexOf(keys[0]));
  }

  private static double writebackStarts(FoldedRun run, String[] keys) {
    int reason = List.of(KernelFold.WRITEBACK_REASONS).indexOf(keys[1]);
    return isUpper(run, keys[0]) ? run.counts().writebackStarts(reason) : 0;
  }

  private static double pauses(FoldedRun run, String[] keys) {
    return isUpper(run, keys[0]) ? run.counts().pauses() : 0;
  }

  private static double pausedNs(FoldedRun run, String[] keys) {
    return isUpper(run, keys[0]) ? (double) run.counts().pausedMs() * NS_PER_MS : 0;
  }

  private static double bytesInSecond(FoldedRun run, String[] keys) {
    int direction = keys[0].equals("read") ? 0 : 1;
    return run.counts().bytesInSecond(direction, Integer.parseInt(keys[1]));
  }

  /** Only the device that the files are on has dirty pages: a run has one file system. */
  private static boolean isUpper(FoldedRun run, String device) {
    return run.counts().block().upper().text.equals(device);
  }

  private static DeviceClass device(String text) {
    return one(DeviceClass.values(), text, value -> value.text);
  }

  private static BlockOp op(String text) {
    return one(BlockOp.values(), text, value -> value.text);
  }

  private static TaskClass task(String text) {
    return one(TaskClass.values(), text, value -> value.text);
  }

  private static <E> E one(E[] values, String text, Function<E, String> textOf) {
    return Stream.of(values).filter(v -> textOf.apply(v).equals(text)).findFirst().orElseThrow();
  }

  private static <E> List<String> words(E[] values, Function<E, String> textOf) {
    return Stream.of(values).map(textOf).toList();
  }

  /** Events that the fold counts, by the names of tracefs. */
  private static List<String> kernelEvents() {
    return new KernelFold(Observation.NONE).interest().stream().map(Tracepoint::event).toList();
  }

  private static Unit unit(Metric.Kind kind) {
    return switch (kind) {
      case NANOSECONDS -> Unit.NANOSECONDS;
      case BYTES -> Unit.BYTES;
      case BYTES_PER_SECOND -> Unit.BYTES_PER_SECOND;
      case COUNT -> Unit.COUNT;
      case PER_SECOND -> Unit.PER_SECOND;
    };
  }

  private static String unitText(Metric.Kind kind) {
    return switch (kind) {
      case NANOSECONDS -> "us";
      case BYTES -> "MiB";
      case BYTES_PER_SECOND -> "MiB/s";
      case COUNT -> "";
      case PER_SECOND -> "/s";
    };
  }
}
