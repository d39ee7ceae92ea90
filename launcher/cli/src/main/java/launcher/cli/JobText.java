package launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import launcher.fio.job.Amount;
import launcher.fio.job.BlockSizeRange;
import launcher.fio.job.BlockSizes;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FileService;
import launcher.fio.job.FioJob;
import launcher.fio.job.JobFiles;
import launcher.fio.job.JobSize;
import launcher.fio.job.OffsetRules;
import launcher.fio.job.QueueDepth;
import launcher.fio.job.RandomDistribution;
import launcher.fio.job.Rates;
import launcher.fio.job.RunTime;
import launcher.fio.job.RwMode;
import launcher.fio.job.Scheduling;
import launcher.fio.job.StartRule;
import launcher.fio.job.SyncRules;
import launcher.fio.job.ThinkTime;
import launcher.scenario.Unit;

/** What a job does, in a few lines: what is usual is left out. */
final class JobText {
  private static final int FILES_SHOWN = 3;

  private final FioJob job;
  private final int jobs;
  private final List<String> lines = new ArrayList<>();
  private final List<String> parts = new ArrayList<>();

  /**
   * A text.
   *
   * @param jobs how many jobs are alike: the section's own and its clones
   */
  JobText(FioJob job, int jobs) {
    this.job = job;
    this.jobs = jobs;
  }

  List<String> lines() {
    lines.clear();
    addPattern();
    addPlaces();
    addEngine();
    addFiles();
    addSize();
    addTime();
    addSync();
    addPace();
    addScheduling();
    return List.copyOf(lines);
  }

  private void say(boolean condition, String part) {
    if (condition) {
      parts.add(part);
    }
  }

  private void endLine(String title) {
    if (!parts.isEmpty()) {
      lines.add(title + String.join(", ", parts));
      parts.clear();
    }
  }

  private static String bytes(long count) {
    return Unit.BYTES.format(count);
  }

  private static String time(long ns) {
    return Unit.NANOSECONDS.format(ns);
  }

