package launcher.fio.internal;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.fio.FioRejection;

/** Looks at how a job's options go together, and puts right what fio puts right. */
final class JobChecks {
  /** Engines that this fio has, beside those that can be simulated. */
  private static final Set<String> OTHER_ENGINES =
      Set.of(
          "splice",
          "netsplice",
          "sg",
          "net",
          "cpuio",
          "e4defrag",
          "falloc",
          "ftruncate",
          "filecreate",
          "filestat",
          "filedelete",
          "filerename",
          "dircreate",
          "dirstat",
          "dirdelete",
          "exec",
          "mtd",
          "io_uring_cmd",
          "page_fault");

  private final JobDraft job;
  private final JobSettings settings;
  private final Set<String> earlierJobs;
  private final List<String> messages;

  /**
   * Checks of one job.
   *
   * @param earlierJobs names that it may wait for
   * @param messages receives what fio would print
   */
  JobChecks(JobDraft job, Set<String> earlierJobs, List<String> messages) {
    this.job = job;
    settings = job.settings;
    this.earlierJobs = earlierJobs;
    this.messages = messages;
  }

  static boolean isKnownEngine(String name) {
    return OTHER_ENGINES.contains(name) || JobBuilder.engine(name).isPresent();
  }

  /** Fixes the job up; the reason if fio drops it. */
  Optional<FioRejection> run() {
    if (!isKnownEngine(job.engine())) {
      messages.add("engine " + job.engine() + " not loadable");
      messages.add("failed to load engine");
      return Optional.of(FioRejection.ENGINE_NOT_IN_THIS_BUILD);
    }
    fixBlockSizes();
    fixRandomMap();
    fixTime();
    Optional<String> error = error();
    error.ifPresent(messages::add);
    return error.map(message -> FioRejection.REJECTED_BY_CHECKS);
  }

  private void fixBlockSizes() {
    for (int i = 0; i < ValueGrammars.DIRECTIONS; i++) {
      long bytes = settings.number("bs", i);
      long min = settings.number(ValueGrammars.MIN_BS, i);
      long max = settings.number(ValueGrammars.MAX_BS, i);
      job.minBytes[i] = min == 0 ? bytes : min;
      job.maxBytes[i] = max == 0 ? bytes : max;
      long align = settings.number("ba", i);
      job.alignBytes[i] = align == 0 || !job.random() ? job.minBytes[i] : align;
    }
  }

  private void fixRandomMap() {
    boolean map = !settings.flag("norandommap");
    boolean aligned = java.util.Arrays.equals(job.alignBytes, job.minBytes);
    if (map && !aligned) {
      messages.add("Any use of blockalign= turns off randommap");
      map = false;
    }
    if (!settings.word("random_distribution").equals("random")) {
      map = false;
    }
    boolean variable = !java.util.Arrays.equals(job.minBytes, job.maxBytes);
    if (!map && variable && !settings.word("verify").equals("0")) {
      messages.add("norandommap given for variable block sizes, verify limited");
    }
    job.randomMap = map;
  }

  private void fixTime() {
    job.timeBased = settings.flag("time_based");
    if (job.timeBased && settings.number("runtime") == 0) {
      messages.add("time_based requires a runtime/timeout setting");
      job.timeBased = false;
    }
    if (settings.isSet("read_iolog") && settings.isSet("write_iolog")) {
      messages.add("read iolog overrides write_iolog");
    }
  }

  private Optional<String> error() {
    Optional<String> wait = waitError();
    if (wait.isPresent()) {
      return wait;
    }
    Optional<String> zones = zoneError();
    if (zones.isPresent()) {
      return zones;
    }
    if (settings.number("nrfiles") < 0) {
      return Optional.of("realloc OOM");
    }
    long size = settings.number("size");
    if (size != 0 && Long.compareUnsigned(size, job.leastBlock()) < 0) {
      return Optional.of(
          "size too small, must not be less than minimum block size: "
              + Long.toUnsignedString(size)
              + " < "
              + Long.toUnsignedString(job.leastBlock()));
    }
    Optional<String> rate = rateError();
    if (rate.isPresent()) {
      return rate;
    }
    if (settings.flag("atomic")) {
      return Optional.of("engine does not support atomic writes");
    }
    if (settings.number("num_range") > 1 && !job.engine().equals("io_uring_cmd")) {
      return Optional.of("num_range > 1 requires an engine that supports it");
    }
    return Optional.empty();
  }

  private Optional<String> waitError() {
    Optional<String> waited = settings.text("wait_for");
    if (waited.isEmpty()) {
      return Optional.empty();
    }
    if (waited.get().equals(job.name())) {
      return Optional.of(
          job.name() + ": a job cannot wait for itself (wait_for=" + waited.get() + ").");
    }
    return earlierJobs.contains(waited.get())
        ? Optional.empty()
        : Optional.of(job.name() + ": waitee job " + waited.get() + " unknown.");
  }

  private Optional<String> zoneError() {
    boolean sized = settings.number("zonesize") != 0;
    return switch (settings.word("zonemode")) {
      case "none" ->
          sized
              ? Optional.of("--zonemode=none and --zonesize are not compatible.")
              : Optional.empty();
      case "strided" ->
          sized
              ? Optional.empty()
              : Optional.of("--zonesize must be specified when using --zonemode=strided.");
      default -> Optional.empty();
    };
  }

  private Optional<String> rateError() {
    boolean bytes = false;
    boolean count = false;
    for (int i = 0; i < ValueGrammars.DIRECTIONS; i++) {
      long rate = settings.number("rate", i);
      long iops = settings.number("rate_iops", i);
      bytes |= rate != 0;
      count |= iops != 0;
      if (rate != 0 && Long.compareUnsigned(rate, settings.number("rate_min", i)) < 0
          || iops != 0 && Long.compareUnsigned(iops, settings.number("rate_iops_min", i)) < 0) {
        return Optional.of("minimum rate exceeds rate");
      }
    }
    return bytes && count
        ? Optional.of("rate and rate_iops are mutually exclusive")
        : Optional.empty();
  }
}
