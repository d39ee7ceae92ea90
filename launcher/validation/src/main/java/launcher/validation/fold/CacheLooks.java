package launcher.validation.fold;

/** What was there when somebody looked: at fixed times after the last exit, and at most. */
final class CacheLooks {
  private static final long NEVER = Long.MAX_VALUE;

  /** Pages at one look. */
  static final class Look {
    private long atNs = NEVER;
    private long cached;
    private long dirty;
    private long writeback;

    long cached() {
      return cached;
    }

    long dirty() {
      return dirty;
    }

    long writeback() {
      return writeback;
    }
  }

  private final CacheCounts cache;
  private final Observation observation;
  private final Look atExit = new Look();
  private final Look later = new Look();
  private long nextSampleNs;
  private long peakCached;
  private long peakDirty;
  private long peakWriteback;

  CacheLooks(CacheCounts cache, Observation observation) {
    this.cache = cache;
    this.observation = observation;
    nextSampleNs = observation.sampleNs() == 0 ? NEVER : observation.sampleNs();
  }

  /** Before anything that happens at a time is counted. */
  void before(long timeNs) {
    if (timeNs > atExit.atNs) {
      take(atExit);
    }
    if (timeNs > later.atNs) {
      take(later);
    }
    if (timeNs > nextSampleNs) {
      peaks();
      long periodNs = observation.sampleNs();
      nextSampleNs += (timeNs - nextSampleNs + periodNs - 1) / periodNs * periodNs;
    }
  }

  /** Something has come, gone or changed. */
  void changed() {
    if (observation.sampleNs() == 0) {
      peaks();
    }
  }

  void exited(long timeNs) {
    atExit.atNs = timeNs + observation.exitNs();
    later.atNs = timeNs + observation.laterNs();
  }

  void end() {
    if (atExit.atNs != NEVER) {
      take(atExit);
    }
    if (later.atNs != NEVER) {
      take(later);
    }
  }

  private void take(Look look) {
    look.atNs = NEVER;
    look.cached = cache.cachedPages();
    look.dirty = cache.dirtyPages();
    look.writeback = cache.writebackPages();
  }

  private void peaks() {
    peakCached = Math.max(peakCached, cache.cachedPages());
    peakDirty = Math.max(peakDirty, cache.dirtyPages());
    peakWriteback = Math.max(peakWriteback, cache.writebackPages());
  }

  Look atExit() {
    return atExit;
  }

  Look later() {
    return later;
  }

  long peakCached() {
    return peakCached;
  }

  long peakDirty() {
    return peakDirty;
  }

  long peakWriteback() {
    return peakWriteback;
  }
}
