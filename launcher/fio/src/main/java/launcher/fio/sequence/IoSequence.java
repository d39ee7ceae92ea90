package launcher.fio.sequence;

import launcher.fio.job.FioJob;
import launcher.fio.job.JobSize;
import launcher.fio.job.OffsetRules;
import launcher.fio.job.RandomDistribution;
import launcher.fio.sequence.RandomSeeds.Use;

/**
 * The operations of one job in the order fio would issue them.
 *
 * <p>The job's thread calls {@link #next}, reads the operation through the other methods, waits if
 * {@link #notBeforeNs} says so, issues it, and calls {@code next} again. The sequence does not
 * depend on how long I/O takes, except that a mixed job with a rate turns to the direction that is
 * behind. When the job's runtime is over, {@link #cutShort} leaves only what ends it. Nothing is
 * allocated after construction.
 */
public final class IoSequence implements IoOperations {
  private enum Phase {
    BETWEEN_LOOPS,
    ISSUING,
    CLOSING,
    ENDED
  }

  private static final long NS_PER_US = 1_000;

  /** A skewed choice of files goes on forever if none has room for a block. */
  private static final int FRUITLESS_TURNS_MAX = 64;

  private final FioJob job;
  private final Region[] regions;
  private final RandomSeeds seeds;
  private final FioRandom[] lengthRandoms = new FioRandom[3];
  private final LengthChooser lengths;
  private final PlaceChooser places;
  private final DirectionChooser directions;
  private final FileChooser files;
  private final RatePacer pacer;
  private final long loops;
  private final long loopLimitBytes;
  private final long loopBudgetBytes;
  private final long numberIos;
  private final boolean endless;
  private final boolean syncsAtEnd;
  private final long[] minBytes;
  private final long[] issuedBytes = new long[3];
  private Phase phase = Phase.BETWEEN_LOOPS;
  private long loopsLeft;
  private boolean started;
  private boolean cut;
  private long issuedCount;
  private long loopBytes;
  private int closingIndex;

  private IoDirection direction;
  private Region region;
  private long offset;
  private long length;
  private boolean invalidates;
  private boolean ending;
  private long dueUs;

  private IoSequence(FioJob job, FileLayout layout) {
    this.job = job;
    seeds = new RandomSeeds(job);
    boolean wide = job.offsets().generator() == OffsetRules.Generator.TAUSWORTHE64;
    regions = new Region[layout.parts().size()];
    for (int i = 0; i < regions.length; i++) {
      regions[i] = region(i, layout.parts().get(i));
    }
    for (int i = 0; i < 3; i++) {
      lengthRandoms[i] = new FioRandom(wide);
    }
    seedLengths();
    lengths =
        new LengthChooser(job.blockSizes(), lengthRandoms[0], lengthRandoms[1], lengthRandoms[2]);
    pacer = new RatePacer(job, seeds);
    places = new PlaceChooser(job, layout, wide, seeds);
    directions = new DirectionChooser(job, wide, seeds, pacer);
    files = new FileChooser(regions, job.files(), wide, seeds);
    minBytes =
        new long[] {
          job.blockSizes().read().minBytes(),
          job.blockSizes().write().minBytes(),
          job.blockSizes().trim().minBytes()
        };
    JobSize size = job.size();
    loops = Math.max(1, size.loops());
    loopsLeft = loops;
    endless = job.time().timeBased();
    long ioSize = size.ioSize().bytes();
    loopLimitBytes = ioSize != 0 ? ioSize : layout.sizeBytes();
    loopBudgetBytes = loopBudget(layout.sizeBytes(), ioSize);
    numberIos = job.rw().trims() && job.rw().writes() ? 2 * size.numberIos() : size.numberIos();
    syncsAtEnd = job.rw().writes() && (job.sync().endFsync() || job.sync().fsyncOnClose());
  }

  /**
   * The sequence of a job.
   *
   * @param store what is there before the job
   * @throws IllegalArgumentException if the job has no size (see {@link FileLayout#of})
   */
  public static IoSequence of(FioJob job, ExistingFiles store) {
    return new IoSequence(job, FileLayout.of(job, store));
  }

