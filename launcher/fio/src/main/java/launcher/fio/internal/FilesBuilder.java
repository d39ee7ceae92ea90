package launcher.fio.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import launcher.fio.job.FileService;
import launcher.fio.job.JobFiles;
import launcher.fio.job.JobFiles.Fallocate;
import launcher.fio.job.JobFiles.ReadAheadHint;
import launcher.fio.job.RwMode;

/** Names the files of a job. */
final class FilesBuilder {
  private final JobDraft draft;
  private final JobSettings settings;
  private final RwMode mode;

  FilesBuilder(JobDraft draft, RwMode mode) {
    this.draft = draft;
    settings = draft.settings;
    this.mode = mode;
  }

  JobFiles build(int clone) {
    List<String> paths = paths(clone);
    long low = settings.number("filesize");
    long high = Math.max(low, settings.number("filesize", 1));
    int open = (int) Math.min(paths.size(), settings.number("openfiles"));
    return new JobFiles(
        paths,
        !settings.fileNames().isEmpty(),
        low,
        high,
        settings
            .structure("file_service_type", FileService.class)
            .orElse(new FileService(FileService.Type.ROUNDROBIN, 1, 0)),
        open <= 0 ? paths.size() : open,
        hint(),
        settings.flag("invalidate"),
        mode.reads() || settings.flag("overwrite"),
        settings.flag("pre_read"),
        settings.flag("create_on_open"),
        settings.flag("create_fsync"),
        fallocate(),
        settings.flag("file_append"),
        draft.engineSettings.flag("thp"));
  }

  private List<String> paths(int clone) {
    List<String> given = settings.fileNames();
    List<String> paths = new ArrayList<>();
    if (!given.isEmpty()) {
      for (String name : given) {
        paths.add(folder(0) + name);
      }
      return paths;
    }
    long count = Math.max(1, settings.number("nrfiles"));
    if (count == 1 && draft.section.startsWith("/dev/")) {
      // A section named like a device works on it.
      return List.of(draft.section);
    }
    String format = settings.word("filename_format");
    for (int i = 0; i < count; i++) {
      String name =
          format
              .replace("$jobname", draft.name())
              .replace("$jobnum", Integer.toString(clone))
              .replace("$filenum", Integer.toString(i))
              .replace("$clientuid", "localhost");
      paths.add(folder(clone) + name);
    }
    return paths;
  }

  /** Clones take turns at the folders. */
  private String folder(int clone) {
    return folder(settings, clone);
  }

  /** The folder of a clone, with a slash behind it; empty if none is named. */
  static String folder(JobSettings settings, int clone) {
    List<String> folders = settings.text("directory").map(ValueGrammars::names).orElse(List.of());
    return folders.isEmpty() ? "" : folders.get(clone % folders.size()) + "/";
  }

  private ReadAheadHint hint() {
    return switch (settings.word("fadvise_hint")) {
      case "0" -> ReadAheadHint.NONE;
      case "1" -> mode.random() ? ReadAheadHint.RANDOM : ReadAheadHint.SEQUENTIAL;
      default -> ReadAheadHint.valueOf(settings.word("fadvise_hint").toUpperCase(Locale.ROOT));
    };
  }

  private Fallocate fallocate() {
    return switch (settings.word("fallocate")) {
      case "0" -> Fallocate.NONE;
      case "1" -> Fallocate.POSIX;
      default -> Fallocate.valueOf(settings.word("fallocate").toUpperCase(Locale.ROOT));
    };
  }

  static <T> List<T> list(JobSettings settings, String name, Class<T> type) {
    List<T> result = new ArrayList<>();
    for (Object each : settings.structure(name, List.class).orElse(List.of())) {
      result.add(type.cast(each));
    }
    return result;
  }
}
