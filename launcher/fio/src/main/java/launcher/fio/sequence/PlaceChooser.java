package launcher.fio.sequence;

import java.util.List;
import launcher.fio.job.FioJob;
import launcher.fio.job.OffsetRules;
import launcher.fio.job.RandomDistribution;
import launcher.fio.job.RandomDistribution.Zone;
import launcher.fio.job.RwMode;
import launcher.fio.sequence.RandomSeeds.Use;

/**
 * Chooses where the next I/O goes. The answer is left in {@link #offset}, {@link #random}, {@link
 * #marks} and {@link #rewound}.
 */
final class PlaceChooser {
  private final RwMode rw;
  private final OffsetRules rules;
  private final boolean timeBased;
  private final boolean restarts;
  private final boolean rewindsForMore;
  private final boolean oneFile;
  private final long[] alignBytes;
  private final long[] minBytes;
  private final RandomSeeds seeds;
  private final FioRandom blocks;
  private final FioRandom zones;
  private final FioRandom[] sequentialOrRandom = new FioRandom[3];
  private final long[][] zoneStart = new long[3][];
  private final long[][] zoneEnd = new long[3][];
  private final long[] sequence;
  private long sequenceNext;
  private long runLeft = 1;

  /** From the start of the file. */
  long offset;

  /** Whether it was drawn. */
  boolean random;

  /** Whether it has to be marked in the random map. */
  boolean marks;

  /** Whether the file was begun again. */
  boolean rewound;

  PlaceChooser(FioJob job, FileLayout layout, boolean wide, RandomSeeds seeds) {
    this.seeds = seeds;
    rw = job.rw();
    rules = job.offsets();
    timeBased = job.time().timeBased();
    restarts = timeBased || job.files().service().nonUniform();
    rewindsForMore = rw.mixed() && job.size().ioSize().bytes() > layout.sizeBytes();
    oneFile = layout.parts().size() == 1;
    alignBytes =
        new long[] {
          job.blockSizes().read().alignBytes(),
          job.blockSizes().write().alignBytes(),
          job.blockSizes().trim().alignBytes()
        };
    minBytes =
        new long[] {
          job.blockSizes().read().minBytes(),
          job.blockSizes().write().minBytes(),
          job.blockSizes().trim().minBytes()
        };
    blocks = new FioRandom(wide);
    zones = new FioRandom(false);
    for (int i = 0; i < 3; i++) {
      sequentialOrRandom[i] = new FioRandom(false);
    }
    seed();
    if (rules.distribution() instanceof RandomDistribution.Zoned zoned) {
      index(0, zoned.read());
      index(1, zoned.write());
      index(2, zoned.trim());
    }
    sequence =
        rules.distribution() instanceof RandomDistribution.Sequence given
            ? given.blocks().stream().mapToLong(Long::longValue).toArray()
            : null;
  }

  void seed() {
    blocks.seed(seeds.of(Use.BLOCK));
    zones.seed(seeds.of(Use.ZONE));
    for (FioRandom each : sequentialOrRandom) {
      each.seed(seeds.of(Use.SEQUENTIAL_READ));
    }
  }

  /** For each percent of accesses, where its zone begins and ends. */
  private void index(int direction, List<Zone> list) {
    if (list.isEmpty()) {
      return;
    }
    zoneStart[direction] = new long[100];
    zoneEnd[direction] = new long[100];
    int access = 0;
    long begin = 0;
    for (Zone zone : list) {
      for (int i = access; i < Math.min(100, access + zone.accessPercent()); i++) {
        zoneStart[direction][i] = begin;
        zoneEnd[direction][i] = begin + zone.size();
      }
      access += zone.accessPercent();
      begin += zone.size();
    }
  }

  /** Whether there is room left in the region. */
  boolean next(Region region, int direction) {
    rewound = false;
    boolean runStarts = false;
    if (--runLeft == 0) {
      runStarts = true;
      runLeft = rules.runLength();
    }
    if (!place(region, direction, runStarts) || offset >= region.regionBytes || offset < 0) {
      return false;
    }
    offset += region.offset;
    if (offset >= region.fileBytes) {
      return false;
    }
    int trim = IoDirection.TRIM.ordinal();
    if (rw == RwMode.RANDTRIMWRITE && direction == trim && region.lastStart[trim] == offset) {
      // The same block as last time: without this the write after the trim would be left out.
      region.lastStart[IoDirection.WRITE.ordinal()]--;
    }
    return true;
  }

