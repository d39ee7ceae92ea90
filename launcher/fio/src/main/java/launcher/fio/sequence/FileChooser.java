package launcher.fio.sequence;

import launcher.fio.job.FileService;
import launcher.fio.job.JobFiles;
import launcher.fio.sequence.RandomSeeds.Use;

/** Chooses the file of the next I/O, and keeps track of which are open and which are finished. */
final class FileChooser {
  /** fio draws skewed file numbers from a range this much larger, for a smoother curve. */
  private static final int SKEW_SHIFT = 10;

  private final Region[] regions;
  private final FileService service;
  private final int openMax;
  private final FioRandom random;
  private final SkewedDraw skew;
  private Region current;
  private int left;
  private int following;
  private int openCount;
  private int doneCount;

  FileChooser(Region[] regions, JobFiles files, boolean wide, RandomSeeds seeds) {
    this.regions = regions;
    service = files.service();
    openMax = files.openFiles();
    long seed = seeds.of(Use.FILE);
    random = new FioRandom(wide, seed);
    long range = (long) regions.length << SKEW_SHIFT;
    double parameter = service.parameter();
    skew =
        switch (service.type()) {
          case ZIPF -> SkewedDraw.zipf(range, parameter, -1, seed, false);
          case PARETO -> SkewedDraw.pareto(range, parameter, -1, seed, false);
          case NORMAL -> SkewedDraw.normal(range, parameter, -1, seed, false);
          default -> null;
        };
  }

  /** For another loop over the files. */
  void restart(boolean reseed, RandomSeeds seeds) {
    for (Region region : regions) {
      region.open = false;
      region.done = false;
    }
    openCount = 0;
    doneCount = 0;
    if (reseed) {
      random.seed(seeds.of(Use.FILE));
    }
  }

  /** Null once all files are finished. A region that is not open yet is left for the caller to. */
  Region next() {
    if (doneCount >= regions.length) {
      return null;
    }
    if (current != null && current.open) {
      if (service.type() == FileService.Type.SEQUENTIAL) {
        return current;
      }
      if (left > 0) {
        left--;
        return current;
      }
    }
    current = choose();
    left = service.run() - 1;
    return current;
  }

  /** Ends, because some file is not finished, and is open unless more may be opened. */
  private Region choose() {
    while (true) {
      Region region = regions[candidate()];
      if (!region.done && (region.open || openCount < openMax)) {
        return region;
      }
    }
  }

  private int candidate() {
    return switch (service.type()) {
      case ROUNDROBIN, SEQUENTIAL -> {
        int index = following;
        following = index + 1 == regions.length ? 0 : index + 1;
        yield index;
      }
      case RANDOM -> (int) ((double) regions.length * random.nextFraction());
      default -> (int) (skew.next() >>> SKEW_SHIFT);
    };
  }

  void opened(Region region) {
    region.open = true;
    openCount++;
  }

  /** No I/O is left in a region. Skewed rules begin it again instead. */
  void finished(Region region) {
    region.open = false;
    openCount--;
    if (!service.nonUniform()) {
      region.done = true;
      doneCount++;
    }
  }

  boolean allFinished() {
    return doneCount >= regions.length;
  }
}