  private Region region(int index, FileLayout.Part part) {
    Region made = new Region(index, part);
    if (!job.rw().random()) {
      return made;
    }
    OffsetRules rules = job.offsets();
    long bytes = Math.min(part.sizeBytes(), part.regionBytes());
    long count = bytes / job.blockSizes().minBytes();
    long drawBytes =
        Math.min(job.blockSizes().read().minBytes(), job.blockSizes().write().minBytes());
    long range = (bytes + drawBytes - 1) / drawBytes;
    made.skew = skew(rules, range, part.path());
    if (rules.generator() == OffsetRules.Generator.LFSR) {
      made.lfsr = new Lfsr(count, seeds.of(Use.BLOCK));
    } else if (rules.randomMap() && count > 0) {
      made.map = new BlockMap(count);
    }
    return made;
  }

  private SkewedDraw skew(OffsetRules rules, long range, String path) {
    long seed = (long) SkewedDraw.hash(path) * job.identity().threadNumber() * seeds.of(Use.BLOCK);
    if (rules.distribution() instanceof RandomDistribution.Zipf zipf) {
      return SkewedDraw.zipf(range, zipf.theta(), zipf.center(), seed, true);
    }
    if (rules.distribution() instanceof RandomDistribution.Pareto pareto) {
      return SkewedDraw.pareto(range, pareto.h(), pareto.center(), seed, true);
    }
    if (rules.distribution() instanceof RandomDistribution.Normal normal) {
      return SkewedDraw.normal(range, normal.deviationPercent(), normal.center(), seed, true);
    }
    return null;
  }

  private void seedLengths() {
    lengthRandoms[0].seed(seeds.of(Use.READ_LENGTH));
    lengthRandoms[1].seed(seeds.of(Use.WRITE_LENGTH));
    boolean pairs = job.rw().trims() && job.rw().writes();
    lengthRandoms[2].seed(seeds.of(pairs ? Use.WRITE_LENGTH : Use.TRIM_LENGTH));
  }

  /** Bytes after which a loop ends even if its limit allows for more. */
  private long loopBudget(long sizeBytes, long ioSizeBytes) {
    long budget = sizeBytes;
    boolean unmapped = job.rw().writes() && job.rw().random() && !job.offsets().randomMap();
    if (unmapped || job.rw().mixed() && !job.rw().random()) {
      budget = Math.max(budget, ioSizeBytes);
    }
    if (job.rw().trims() && job.rw().writes()) {
      budget += (ioSizeBytes != 0 ? ioSizeBytes : sizeBytes) * loops;
    }
    return budget;
  }

  /**
   * Goes to the next operation.
   *
   * @param elapsedNs time since the job's start; matters only to a job with a rate
   * @return false if the job has ended
   */
  @Override
  public boolean next(long elapsedNs) {
    ending = false;
    while (true) {
      switch (phase) {
        case BETWEEN_LOOPS -> phase = startLoop() ? Phase.ISSUING : Phase.ENDED;
        case ISSUING -> {
          if (!loopIsDone() && choose(elapsedNs / NS_PER_US)) {
            return true;
          }
          closingIndex = syncsAtEnd && !directions.endedWithSync() ? 0 : regions.length;
          phase = Phase.CLOSING;
        }
        case CLOSING -> {
          if (closingIndex < regions.length) {
            takeEndSync();
            return true;
          }
          phase = cut || loopBytes == 0 ? Phase.ENDED : Phase.BETWEEN_LOOPS;
        }
        case ENDED -> {
          return false;
        }
      }
    }
  }

  private boolean startLoop() {
    if (cut || !anotherLoop()) {
      return false;
    }
    boolean reseed = started && job.offsets().repeatable();
    if (reseed) {
      seedLengths();
      places.seed();
    }
    if (started) {
      files.restart(reseed, seeds);
      directions.restart(reseed);
    }
    started = true;
    loopBytes = 0;
    return true;
  }

  private boolean anotherLoop() {
    if (endless) {
      return true;
    }
    if (loopsLeft > 0) {
      loopsLeft--;
      return true;
    }
    if (tooMany()) {
      return false;
    }
    long done = issuedBytes[0] + issuedBytes[1] + issuedBytes[2];
    if (done >= loopLimitBytes || loopLimitBytes - done < job.blockSizes().maxBytes()) {
      return false;
    }
    return !files.allFinished() || !job.size().ioSize().isNone();
  }

  private boolean tooMany() {
    return numberIos != 0 && issuedCount >= numberIos * loops;
  }