  private boolean place(Region region, int direction, boolean runStarts) {
    random = false;
    marks = false;
    if (rw == RwMode.RANDTRIMWRITE && direction == IoDirection.WRITE.ordinal()) {
      random = true;
      offset = region.lastStart[IoDirection.TRIM.ordinal()] - region.offset;
      return true;
    }
    if (runStarts) {
      if (!rw.random()) {
        return sequential(region, direction);
      }
      if (drawsRandom(direction)) {
        random = true;
        marks = true;
        return randomBlock(region, direction);
      }
      return sequential(region, direction) || randomBlock(region, direction);
    }
    if (rules.identicalRun()) {
      long last = region.lastStart[direction];
      offset = last == Region.NOWHERE ? 0 : last - region.offset;
      return true;
    }
    return sequential(region, direction) || randomBlock(region, direction);
  }

  private boolean drawsRandom(int direction) {
    int percent = rules.randomPercent().get(direction);
    return percent == 100 || sequentialOrRandom[direction].between(1, 100) <= percent;
  }

  private boolean sequential(Region region, int direction) {
    if (region.lastEnd[direction] >= region.end() && (timeBased && oneFile || rewindsForMore)) {
      region.lastEnd[direction] = region.offset;
      rewound = true;
    }
    if (region.lastEnd[direction] >= region.fileBytes) {
      return false;
    }
    long skip = rules.skipBytes();
    long limit = Math.min(region.fileBytes, region.regionBytes);
    if (region.lastEnd[direction] == region.offset && region.offset != 0 && skip < 0) {
      region.lastEnd[direction] = limit;
    }
    long position = region.lastEnd[direction] - region.offset;
    if (position != 0 && skip != 0) {
      position += skip;
      // A position before the start is a very large one to fio, and goes to the end as well.
      if (Long.compareUnsigned(position, region.fileBytes) >= 0) {
        position = skip > 0 ? region.offset : limit + skip;
      }
    }
    offset = position;
    return true;
  }

  private boolean randomBlock(Region region, int direction) {
    if (drawOffset(region, direction)) {
      return true;
    }
    if (!restarts) {
      return false;
    }
    region.reset(seeds.of(Use.BLOCK));
    rewound = true;
    return drawOffset(region, direction);
  }

  private boolean drawOffset(Region region, int direction) {
    long block;
    if (region.skew != null) {
      block = region.skew.next();
    } else if (sequence != null) {
      block = nextOfSequence();
    } else {
      block = drawBlock(region, direction);
    }
    offset = block * alignBytes[direction];
    return block >= 0;
  }

  private long nextOfSequence() {
    long round = sequenceNext / sequence.length;
    long block = sequence[(int) (sequenceNext % sequence.length)];
    sequenceNext++;
    boolean stride = ((RandomDistribution.Sequence) rules.distribution()).stride();
    return stride ? round * sequence.length + block : block;
  }

  private long drawBlock(Region region, int direction) {
    long count = blockCount(region, direction);
    if (count <= 0) {
      return -1;
    }
    if (zoneStart[direction] == null) {
      return drawBelow(region, count);
    }
    int percent = (int) zones.between(1, 100) - 1;
    long start = zoneStart[direction][percent];
    long end = zoneEnd[direction][percent];
    if (((RandomDistribution.Zoned) rules.distribution()).absolute()) {
      start /= alignBytes[direction];
      return start + drawBelow(region, end / alignBytes[direction] - start);
    }
    return start * count / 100 + drawBelow(region, count * (end - start) / 100);
  }

  private long blockCount(Region region, int direction) {
    long bytes = Math.min(region.regionBytes, region.fileBytes);
    if (minBytes[direction] > alignBytes[direction]) {
      bytes -= minBytes[direction] - alignBytes[direction];
    }
    return bytes / alignBytes[direction];
  }

  private long drawBelow(Region region, long count) {
    if (region.lfsr != null) {
      return region.lfsr.next();
    }
    long block = (long) (count * blocks.nextFraction());
    if (region.map == null || !region.map.isSet(block)) {
      return block;
    }
    return region.map.nextFree(block);
  }
}
