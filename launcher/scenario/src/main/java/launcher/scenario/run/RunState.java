package launcher.scenario.run;

/** Where a run is in its life. */
public enum RunState {
  /** Composed; no event has been run. */
  READY,
  /** Can be advanced. */
  RUNNING,
  /** Held by its user; only a run on a thread of its own is ever paused. */
  PAUSED,
  /** A policy in use has left or broken a rule: the clock stands until one takes its place. */
  SUSPENDED,
  /** All jobs have ended, or the user has ended the run. */
  ENDED,
  /** It can't go on: a rule was broken, or nothing happens any more. */
  FAILED;

  /** Whether nothing more will happen. */
  public boolean isOver() {
    return this == ENDED || this == FAILED;
  }
}
