package launcher.validation.fold;

import static launcher.validation.fold.FigureTable.FUNCTION;
import static launcher.validation.fold.FigureTable.PAGES;
import static launcher.validation.fold.FigureTable.devices;

import java.util.List;
import java.util.function.ToLongFunction;
import launcher.scenario.Unit;
import sim.kernel.trace.Tracepoint;

/** Writeback, its throttle, and the workers that do it. */
final class WritebackFigures {
  private static final long NS_PER_MS = 1_000_000;

  /** As {@code include/linux/iomap.h} numbers them. */
  private static final List<String> IOMAP_TYPES =
      List.of("HOLE", "DELALLOC", "MAPPED", "UNWRITTEN", "INLINE");

  private WritebackFigures() {}

  static void addTo(FigureTable table) {
    table.keyedCount(
        "writeback_start",
        List.of(devices(), List.of(KernelFold.WRITEBACK_REASONS)),
        "",
        WritebackFigures::writebackStarts);
    throttle(table, "balance_dirty_pages_n", "", ThrottleCounts::looks);
    throttle(table, "balance_dirty_pages_pauses", "", ThrottleCounts::pauses);
    throttle(table, "balance_dirty_pages_dirty_max", PAGES, ThrottleCounts::dirtyMax);
    throttle(table, "balance_dirty_pages_limit", PAGES, ThrottleCounts::limit);
    table.keyed(
        "balance_dirty_pages_pause_ms_sum",
        List.of(devices()),
        Unit.NANOSECONDS,
        "ms",
        (run, keys) -> ofUpper(run, keys[0], run.counts().throttle().pausedMs() * NS_PER_MS));
    table.keyedCount(
        "iomap_add_to_ioend",
        List.of(IOMAP_TYPES),
        "",
        (run, keys) -> run.counts().addedToIoends(IOMAP_TYPES.indexOf(keys[0])));
    table.keyedCount("event", List.of(events()), "", WritebackFigures::events);
    work(table);
  }

  private static void throttle(
      FigureTable table, String name, String unitText, ToLongFunction<ThrottleCounts> of) {
    table.keyedCount(
        name,
        List.of(devices()),
        unitText,
        (run, keys) -> ofUpper(run, keys[0], of.applyAsLong(run.counts().throttle())));
  }

  private static void work(FigureTable table) {
    List<List<String>> function = List.of(FUNCTION);
    table.keyedCount(
        "work_executions", function, "", (run, k) -> run.counts().work().executions(id(run, k[0])));
    table.keyedLatency(
        "work_queue_to_start_", function, (run, k) -> run.counts().work().waits(id(run, k[0])));
    table.keyed(
        "work_busy_s",
        function,
        Unit.NANOSECONDS,
        "s",
        (run, k) -> run.counts().work().busyNs(id(run, k[0])));
  }

  private static int id(FoldedRun run, String function) {
    return run.counts().nameId(function);
  }

  private static double writebackStarts(FoldedRun run, String[] keys) {
    int reason = List.of(KernelFold.WRITEBACK_REASONS).indexOf(keys[1]);
    return ofUpper(run, keys[0], run.counts().writebackStarts(reason));
  }

  private static double events(FoldedRun run, String[] keys) {
    return run.counts().events(FigureTable.one(Tracepoint.values(), keys[0], Tracepoint::event));
  }

  /** Only the device that the files are on has dirty pages: a run has one file system. */
  private static double ofUpper(FoldedRun run, String device, long value) {
    return run.counts().block().upper().text.equals(device) ? value : 0;
  }

  /** Events that the fold counts, by the names of tracefs. */
  private static List<String> events() {
    return new KernelFold(Observation.NONE).interest().stream().map(Tracepoint::event).toList();
  }
}
