package launcher.scenario.internal.workload;

import launcher.fio.sequence.IoDirection;
import launcher.fio.sequence.IoOperations;
import launcher.scenario.Replay.Pace;
import launcher.trace.event.IoAction;
import launcher.trace.replay.OperationTape;

/** What one job takes from a tape. */
final class ReplayedOperations implements IoOperations {
  private final ReplayClock clock;
  private final OperationTape tape;
  private final Pace pace;
  private final double speed;
  private final boolean invalidates;
  private final int closingSyncs;

  private long beginNs;
  private int at = -1;
  private int closing;
  private boolean cut;
  private long dueNs;
  private boolean late;
  private long lastIssueNs;
  private long lastTimeNs;

  /**
   * A job's part of a tape.
   *
   * @param invalidates whether a file's pages are dropped when it is opened
   * @param closingSyncs how many files are synced when the tape is at its end
   */
  ReplayedOperations(ReplayClock clock, boolean invalidates, int closingSyncs) {
    this.clock = clock;
    this.invalidates = invalidates;
    this.closingSyncs = closingSyncs;
    tape = clock.replay().tape();
    pace = clock.replay().pace();
    speed = clock.replay().speed();
  }

  @Override
  public void begin(long nowNs) {
    beginNs = nowNs;
    clock.begin(nowNs);
  }

  @Override
  public boolean next(long elapsedNs) {
    int taken = cut ? -1 : clock.take();
    if (taken < 0) {
      at = -1;
      dueNs = 0;
      late = false;
      return closing++ < closingSyncs;
    }
    at = taken;
    dueNs = due();
    late = pace == Pace.ARRIVALS && elapsedNs > dueNs;
    if (late) {
      clock.late(elapsedNs - dueNs);
    }
    return true;
  }

  private long due() {
    long timeNs = tape.timeNs(at);
    return switch (pace) {
      case ARRIVALS -> clock.startNs() - beginNs + scaled(timeNs);
      case GAPS -> tape.paused() ? scaled(timeNs) : lastIssueNs + scaled(timeNs - lastTimeNs);
      case NONE -> 0;
    };
  }

  private long scaled(long ns) {
    return speed == 1 ? ns : Math.round(ns / speed);
  }

  @Override
  public void issued(long elapsedNs) {
    if (at >= 0) {
      lastIssueNs = elapsedNs;
      lastTimeNs = tape.timeNs(at);
    }
  }

  @Override
  public void cutShort() {
    cut = true;
  }

  @Override
  public IoDirection direction() {
    IoAction action = at < 0 ? IoAction.SYNC : tape.action(at);
    return switch (action) {
      case READ -> IoDirection.READ;
      case WRITE -> IoDirection.WRITE;
      case DATASYNC -> IoDirection.DATASYNC;
      default -> IoDirection.SYNC;
    };
  }

  @Override
  public int fileIndex() {
    return at < 0 ? closing - 1 : tape.target(at);
  }

  @Override
  public long offsetBytes() {
    return at < 0 ? 0 : tape.offsetBytes(at);
  }

  @Override
  public long lengthBytes() {
    return at < 0 ? 0 : tape.lengthBytes(at);
  }

  @Override
  public boolean invalidatesFile() {
    return invalidates && at >= 0 && tape.opens(at);
  }

  @Override
  public boolean endsLoop() {
    return at < 0;
  }

  @Override
  public long notBeforeNs() {
    return dueNs;
  }

  /** fio takes what completes while it waits, and goes on waiting. */
  @Override
  public boolean drainsBeforeWaiting() {
    return false;
  }

  @Override
  public long arrivalNs() {
    return late ? dueNs : -1;
  }
}
