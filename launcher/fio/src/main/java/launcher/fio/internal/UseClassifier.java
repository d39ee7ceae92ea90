package launcher.fio.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
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
    FioSetting setting = origin.setting();
    OptionTreatment treatment = spec.treatment();
    String why = spec.why();
    if (treatment == OptionTreatment.REFUSED && isHarmless(spec, setting)) {
      treatment = OptionTreatment.IGNORED;
      why = "changes nothing with this value";
    }
    String trouble = treatment == OptionTreatment.MODELLED ? trouble(spec.name(), job) : "";
    if (!trouble.isEmpty()) {
      treatment = OptionTreatment.REFUSED;
      why = trouble;
    }
    return use(origin, treatment, why);
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
  private static String trouble(String name, JobDraft job) {
    JobSettings settings = job.settings;
    return switch (name) {
      case "ioengine" ->
          JobBuilder.engine(job.engine()).isPresent()
              ? ""
              : "no such engine is modelled; there are "
                  + Stream.of(IoEngine.values())
                      .map(IoEngine::word)
                      .collect(Collectors.joining(", "));
      case "numjobs" -> {
        long count = settings.number("numjobs");
        yield count >= 1 && count <= JOBS_MAX ? "" : "a section makes 1 to " + JOBS_MAX + " jobs";
      }
      case "size", "io_size", "offset", "offset_increment" -> {
        if (settings.number(name, ValueGrammars.ZONES) != 0) {
          yield "zones are not modelled; give bytes";
        }
        yield settings.number(name) >= 0 ? "" : tooLarge(settings.number(name));
      }
      case "bs", "bsrange", "bssplit" -> {
        for (int i = 0; i < ValueGrammars.DIRECTIONS; i++) {
          if (job.minBytes[i] <= 0 || job.maxBytes[i] <= 0 || job.maxBytes[i] > 1L << 31) {
            long wrong = job.minBytes[i] <= 0 ? job.minBytes[i] : job.maxBytes[i];
            yield tooLarge(wrong) + "; a block has 1 byte to 2 GiB";
          }
        }
        yield "";
      }
      case "filename" -> settings.fileNames().isEmpty() ? "it names no file" : "";
      default -> "";
    };
  }

  private static String tooLarge(long bytes) {
    return "fio takes it for " + Long.toUnsignedString(bytes) + " bytes";
  }

  /** What options do to each other, noted where the later one stands. */
  private void contradictions(JobDraft job) {
    OptionalLong direct = OptionalLong.of(job.settings.number("direct"));
    for (JobSettings.Origin origin : job.engineSettings.origins()) {
      boolean uncached = origin.spec().name().equals("uncached");
      if (uncached && direct.getAsLong() != 0 && job.engineSettings.flag("uncached")) {
        uses.removeIf(use -> use.position().equals(origin.setting().position()));
        add(use(origin, OptionTreatment.IGNORED, "direct I/O does not use the page cache"));
      }
    }
  }
}
