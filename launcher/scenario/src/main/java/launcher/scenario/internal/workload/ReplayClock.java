package launcher.scenario.internal.workload;

import launcher.scenario.Replay;

/** Where the jobs of one replay are on their tape, and how late they were. */
final class ReplayClock {
  /** Recorded times begin so much after the first job, so that all of them wait by then. */
  private static final long LEAD_NS = 1_000_000;

  private final Replay replay;
  private long startNs = -1;
  private int next;
  private long late;
  private long latestNs;

  ReplayClock(Replay replay) {
    this.replay = replay;
  }

  Replay replay() {
    return replay;
  }

  /** A job begins; the first one starts the clock. */
  void begin(long nowNs) {
    if (startNs < 0) {
      startNs = nowNs + LEAD_NS;
    }
  }

  /** Virtual time at which the recorded ones begin. */
  long startNs() {
    return startNs;
  }

  /** Takes the next operation; -1 at the end of the tape. */
  int take() {
    return next == replay.tape().size() ? -1 : next++;
  }

  /** An operation was taken so long after its time. */
  void late(long byNs) {
    late++;
    latestNs = Math.max(latestNs, byNs);
  }

  /** How many of how many were late, and by how much at most; empty if none was. */
  String note() {
    if (late == 0) {
      return "";
    }
    return late
        + " of "
        + next
        + " operations began late, by "
        + (latestNs + 500) / 1000
        + " us at most, as all "
        + replay.jobs().size()
        + " tasks of the replay were busy; the wait is in their slat";
  }
}
