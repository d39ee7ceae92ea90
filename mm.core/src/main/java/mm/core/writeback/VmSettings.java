package mm.core.writeback;

/**
 * The {@code vm.dirty_*} sysctls.
 *
 * @param dirtyBackgroundRatio per cent of dirtyable memory above which flushers write by themselves
 * @param dirtyRatio per cent of dirtyable memory above which writers are stopped
 * @param dirtyBackgroundBytes if above 0, used in place of the background ratio
 * @param dirtyBytes if above 0, used in place of the ratio
 * @param dirtyWritebackCentisecs how often flushers look for old data; 0 for never
 * @param dirtyExpireCentisecs how old data must be to be written by them
 */
public record VmSettings(
    int dirtyBackgroundRatio,
    int dirtyRatio,
    long dirtyBackgroundBytes,
    long dirtyBytes,
    int dirtyWritebackCentisecs,
    int dirtyExpireCentisecs) {
  /** What a kernel boots with: 10 and 20 per cent, 5 s and 30 s. */
  public static final VmSettings DEFAULT = new VmSettings(10, 20, 0, 0, 500, 3000);

  /** Refuses what the sysctl would refuse. */
  public VmSettings {
    requireRatio("dirty-background-ratio", dirtyBackgroundRatio);
    requireRatio("dirty-ratio", dirtyRatio);
    if (dirtyBackgroundBytes < 0 || dirtyBytes < 0) {
      throw new IllegalArgumentException(
          "vm settings: dirty-background-bytes is "
              + dirtyBackgroundBytes
              + " and dirty-bytes "
              + dirtyBytes
              + "; they must be 0 or above");
    }
    if (dirtyWritebackCentisecs < 0 || dirtyExpireCentisecs < 0) {
      throw new IllegalArgumentException(
          "vm settings: dirty-writeback-centisecs is "
              + dirtyWritebackCentisecs
              + " and dirty-expire-centisecs "
              + dirtyExpireCentisecs
              + "; they must be 0 or above");
    }
  }

  private static void requireRatio(String name, int percent) {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException(
          "vm settings: " + name + " is " + percent + "; it must be from 0 to 100");
    }
  }

  /** These settings with other ratios. */
  public VmSettings withRatios(int background, int hard) {
    return new VmSettings(background, hard, 0, 0, dirtyWritebackCentisecs, dirtyExpireCentisecs);
  }

  /** These settings with thresholds in bytes. */
  public VmSettings withBytes(long background, long hard) {
    return new VmSettings(
        dirtyBackgroundRatio,
        dirtyRatio,
        background,
        hard,
        dirtyWritebackCentisecs,
        dirtyExpireCentisecs);
  }

  /** These settings with other intervals of periodic writeback. */
  public VmSettings withIntervals(int writebackCentisecs, int expireCentisecs) {
    return new VmSettings(
        dirtyBackgroundRatio,
        dirtyRatio,
        dirtyBackgroundBytes,
        dirtyBytes,
        writebackCentisecs,
        expireCentisecs);
  }
}