  private static String amount(Amount amount) {
    return amount.percent() != 0 ? amount.percent() + " % of the file" : bytes(amount.bytes());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void addPattern() {
    RwMode rw = job.rw();
    BlockSizes sizes = job.blockSizes();
    parts.add(rw.word());
    say(rw.mixed(), job.rwMixReadPercent() + " % reads");
    if (sizes.bySequentialOrRandom()) {
      parts.add("sequential blocks of " + range(sizes.read()));
      parts.add("random blocks of " + range(sizes.write()));
    } else {
      boolean several = (rw.reads() ? 1 : 0) + (rw.writes() ? 1 : 0) + (rw.trims() ? 1 : 0) > 1;
      say(rw.reads(), (several ? "reads of " : "blocks of ") + range(sizes.read()));
      say(rw.writes(), (several ? "writes of " : "blocks of ") + range(sizes.write()));
      say(rw.trims(), (several ? "trims of " : "blocks of ") + range(sizes.trim()));
    }
    say(sizes.unaligned(), "of any length");
    endLine("");
  }

  private static String range(BlockSizeRange range) {
    if (range.splits().isEmpty()) {
      return range.minBytes() == range.maxBytes()
          ? bytes(range.minBytes())
          : bytes(range.minBytes()) + " to " + bytes(range.maxBytes());
    }
    List<String> shares = new ArrayList<>();
    range.splits().forEach(s -> shares.add(bytes(s.sizeBytes()) + " (" + s.percent() + " %)"));
    return String.join(" or ", shares);
  }

  private void addPlaces() {
    OffsetRules rules = job.offsets();
    say(rules.skipBytes() != 0, "skips " + rules.skipBytes() + " B after each I/O");
    if (job.rw().random()) {
      say(true, distribution(rules.distribution()));
      say(rules.randomMap(), "each block once");
      say(rules.runLength() > 1, "a new place after " + rules.runLength() + " I/Os");
      say(rules.identicalRun(), "the same place meanwhile");
      boolean all = rules.randomPercent().stream().allMatch(percent -> percent == 100);
      say(!all, rules.randomPercent() + " % random (read, write, trim)");
      say(
          rules.generator() != OffsetRules.Generator.TAUSWORTHE,
          "generator " + word(rules.generator()));
      say(rules.seedGiven(), "seed " + Long.toUnsignedString(rules.seed()));
      say(!rules.seedGiven() && !rules.repeatable(), "other places each loop");
    }
    endLine("offsets: ");
  }

  private static String distribution(RandomDistribution distribution) {
    if (distribution instanceof RandomDistribution.Zipf zipf) {
      return "zipf " + zipf.theta() + center(zipf.center());
    }
    if (distribution instanceof RandomDistribution.Pareto pareto) {
      return "pareto " + pareto.h() + center(pareto.center());
    }
    if (distribution instanceof RandomDistribution.Normal normal) {
      return "normal " + normal.deviationPercent() + " %" + center(normal.center());
    }
    if (distribution instanceof RandomDistribution.Zoned zoned) {
      return zoned.read().size() + " zones for reads, " + zoned.write().size() + " for writes";
    }
    if (distribution instanceof RandomDistribution.Sequence sequence) {
      return "a sequence of " + sequence.blocks().size() + " blocks";
    }
    return "uniform";
  }

  private static String center(double center) {
    return center < 0 ? "" : " around " + center;
  }

  private void addEngine() {
    QueueDepth queue = job.queue();
    parts.add(job.engine().word());
    if (job.engine().asynchronous()) {
      parts.add("depth " + queue.depth());
      say(queue.submitBatch() != 1, "submits " + queue.submitBatch());
      say(
          queue.completeMin() != 1 || queue.completeMax() > 1,
          "reaps " + queue.completeMin() + " to " + queue.completeMax());
      say(queue.lowWater() != queue.depth(), "refills at " + queue.lowWater());
    } else {
      say(queue.depth() > 1, "one at a time, whatever iodepth says");
    }
    parts.add(
        switch (job.cache()) {
          case BUFFERED -> "buffered";
          case DONTCACHE -> "buffered with RWF_DONTCACHE";
          case DIRECT -> "direct";
        });
    say(job.cache() != CacheMode.DIRECT, "fadvise " + word(job.files().readAheadHint()));
    say(job.flags().nowait(), "RWF_NOWAIT");
    say(job.flags().polled(), "polled");
    endLine("");
  }

  private void addFiles() {
    JobFiles files = job.files();
    List<String> paths = files.paths();
    String shown = String.join(", ", paths.subList(0, Math.min(FILES_SHOWN, paths.size())));
    parts.add(paths.size() > FILES_SHOWN ? shown + ", … (" + paths.size() + ")" : shown);
    say(jobs > 1, files.given() ? "shared by all clones" : "others for each clone");
    if (files.sizeMaxBytes() != 0) {
      boolean fixed = files.sizeMinBytes() == files.sizeMaxBytes();
      String from = fixed ? "" : bytes(files.sizeMinBytes()) + " to ";
      parts.add("each of " + from + bytes(files.sizeMaxBytes()));
    }
    if (paths.size() > 1) {
      FileService service = files.service();
      say(
          service.type() != FileService.Type.ROUNDROBIN || service.run() > 1,
          word(service.type()) + (service.run() > 1 ? " after " + service.run() + " I/Os" : ""));
      say(files.openFiles() < paths.size(), files.openFiles() + " open at a time");
    }
    say(!files.invalidate(), "cached pages kept at the start");
    say(files.preRead(), "read into the cache first");
    say(files.overwrite() && !job.rw().reads(), "laid out first");
    say(files.createOnOpen(), "made when opened");
    say(files.append(), "appended to");
    endLine(paths.size() == 1 ? "file " : "files ");
  }

  private void addSize() {
    JobSize size = job.size();
    say(!size.size().isNone(), amount(size.size()));
    say(!size.ioSize().isNone(), amount(size.ioSize()) + " of I/O");
    say(!size.offset().isNone(), "from " + amount(size.offset()));
    say(!size.offsetIncrement().isNone(), "each clone " + amount(size.offsetIncrement()) + " on");
    say(size.numberIos() != 0, size.numberIos() + " I/Os at most");
    say(size.loops() > 1, size.loops() + " times");
    endLine("size ");
  }

  private void addTime() {
    StartRule start = job.start();
    say(start.afterAllEarlier(), "waits for all earlier jobs");
    start.waitFor().ifPresent(name -> parts.add("waits for " + name));
    if (start.delayMaxNs() != 0) {
      boolean fixed = start.delayMinNs() == start.delayMaxNs();
      String from = fixed ? "" : time(start.delayMinNs()) + " to ";
      parts.add("starts " + from + time(start.delayMaxNs()) + " later");
    }
    RunTime run = job.time();
    say(
        run.runtimeNs() != 0,
        (run.timeBased() ? "goes on for " : "ends after ") + time(run.runtimeNs()));
    say(run.rampNs() != 0, "ramp of " + time(run.rampNs()));
    say(run.exitAll(), "ends " + endedWithIt(run.exitWhat()) + " with it");
    endLine("time: ");
  }

  private static String endedWithIt(RunTime.ExitWhat what) {
    return switch (what) {
      case GROUP -> "its group";
      case STONEWALL -> "all before the next stonewall";
      case ALL -> "all jobs";
    };
  }

  private void addSync() {
    SyncRules sync = job.sync();
    say(sync.openFlag() != SyncRules.OpenFlag.NONE, "O_" + sync.openFlag());
    say(sync.fsyncEvery() != 0, "fsync after " + writes(sync.fsyncEvery()));
    say(sync.fdatasyncEvery() != 0, "fdatasync after " + writes(sync.fdatasyncEvery()));
    say(
        sync.syncFileRangeEvery() != 0 && !sync.syncFileRangeFlags().isEmpty(),
        "sync_file_range after " + writes(sync.syncFileRangeEvery()) + flags(sync));
    say(sync.endFsync(), "fsync at the end");
    say(sync.fsyncOnClose(), "fsync on close");
    say(sync.endSyncfs(), "syncfs at the end");
    endLine("sync: ");
  }

  private static String flags(SyncRules sync) {
    List<String> words = sync.syncFileRangeFlags().stream().map(JobText::word).toList();
    return " (" + String.join(", ", words) + ")";
  }

  private static String writes(long every) {
    return every == 1 ? "each write" : every + " writes";
  }

  private void addPace() {
    Rates rates = job.rates();
    RwMode rw = job.rw();
    say(rw.reads() && rates.readBytesPerSecond() != 0, "reads " + rate(rates.readBytesPerSecond()));
    say(
        rw.writes() && rates.writeBytesPerSecond() != 0,
        "writes " + rate(rates.writeBytesPerSecond()));
    say(rw.trims() && rates.trimBytesPerSecond() != 0, "trims " + rate(rates.trimBytesPerSecond()));
    say(rates.limited() && rates.poisson(), "in random gaps");
    endLine("at most: ");
    ThinkTime think = job.thinkTime();
    say(think.totalNs() != 0, time(think.totalNs()) + " after " + ios(think.blocks()));
    say(think.spinNs() != 0, time(think.spinNs()) + " of it busy");
    say(think.ioTimeNs() != 0, "once I/O went on for " + time(think.ioTimeNs()));
    say(think.totalNs() != 0 && think.countIssued(), "counted when issued");
    endLine("pauses: ");
  }

  private static String ios(long every) {
    return every == 1 ? "each I/O" : every + " I/Os";
  }

  private static String rate(long bytesPerSecond) {
    return Unit.BYTES_PER_SECOND.format(bytesPerSecond);
  }

  private void addScheduling() {
    Scheduling scheduling = job.scheduling();
    say(!scheduling.cpus().isEmpty(), "on CPUs " + scheduling.cpus());
    say(scheduling.nice() != 0, "nice " + scheduling.nice());
    endLine("runs ");
  }
}
