package launcher.fio.sequence;

import launcher.fio.job.FioJob;
import launcher.fio.job.Rates;
import launcher.fio.sequence.RandomSeeds.Use;

/** Says when the next I/O of a direction is due, in microseconds since the job's start. */
final class RatePacer {
  private static final long US_PER_S = 1_000_000;

  private final long[] bytesPerSecond;
  private final long[] minBytes;
  private final boolean poisson;
  private final boolean ignoreThinkTime;
  private final boolean limited;
  private final FioRandom[] gaps;
  private final long[] issuedBytes = new long[3];
  private final long[] dueUs = new long[3];

  RatePacer(FioJob job, RandomSeeds seeds) {
    Rates rates = job.rates();
    bytesPerSecond =
        new long[] {
          rates.readBytesPerSecond(), rates.writeBytesPerSecond(), rates.trimBytesPerSecond()
        };
    minBytes =
        new long[] {
          job.blockSizes().read().minBytes(),
          job.blockSizes().write().minBytes(),
          job.blockSizes().trim().minBytes()
        };
    poisson = rates.poisson();
    ignoreThinkTime = rates.ignoreThinkTime();
    limited = rates.limited();
    gaps =
        new FioRandom[] {
          new FioRandom(false, seeds.of(Use.READ_GAP)),
          new FioRandom(false, seeds.of(Use.WRITE_GAP)),
          new FioRandom(false, seeds.of(Use.TRIM_GAP))
        };
  }

  boolean limited() {
    return limited;
  }

  long dueUs(int direction) {
    return dueUs[direction];
  }

  void issued(int direction, long bytes) {
    issuedBytes[direction] += bytes;
    long rate = bytesPerSecond[direction];
    if (rate == 0) {
      dueUs[direction] = 0;
    } else if (poisson) {
      long perSecond = Math.max(1, rate / minBytes[direction]);
      float uniform = (float) ((gaps[direction].next() + 1.0) / 0x1p32);
      dueUs[direction] += (long) (US_PER_S / perSecond * -(float) StrictMath.log(uniform));
    } else {
      long done = issuedBytes[direction];
      dueUs[direction] = done % rate * US_PER_S / rate + done / rate * US_PER_S;
    }
  }

  /** With {@code rate_ignore_thinktime}, what a pause kept from being issued counts as issued. */
  void paused(long us) {
    if (ignoreThinkTime) {
      for (int i = 0; i < issuedBytes.length; i++) {
        issuedBytes[i] += us * bytesPerSecond[i] / US_PER_S;
      }
    }
  }
}
