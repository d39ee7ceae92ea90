package launcher.fio.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import launcher.fio.FioPosition;
import launcher.fio.FioSetting;
import launcher.fio.OptionTreatment;
import launcher.fio.OptionUse;
import launcher.fio.job.IoEngine;

/** Says of each option that has an effect on some job what a simulation makes of it. */
final class UseClassifier {
  private static final long JOBS_MAX = 4_096;
  private static final long BLOCK_BYTES_MAX = 1 << 30;

  private static final Set<String> SKIPPED = Set.of("read", "write", "trim", "sync");

  /** In nanoseconds it must still be a long. */
  private static final long TIME_US_MAX = Long.MAX_VALUE / 1_000;

  private final List<OptionUse> uses = new ArrayList<>();

  void add(JobDraft job) {
    for (JobSettings.Origin origin : job.settings.origins()) {
      add(classify(origin, job));
    }
    for (JobSettings.Origin origin : job.engineSettings.origins()) {
      add(classify(origin, job));
    }
    contradictions(job);
  }

  private void add(OptionUse use) {
    if (!uses.contains(use)) {
      uses.add(use);
    }
  }

  /** In the order of the lines. */
  List<OptionUse> uses() {
    Comparator<FioPosition> byPlace =
        Comparator.comparing(FioPosition::file).thenComparingInt(FioPosition::line);
    return uses.stream().sorted(Comparator.comparing(OptionUse::position, byPlace)).toList();
  }

  /** Whether nothing keeps a job from being simulated. */
  boolean refuses(JobDraft job) {
    return Stream.concat(job.settings.origins().stream(), job.engineSettings.origins().stream())
        .anyMatch(origin -> classify(origin, job).treatment() == OptionTreatment.REFUSED);
  }

  private OptionUse classify(JobSettings.Origin origin, JobDraft job) {
    OptionSpec spec = origin.spec();
    if (!spec.engines().isEmpty() && JobBuilder.engine(job.engine()).isEmpty()) {
      return use(origin, OptionTreatment.IGNORED, "belongs to ioengine=" + job.engine());
    }
    if (spec.treatment() == OptionTreatment.REFUSED && isHarmless(spec, origin.setting())) {
      return use(origin, OptionTreatment.IGNORED, "changes nothing with this value");
    }
    if (spec.treatment() != OptionTreatment.MODELLED) {
      return use(origin, spec.treatment(), spec.why());
    }
    String trouble = trouble(spec, job);
    return trouble.isEmpty()
        ? use(origin, OptionTreatment.MODELLED, remark(spec.name(), job))
        : use(origin, OptionTreatment.REFUSED, trouble);
  }

  private static String remark(String name, JobDraft job) {
    boolean syncs =
        job.settings.flag("fsync")
            || job.settings.flag("fdatasync")
            || job.settings.flag("end_fsync");
    boolean fails =
        name.equals("uncached")
            && job.engineSettings.flag("uncached")
            && job.engine().equals(IoEngine.IO_URING.word())
            && !job.settings.flag("direct")
            && job.writes()
            && syncs;
    return fails
        ? "fio 3.42 ends with an error here, as its io_uring puts the flag on fsync too; simulated"
            + " without that"
        : "";
  }

  private static OptionUse use(JobSettings.Origin origin, OptionTreatment treatment, String why) {
    FioSetting setting = origin.setting();
    String text = setting.name() + setting.value().map(value -> "=" + value).orElse("");
    return new OptionUse(setting.position(), origin.section(), text, treatment, why);
  }

  private static boolean isHarmless(OptionSpec spec, FioSetting setting) {
    String value = setting.value().orElse("1");
    if (!spec.words().isEmpty()) {
      value = value.split("[,:]", 2)[0];
    } else if (!setting.stored().isEmpty()) {
      value = setting.stored().get(0).digits();
    }
    return spec.harmless().contains(value) || value.equals(spec.defaultText());
  }

  /** Why a value of a modelled option cannot be simulated; empty if it can. */
  private static String trouble(OptionSpec spec, JobDraft job) {
    JobSettings settings = job.settings;
    String name = spec.name();
    return switch (name) {
      case "ioengine" -> engineTrouble(job.engine());
      case "numjobs" -> {
        long count = settings.number("numjobs");
        yield count >= 1 && count <= JOBS_MAX ? "" : "a section makes 1 to " + JOBS_MAX + " jobs";
      }
      case "size", "io_size", "offset", "offset_increment" -> {
        if (settings.number(name, ValueGrammars.ZONES) != 0) {
          yield "zones are not modelled; give bytes";
        }
        yield settings.number(name) >= 0 ? "" : taken(settings.number(name), "bytes");
      }
      case "bs", "bsrange", "bssplit" -> blockTrouble(job);
      case "replay_skip" ->
          JobBuilder.skipped(settings).stream().allMatch(SKIPPED::contains)
              ? ""
              : "only read, write, trim and sync can be left out";
      case "filename" -> settings.fileNames().isEmpty() ? "it names no file" : "";
      default -> {
        long value = spec.isTime() ? settings.number(name) : 0;
        yield value >= 0 && value <= TIME_US_MAX ? "" : taken(value, "microseconds");
      }
    };
  }

  private static String engineTrouble(String name) {
    if (JobBuilder.engine(name).isPresent()) {
      return "";
    }
    String near = name.startsWith(IoEngine.IO_URING.word()) ? "io_uring" : "psync";
    return "its engine is not modelled; nearest: ioengine="
        + near
        + "; modelled are "
        + Stream.of(IoEngine.values()).map(IoEngine::word).collect(Collectors.joining(", "));
  }

  private static String blockTrouble(JobDraft job) {
    for (int i = 0; i < ValueGrammars.DIRECTIONS; i++) {
      long least = job.minBytes[i];
      long most = job.maxBytes[i];
      if (least <= 0 || most <= 0 || most > BLOCK_BYTES_MAX) {
        return taken(least <= 0 ? least : most, "bytes") + "; a block has 1 byte to 1 GiB";
      }
    }
    return "";
  }

  private static String taken(long value, String unit) {
    return "fio takes it for " + Long.toUnsignedString(value) + " " + unit;
  }

  /** What options do to each other, noted where the later one stands. */
  private void contradictions(JobDraft job) {
    for (JobSettings.Origin origin : job.engineSettings.origins()) {
      boolean uncached = origin.spec().name().equals("uncached");
      if (uncached && job.settings.flag("direct") && job.engineSettings.flag("uncached")) {
        uses.removeIf(use -> use.position().equals(origin.setting().position()));
        add(use(origin, OptionTreatment.IGNORED, "direct I/O does not use the page cache"));
      }
    }
  }
}
