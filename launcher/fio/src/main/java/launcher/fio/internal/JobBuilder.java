package launcher.fio.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import launcher.fio.job.Amount;
import launcher.fio.job.BlockSizeRange;
import launcher.fio.job.BlockSizes;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.fio.job.IoEngine;
import launcher.fio.job.IologReplay;
import launcher.fio.job.JobIdentity;
import launcher.fio.job.JobSize;
import launcher.fio.job.OffsetRules;
import launcher.fio.job.QueueDepth;
import launcher.fio.job.RandomDistribution;
import launcher.fio.job.Rates;
import launcher.fio.job.Reporting;
import launcher.fio.job.RequestFlags;
import launcher.fio.job.RunTime;
import launcher.fio.job.RwMode;
import launcher.fio.job.Scheduling;
import launcher.fio.job.StartRule;
import launcher.fio.job.SyncRules;
import launcher.fio.job.ThinkTime;

/** Makes the typed jobs of a section whose checks passed. */
final class JobBuilder {
  private static final long NS_PER_US = 1_000;
  private static final long NS_PER_MS = 1_000_000;

  private final JobDraft draft;
  private final JobSettings settings;
  private final IoEngine engine;

  JobBuilder(JobDraft draft, IoEngine engine) {
    this.draft = draft;
    settings = draft.settings;
    this.engine = engine;
  }

  /** The engine of that name, if it can be simulated. */
  static Optional<IoEngine> engine(String name) {
    return Arrays.stream(IoEngine.values()).filter(e -> e.word().equals(name)).findFirst();
  }

