package launcher.validation.fold;

import static launcher.validation.fold.FigureTable.device;
import static launcher.validation.fold.FigureTable.devices;
import static launcher.validation.fold.FigureTable.op;
import static launcher.validation.fold.FigureTable.ops;
import static launcher.validation.fold.FigureTable.task;
import static launcher.validation.fold.FigureTable.tasks;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import launcher.validation.fold.CpuContexts.Context;

/** Bios and requests, as the block layer's tracepoints and {@code /proc/diskstats} tell them. */
final class BlockFigures {
  private static final String SECTORS = "sectors";

  private BlockFigures() {}

  static void addTo(FigureTable table) {
    diskstats(table);
    List<List<String>> requests = List.of(devices(), ops());
    List<List<String>> byTask = List.of(devices(), ops(), tasks());
    table.keyedCount("bio", byTask, "", of((b, k) -> b.bios(device(k[0]), op(k[1]), task(k[2]))));
    table.keyedCount(
        "bio_sectors",
        byTask,
        SECTORS,
        of((b, k) -> b.bioSectors(device(k[0]), op(k[1]), task(k[2]))));
    table.keyedLatency(
        "bio_queue_to_complete_",
        requests,
        (run, k) -> run.counts().block().bioTimes(device(k[0]), op(k[1])));
    table.keyedCount("rq_issued", requests, "", of((b, k) -> b.issued(device(k[0]), op(k[1]))));
    table.keyedCount(
        "rq_issue_by", byTask, "", of((b, k) -> b.issued(device(k[0]), op(k[1]), task(k[2]))));
    table.keyedLatency(
        "rq_issue_to_complete_",
        requests,
        (run, k) -> run.counts().block().requestTimes(device(k[0]), op(k[1])));
    table.keyedCount(
        "complete_ctx_share",
        List.of(devices(), ops(), FigureTable.words(Context.values(), context -> context.text)),
        "",
        BlockFigures::contextShare);
    table.keyedCount(
        "merges",
        List.of(devices(), List.of("backmerge", "frontmerge", "split")),
        "",
        of(BlockFigures::merges));
  }

  /** Of the device that the files are on. */
  private static void diskstats(FigureTable table) {
    table.count("dev_reads", "", run -> requests(run, BlockOp.READ));
    table.count("dev_writes", "", run -> requests(run, BlockOp.WRITE));
    table.count("dev_flush", "", run -> requests(run, BlockOp.FLUSH));
    table.count("dev_rmerge", "", run -> merges(run, BlockOp.READ));
    table.count("dev_wmerge", "", run -> merges(run, BlockOp.WRITE));
    table.count("dev_rsect", SECTORS, run -> sectors(run, BlockOp.READ));
    table.count("dev_wsect", SECTORS, run -> sectors(run, BlockOp.WRITE));
    table.count("dev_mean_read_sectors", SECTORS, run -> meanSectors(run, BlockOp.READ));
    table.count("dev_mean_write_sectors", SECTORS, run -> meanSectors(run, BlockOp.WRITE));
  }

  private static ToDoubleBiFunction<FoldedRun, String[]> of(
      ToDoubleBiFunction<BlockCounts, String[]> of) {
    return (run, keys) -> of.applyAsDouble(run.counts().block(), keys);
  }

  private static long requests(FoldedRun run, BlockOp op) {
    BlockCounts block = run.counts().block();
    return block.requests(block.upper(), op);
  }

  private static long merges(FoldedRun run, BlockOp op) {
    BlockCounts block = run.counts().block();
    return block.merges(block.upper(), op);
  }

  private static long sectors(FoldedRun run, BlockOp op) {
    BlockCounts block = run.counts().block();
    return block.sectors(block.upper(), op);
  }

  private static double meanSectors(FoldedRun run, BlockOp op) {
    long requests = requests(run, op);
    return requests == 0 ? Double.NaN : (double) sectors(run, op) / requests;
  }

  private static double contextShare(FoldedRun run, String[] keys) {
    BlockCounts block = run.counts().block();
    Context context = FigureTable.one(Context.values(), keys[2], value -> value.text);
    long all = block.requests(device(keys[0]), op(keys[1]));
    long here = block.requests(device(keys[0]), op(keys[1]), context);
    return all == 0 ? Double.NaN : (double) here / all;
  }

  /** Bios are merged at the end of a request only: what could be at its begin is none here. */
  private static double merges(BlockCounts block, String[] keys) {
    return switch (keys[1]) {
      case "backmerge" -> block.merges(device(keys[0]));
      case "split" -> block.splits(device(keys[0]));
      default -> 0;
    };
  }
}
