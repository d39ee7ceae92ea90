package launcher.scenario.internal.workload;

import block.bio.ReqFlag;
import launcher.fio.job.CacheMode;
import launcher.fio.job.FioJob;
import launcher.fio.job.SyncRules;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;

/**
 * How a job's system calls are made, the same for all of them.
 *
 * @param direct O_DIRECT
 * @param rwFlags flags of each buffered read and write
 * @param openFlags flags that its files are opened with
 * @param reqFlags {@link ReqFlag} masks of each direct bio
 * @param syncRangeMask flags of each sync_file_range
 */
record JobCalls(
    boolean direct, RwFlags rwFlags, RwFlags openFlags, int reqFlags, int syncRangeMask) {

  static JobCalls of(FioJob job) {
    int rw = job.cache() == CacheMode.DONTCACHE ? RwFlag.DONTCACHE.mask() : 0;
    int req = 0;
    if (job.flags().nowait()) {
      rw |= RwFlag.NOWAIT.mask();
      req |= ReqFlag.NOWAIT.mask();
    }
    if (job.flags().polled()) {
      rw |= RwFlag.HIPRI.mask();
      req |= ReqFlag.POLLED.mask();
    }
    RwFlags open =
        switch (job.sync().openFlag()) {
          case NONE -> RwFlags.NONE;
          case SYNC -> RwFlags.of(RwFlag.SYNC);
          case DSYNC -> RwFlags.of(RwFlag.DSYNC);
        };
    int range = 0;
    for (SyncRules.RangeFlag flag : job.sync().syncFileRangeFlags()) {
      // WAIT_BEFORE, WRITE, WAIT_AFTER are 1, 2, 4.
      range |= 1 << flag.ordinal();
    }
    return new JobCalls(job.cache() == CacheMode.DIRECT, new RwFlags(rw), open, req, range);
  }
}
