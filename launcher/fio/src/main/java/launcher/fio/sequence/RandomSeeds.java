package launcher.fio.sequence;

import launcher.fio.job.FioJob;
import launcher.fio.job.OffsetRules;

/**
 * The seeds of one job: a chain of products of {@code randseed}, one link per use of chance, each
 * multiplied by the job's thread number.
 */
final class RandomSeeds {
  /** What chance is used for, in the order of fio's links. */
  enum Use {
    READ_LENGTH,
    WRITE_LENGTH,
    TRIM_LENGTH,
    VERIFY,
    MIX,
    FILE,
    BLOCK,
    FILE_SIZE,
    TRIM,
    BUFFER,
    SEQUENTIAL_READ,
    SEQUENTIAL_WRITE,
    SEQUENTIAL_TRIM,
    START_DELAY,
    DEDUPE,
    READ_GAP,
    ZONE,
    WRITE_GAP,
    TRIM_GAP
  }

  private static final long MULTIPLIER = 0x9e37_0001L;
  private static final int LEAD_IN = 4;

  private final long[] seeds = new long[Use.values().length];

  RandomSeeds(FioJob job) {
    OffsetRules rules = job.offsets();
    long thread = job.identity().threadNumber();
    long seed = rules.seed();
    for (int i = 0; i < LEAD_IN; i++) {
      seed *= MULTIPLIER;
    }
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = seed * thread + i;
      seed *= MULTIPLIER;
    }
  }

  long of(Use use) {
    return seeds[use.ordinal()];
  }
}