  /** The section's job (index 0) and its clones, in the order in which fio creates them. */
  List<FioJob> build() {
    int count = (int) settings.number("numjobs");
    List<FioJob> jobs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      // fio creates the highest clone first.
      jobs.add(clone(i == 0 ? 0 : count - i, draft.firstThread + i));
    }
    return jobs;
  }

  private FioJob clone(int index, int thread) {
    RwMode mode = RwMode.valueOf(draft.mode().toUpperCase(Locale.ROOT));
    boolean direct = settings.flag("direct");
    boolean uncached = draft.engineSettings.flag("uncached");
    return new FioJob(
        new JobIdentity(
            draft.name(), draft.position.file(), draft.position.line(), index, thread, draft.group),
        start(index),
        time(),
        mode,
        (int) clamp(settings.number("rwmixread"), 0, 100),
        engine,
        direct ? CacheMode.DIRECT : uncached ? CacheMode.DONTCACHE : CacheMode.BUFFERED,
        new RequestFlags(draft.engineSettings.flag("nowait"), draft.engineSettings.flag("hipri")),
        queue(),
        size(),
        blockSizes(),
        new FilesBuilder(draft, mode).build(index),
        offsets(),
        sync(),
        rates(),
        thinkTime(),
        scheduling(thread),
        iolog(index),
        reporting());
  }

  /** Clones take turns at the logs of a list. */
  private Optional<IologReplay> iolog(int index) {
    List<String> logs = settings.text("read_iolog").map(ValueGrammars::names).orElse(List.of());
    if (logs.isEmpty()) {
      return Optional.empty();
    }
    Set<IologReplay.Skip> skip = EnumSet.noneOf(IologReplay.Skip.class);
    for (String word : skipped(settings)) {
      skip.add(IologReplay.Skip.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return Optional.of(
        new IologReplay(
            logs.get(index % logs.size()),
            FilesBuilder.folder(settings, index),
            settings.flag("replay_no_stall"),
            (int) clamp(settings.number("replay_time_scale"), 1, Integer.MAX_VALUE),
            Math.max(1, settings.number("replay_scale")),
            Math.max(1, settings.number("replay_align")),
            settings.text("replay_redirect"),
            skip));
  }

  /** The words of {@code replay_skip}. */
  static List<String> skipped(JobSettings settings) {
    return settings
        .text("replay_skip")
        .map(text -> Arrays.stream(text.split(",")).map(String::strip).toList())
        .orElse(List.of());
  }

  private StartRule start(int index) {
    long delay = settings.number("startdelay");
    return new StartRule(
        index == 0 && settings.flag("stonewall"),
        settings.text("wait_for"),
        delay * NS_PER_US,
        Math.max(delay, settings.number("startdelay", 1)) * NS_PER_US);
  }

  private RunTime time() {
    return new RunTime(
        settings.number("runtime") * NS_PER_US,
        draft.timeBased,
        settings.number("ramp_time") * NS_PER_US,
        settings.number("ramp_size"),
        settings.flag("exitall"),
        RunTime.ExitWhat.valueOf(settings.word("exit_what").toUpperCase(Locale.ROOT)));
  }

  private QueueDepth queue() {
    int depth = count("iodepth");
    int batch = count("iodepth_batch");
    int low = count("iodepth_low");
    int completeMin = count("iodepth_batch_complete_min");
    return new QueueDepth(
        depth,
        batch == 0 ? depth : Math.min(batch, depth),
        Math.min(completeMin, depth),
        Math.max(completeMin, count("iodepth_batch_complete_max")),
        low == 0 ? depth : Math.min(low, depth));
  }

  private int count(String name) {
    return (int) clamp(settings.number(name), 0, Integer.MAX_VALUE);
  }

  private static long clamp(long value, long least, long most) {
    return Math.max(least, Math.min(most, value));
  }

  private JobSize size() {
    return new JobSize(
        amount("size"),
        amount("io_size"),
        amount("offset"),
        amount("offset_increment"),
        settings.number("offset_align"),
        settings.number("number_ios"),
        Math.max(1, count("loops")));
  }

  private Amount amount(String name) {
    return new Amount(settings.number(name), (int) settings.number(name, ValueGrammars.PERCENT));
  }

  private BlockSizes blockSizes() {
    return new BlockSizes(
        blockSizes(0),
        blockSizes(1),
        blockSizes(2),
        settings.flag("bs_unaligned"),
        settings.flag("bs_is_seq_rand"));
  }

  private BlockSizeRange blockSizes(int direction) {
    return new BlockSizeRange(
        draft.minBytes[direction],
        draft.maxBytes[direction],
        draft.alignBytes[direction],
        draft.splits(direction));
  }

  private OffsetRules offsets() {
    RandomDistribution distribution =
        settings
            .structure("random_distribution", RandomDistribution.class)
            .orElseGet(RandomDistribution.Uniform::new);
    if (distribution instanceof RandomDistribution.Sequence sequence) {
      distribution =
          new RandomDistribution.Sequence(
              sequence.blocks(), settings.flag("random_sequence_stride"));
    }
    List<Integer> percent = new ArrayList<>();
    for (int i = 0; i < ValueGrammars.DIRECTIONS; i++) {
      percent.add((int) clamp(settings.number("percentage_random", i), 0, 100));
    }
    boolean seeded = settings.isSet("randseed");
    return new OffsetRules(
        distribution,
        OffsetRules.Generator.valueOf(settings.word("random_generator").toUpperCase(Locale.ROOT)),
        settings.number("randseed"),
        settings.flag("randrepeat") && !seeded,
        seeded,
        draft.randomMap,
        percent,
        Math.max(1, settings.number(ValueGrammars.RUN_LENGTH)),
        settings.number(ValueGrammars.SKIP_BYTES),
        settings.word("rw_sequencer").equals("identical"));
  }

  private SyncRules sync() {
    Set<SyncRules.RangeFlag> flags = EnumSet.noneOf(SyncRules.RangeFlag.class);
    for (String word : settings.word("sync_file_range").split(",")) {
      if (!word.isEmpty()) {
        flags.add(SyncRules.RangeFlag.valueOf(word.toUpperCase(Locale.ROOT)));
      }
    }
    return new SyncRules(
        count("fsync"),
        count("fdatasync"),
        Math.max(0, settings.number(ValueGrammars.SYNC_RANGE_EVERY)),
        flags,
        settings.flag("end_fsync"),
        settings.flag("fsync_on_close"),
        settings.flag("end_syncfs"),
        switch (settings.word("sync")) {
          case "sync", "1" -> SyncRules.OpenFlag.SYNC;
          case "dsync" -> SyncRules.OpenFlag.DSYNC;
          default -> SyncRules.OpenFlag.NONE;
        });
  }

  private Rates rates() {
    return new Rates(
        rate(0),
        rate(1),
        rate(2),
        settings.word("rate_process").equals("poisson"),
        settings.flag("rate_ignore_thinktime"));
  }

  private long rate(int direction) {
    long bytes = settings.number("rate", direction);
    if (bytes < 0) {
      // Unsigned and beyond 2^63: no bound at all.
      return 0;
    }
    return bytes != 0
        ? bytes
        : Math.max(0, settings.number("rate_iops", direction)) * draft.minBytes[direction];
  }

  private ThinkTime thinkTime() {
    return new ThinkTime(
        settings.number("thinktime") * NS_PER_US,
        Math.min(settings.number("thinktime_spin"), settings.number("thinktime")) * NS_PER_US,
        Math.max(1, settings.number("thinktime_blocks")),
        settings.word("thinktime_blocks_type").equals("issue"),
        settings.number("thinktime_iotime") * NS_PER_US);
  }

  private Scheduling scheduling(int thread) {
    List<Integer> cpus = FilesBuilder.list(settings, "cpus_allowed", Integer.class);
    if (settings.word("cpus_allowed_policy").equals("split") && !cpus.isEmpty()) {
      cpus = List.of(cpus.get((thread - 1) % cpus.size()));
    }
    return new Scheduling(
        cpus, (int) settings.number("nice"), settings.text("cgroup"), count("cgroup_weight"));
  }

  private Reporting reporting() {
    List<Double> percentiles = FilesBuilder.list(settings, "percentile_list", Double.class);
    if (percentiles.isEmpty()) {
      percentiles =
          Arrays.stream(settings.word("percentile_list").split(":")).map(Double::valueOf).toList();
    }
    return new Reporting(
        settings.text("description"),
        settings.flag("group_reporting"),
        settings.flag("slat_percentiles"),
        settings.flag("clat_percentiles"),
        settings.flag("lat_percentiles"),
        percentiles,
        switch (settings.word("unified_rw_reporting")) {
          case "mixed", "1" -> Reporting.Unified.MIXED;
          case "both", "2" -> Reporting.Unified.BOTH;
          default -> Reporting.Unified.NONE;
        },
        new Reporting.Logs(
            settings.text("write_bw_log"),
            settings.text("write_lat_log"),
            settings.text("write_iops_log"),
            settings.text("write_hist_log")),
        settings.number("log_avg_msec") * NS_PER_MS);
  }
}