  private boolean loopIsDone() {
    if (cut) {
      return true;
    }
    if (endless) {
      return false;
    }
    if (loopBytes >= loopBudgetBytes || tooMany()) {
      return true;
    }
    long counted;
    if (job.rw().mixed()) {
      counted = issuedBytes[0] + issuedBytes[1];
    } else {
      counted = issuedBytes[job.rw().writes() ? 1 : job.rw().reads() ? 0 : 2];
    }
    return counted >= loopLimitBytes * loops;
  }

  /** False once every file is finished. */
  private boolean choose(long elapsedUs) {
    invalidates = false;
    long turns = (long) regions.length * FRUITLESS_TURNS_MAX;
    for (Region next = files.next(); next != null && turns > 0; next = files.next()) {
      turns--;
      region = next;
      if (!region.open) {
        files.opened(region);
        region.reset(seeds.of(Use.BLOCK));
        invalidates = job.files().invalidate();
      }
      direction = directions.next(region, elapsedUs);
      dueUs = directions.dueUs;
      if (direction.transfers() ? place() : takeSync()) {
        account();
        return true;
      }
      files.finished(region);
    }
    return false;
  }

  private boolean place() {
    int slot = direction.ordinal();
    if (!places.next(region, slot)) {
      return false;
    }
    offset = places.offset;
    length = lengths.next(region, slot, offset, places.random);
    if (length == 0 || offset + length > region.fileBytes) {
      return false;
    }
    invalidates |= places.rewound && job.files().invalidate();
    if (region.map != null && places.marks) {
      long min = minBytes[slot];
      long blocks = region.map.setRun((offset - region.offset) / min, (length + min - 1) / min);
      length = Math.min(length, blocks * min);
    }
    return true;
  }

  private boolean takeSync() {
    offset = 0;
    length = 0;
    if (direction == IoDirection.SYNC_FILE_RANGE && region.unsyncedStart != Region.NOWHERE) {
      offset = region.unsyncedStart;
      length = region.unsyncedEnd - offset;
    }
    region.unsyncedStart = Region.NOWHERE;
    return true;
  }

  private void account() {
    directions.issued(direction);
    if (!direction.transfers()) {
      return;
    }
    int slot = direction.ordinal();
    region.lastStart[slot] = offset;
    region.lastEnd[slot] = offset + length;
    issuedBytes[slot] += length;
    loopBytes += length;
    issuedCount++;
    if (pacer.limited()) {
      pacer.issued(slot, length);
    }
    if (direction == IoDirection.WRITE) {
      boolean first = region.unsyncedStart == Region.NOWHERE;
      region.unsyncedStart = first ? offset : Math.min(region.unsyncedStart, offset);
      region.unsyncedEnd = first ? offset + length : Math.max(region.unsyncedEnd, offset + length);
    }
  }

  private void takeEndSync() {
    region = regions[closingIndex++];
    direction = IoDirection.SYNC;
    offset = 0;
    length = 0;
    invalidates = false;
    ending = true;
    dueUs = 0;
    directions.issued(direction);
  }

  /** The job's runtime is over, or it was stopped: no I/O follows but the closing fsyncs. */
  @Override
  public void cutShort() {
    cut = true;
  }

  /** The job paused for this long; a rate may have to make up for it, or not. */
  @Override
  public void paused(long pauseNs) {
    pacer.paused(pauseNs / NS_PER_US);
  }

  /** What the operation does. */
  @Override
  public IoDirection direction() {
    return direction;
  }

  /** Index into the job's files. */
  @Override
  public int fileIndex() {
    return region.index;
  }

  /** Where in the file; of a sync_file_range where its range begins, of other syncs 0. */
  @Override
  public long offsetBytes() {
    return offset;
  }

  /** How much; of a sync_file_range its range, of other syncs 0. */
  @Override
  public long lengthBytes() {
    return length;
  }

  /**
   * Whether the file's clean pages are dropped before the operation, because it is opened by it or
   * begun again ({@code invalidate=1}, fio's default).
   */
  @Override
  public boolean invalidatesFile() {
    return invalidates;
  }

  /**
   * Whether this is an {@code end_fsync} or {@code fsync_on_close}, issued when all I/O of a loop
   * has completed. fio leaves it out of its totals.
   */
  @Override
  public boolean endsLoop() {
    return ending;
  }

  /**
   * The time since the job's start before which a rate forbids the operation; 0 if none does. fio
   * waits for all I/O in flight before it sleeps until then.
   */
  @Override
  public long notBeforeNs() {
    return dueUs * NS_PER_US;
  }
}
