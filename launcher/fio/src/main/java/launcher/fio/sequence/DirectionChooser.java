package launcher.fio.sequence;

import launcher.fio.job.FioJob;
import launcher.fio.job.RwMode;
import launcher.fio.job.SyncRules;
import launcher.fio.sequence.RandomSeeds.Use;

/** Chooses what the next operation does. */
final class DirectionChooser {
  private final RwMode rw;
  private final SyncRules sync;
  private final int readPercent;
  private final RandomSeeds seeds;
  private final FioRandom mix;
  private final RatePacer pacer;
  private final long[] issued = new long[3];
  private long switchAt;
  private IoDirection mixDirection = IoDirection.READ;
  private IoDirection last;

  /** When the operation may be issued, in microseconds since the job's start; 0 for at once. */
  long dueUs;

  DirectionChooser(FioJob job, boolean wide, RandomSeeds seeds, RatePacer pacer) {
    this.seeds = seeds;
    this.pacer = pacer;
    rw = job.rw();
    sync = job.sync();
    readPercent = job.rwMixReadPercent();
    mix = new FioRandom(wide, seeds.of(Use.MIX));
  }

  /** For another loop. The count of writes goes on, so that a sync may be the first of it. */
  void restart(boolean reseed) {
    switchAt = 0;
    if (reseed) {
      mix.seed(seeds.of(Use.MIX));
    }
  }

  /** A trimwrite job goes by the region: its last trim still wants its write, or not. */
  IoDirection next(Region region, long elapsedUs) {
    dueUs = 0;
    if (rw.trims() && rw.writes()) {
      IoDirection due = syncDue();
      if (due != null) {
        return due;
      }
      boolean paired =
          region.lastStart[IoDirection.WRITE.ordinal()]
              == region.lastStart[IoDirection.TRIM.ordinal()];
      return paired(paired ? IoDirection.TRIM : IoDirection.WRITE, elapsedUs);
    }
    IoDirection due = syncDue();
    return due != null ? due : paired(transfer(), elapsedUs);
  }

  private IoDirection syncDue() {
    if (last != IoDirection.WRITE) {
      return null;
    }
    long writes = issued[IoDirection.WRITE.ordinal()];
    if (isMultiple(writes, sync.fsyncEvery())) {
      return IoDirection.SYNC;
    }
    if (isMultiple(writes, sync.fdatasyncEvery())) {
      return IoDirection.DATASYNC;
    }
    return isMultiple(writes, sync.syncFileRangeEvery()) ? IoDirection.SYNC_FILE_RANGE : null;
  }

  private static boolean isMultiple(long writes, long every) {
    return every != 0 && writes != 0 && writes % every == 0;
  }

  private IoDirection transfer() {
    if (!rw.mixed()) {
      return rw.reads() ? IoDirection.READ : rw.writes() ? IoDirection.WRITE : IoDirection.TRIM;
    }
    if (issued[mixDirection.ordinal()] >= switchAt) {
      int draw = 1 + (int) (100.0 * mix.nextFraction());
      IoDirection drawn = draw <= readPercent ? IoDirection.READ : IoDirection.WRITE;
      if (drawn != mixDirection) {
        int otherPercent = mixDirection == IoDirection.READ ? 100 - readPercent : readPercent;
        switchAt = issued[mixDirection.ordinal()] * otherPercent / 100;
      }
      mixDirection = drawn;
    }
    return mixDirection;
  }

  /** Holds an I/O back to its rate; a mixed job turns to the direction that is behind its own. */
  private IoDirection paired(IoDirection wanted, long elapsedUs) {
    if (!pacer.limited()) {
      return wanted;
    }
    long wantedDue = pacer.dueUs(wanted.ordinal());
    if (wantedDue <= elapsedUs) {
      return wanted;
    }
    IoDirection chosen = wanted;
    dueUs = wantedDue;
    if (rw.mixed()) {
      IoDirection other = wanted == IoDirection.READ ? IoDirection.WRITE : IoDirection.READ;
      int otherPercent = other == IoDirection.READ ? readPercent : 100 - readPercent;
      long otherDue = pacer.dueUs(other.ordinal());
      if (otherPercent != 0 && otherDue < wantedDue) {
        chosen = other;
        dueUs = otherDue <= elapsedUs ? 0 : otherDue;
      }
      mixDirection = chosen;
    }
    return chosen;
  }

  /** Whether the last operation already made everything durable. */
  boolean endedWithSync() {
    return last != null && !last.transfers();
  }

  void issued(IoDirection direction) {
    last = direction;
    if (direction.transfers()) {
      issued[direction.ordinal()]++;
    }
  }
}
