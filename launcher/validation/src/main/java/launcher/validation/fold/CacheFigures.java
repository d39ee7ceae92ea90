package launcher.validation.fold;

import static launcher.validation.fold.FigureTable.NUMBER;
import static launcher.validation.fold.FigureTable.PAGES;
import static launcher.validation.fold.FigureTable.tasks;

import java.util.List;
import java.util.function.ToLongFunction;
import launcher.scenario.Unit;
import launcher.validation.fold.CacheLooks.Look;
import launcher.validation.fold.GroupCounts.Stat;

/** The page cache: what came and went, what was there, and what groups are charged for. */
final class CacheFigures {
  private static final long PAGE_BYTES = 4096;

  /** What "later" is in the names of the second look. */
  private static final String LATER = "_pages_after_0.6s";

  private static final long LATER_NS = 600_000_000;

  private CacheFigures() {}

  static void addTo(FigureTable table) {
    look(table, "resident", Look::cached);
    look(table, "dirty", Look::dirty);
    look(table, "writeback", Look::writeback);
    table.count("resident_share_at_exit", "", CacheFigures::residentShare);
    table.count("peak_resident_pages", PAGES, run -> run.counts().looks().peakCached());
    table.count("peak_dirty_pages", PAGES, run -> run.counts().looks().peakDirty());
    table.count("peak_writeback_pages", PAGES, run -> run.counts().looks().peakWriteback());
    table.keyedCount(
        "filemap",
        List.of(List.of("add", "del"), tasks(), List.of("folios", PAGES)),
        "",
        (run, keys) ->
            run.counts()
                .cache()
                .count(keys[0].equals("add"), keys[2].equals(PAGES), FigureTable.task(keys[1])));
    table.keyedCount(
        "folio_add_order",
        List.of(NUMBER),
        "folios",
        (run, keys) -> run.counts().cache().foliosOfOrder(Integer.parseInt(keys[0])));
    groups(table);
  }

  private static void look(FigureTable table, String what, ToLongFunction<Look> of) {
    table.count(
        what + "_pages_at_exit", PAGES, run -> of.applyAsLong(run.counts().looks().atExit()));
    table.count(
        what + LATER,
        PAGES,
        run ->
            run.counts().observation().laterNs() == LATER_NS
                ? of.applyAsLong(run.counts().looks().later())
                : Double.NaN);
  }

  private static double residentShare(FoldedRun run) {
    long cached = run.counts().looks().atExit().cached();
    return run.filePages() == 0 ? Double.NaN : (double) cached / run.filePages();
  }

  private static void groups(FigureTable table) {
    inBytes(table, "memcg_cache", Stat.CACHED);
    inBytes(table, "memcg_dirty", Stat.DIRTY);
    inBytes(table, "memcg_writeback", Stat.WRITEBACK);
    inBytes(table, "memcg_mapped_file", Stat.MAPPED);
    inBytes(table, "memcg_max_usage", Stat.MAX_USAGE);
    table.count("memcg_failcnt", "", run -> run.counts().groups().of(Stat.FAILCNT));
    table.count(
        "memcg_workingset_refault_file",
        "",
        run -> run.counts().groups().of(Stat.REFAULTED) * PAGE_BYTES);
  }

  /** The kernel prints pages of groups in bytes. */
  private static void inBytes(FigureTable table, String name, Stat stat) {
    table.plain(name, Unit.BYTES, "B", run -> run.counts().groups().of(stat) * PAGE_BYTES);
  }
}
