package launcher.scenario.internal.read;

import fs.iomap.erofs.CacheStrategy;
import fs.iomap.erofs.DecompressionTask;
import fs.iomap.erofs.ErofsSettings;
import fs.iomap.erofs.ReadCompletion;
import fs.iomap.erofs.SyncDecompress;
import java.util.List;
import java.util.OptionalLong;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.fio.job.IoEngine;
import launcher.scenario.FileSystemSpec.Type;
import launcher.scenario.Problem;
import launcher.scenario.Unit;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;

/**
 * Reads what the {@code filesystem} section says of erofs, and refuses jobs that it can't serve.
 */
final class ErofsReader {
  private static final String CLUSTER = "cluster-size";
  private static final String COMPRESSED = "compressed-size";
  private static final String CACHE = "cache-strategy";
  private static final String SYNC = "sync-decompress";
  private static final String TASK = "decompression";
  private static final String VERITY = "verity";
  private static final String COMPLETION = "read-completion";
  private static final List<String> KEYS =
      List.of(CLUSTER, COMPRESSED, CACHE, SYNC, TASK, VERITY, COMPLETION);
  private static final long CLUSTER_MIN = 4096;
  private static final long CLUSTER_MAX = 1 << 20;
  private static final String DEVICES = "/dev/";

  private ErofsReader() {}

  static ErofsSettings read(Section section, Type type) {
    ErofsSettings fallback = ErofsSettings.DEFAULT;
    OptionalLong cluster = section.number(CLUSTER, Unit.BYTES, CLUSTER_MIN, CLUSTER_MAX);
    OptionalLong percent = section.number(COMPRESSED, Unit.PERCENT, 1, 100);
    CacheStrategy cache = section.word(CACHE, CacheStrategy.class).orElse(fallback.cacheStrategy());
    SyncDecompress sync =
        section.word(SYNC, SyncDecompress.class).orElse(fallback.syncDecompress());
    DecompressionTask task =
        section.word(TASK, DecompressionTask.class).orElse(fallback.decompression());
    boolean verity = section.flag(VERITY).orElse(fallback.verity());
    ReadCompletion completion =
        section.word(COMPLETION, ReadCompletion.class).orElse(fallback.completion());
    if (type != Type.EROFS) {
      for (String key : KEYS) {
        if (section.keys().contains(key)) {
          section.wrong(key, "is a key of type erofs; type is " + Section.wordOf(type));
        }
      }
    }
    return new ErofsSettings(
        (int) cluster.orElse(fallback.clusterBytes()),
        (int) percent.orElse(fallback.compressedPercent()),
        cache,
        sync,
        task,
        verity,
        completion);
  }

  /** Refuses what a compressed file that can only be read does not do. */
  static void refuseJobs(List<FioJob> jobs, Problems problems) {
    for (FioJob job : jobs) {
      boolean ofFiles =
          job.engine() != IoEngine.NULL
              && !job.files().paths().stream().allMatch(path -> path.startsWith(DEVICES));
      if (ofFiles && (job.rw().writes() || job.rw().trims())) {
        refuse(
            job,
            problems,
            "rw="
                + job.rw().word()
                + ": the file system is erofs, which can only be read; nearest: rw="
                + (job.rw().random() ? "randread" : "read"));
      } else if (ofFiles && job.cache() == CacheMode.DIRECT) {
        refuse(
            job,
            problems,
            "direct=1: erofs has no direct I/O on compressed files; nearest: direct=0");
      } else if (ofFiles && job.cache() == CacheMode.DONTCACHE) {
        refuse(job, problems, "uncached=1: erofs has no RWF_DONTCACHE; nearest: uncached=0");
      }
    }
  }

  private static void refuse(FioJob job, Problems problems, String why) {
    problems.add(
        new Problem(
            job.identity().file() + ":" + job.identity().line(), "[" + job.name() + "]", why));
  }
}
