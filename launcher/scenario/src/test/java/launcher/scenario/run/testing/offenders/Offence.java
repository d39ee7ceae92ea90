package launcher.scenario.run.testing.offenders;

/** What an {@link Offenders offender} does wrong, at the fifth thing that it is given. */
public enum Offence {
  ATTACH_THROWS,
  ATTACH_RETURNS_NULL,
  CALL_THROWS,
  CALL_THROWS_AN_ERROR,
  /** With a lock, preemption and interrupts disabled, in its caller's context. */
  CALL_THROWS_HOLDING,
  /** The same in a step that its call has named, and that its caller waits for. */
  CALL_STEP_THROWS_HOLDING,
  STEP_THROWS,
  /** With a lock, preemption and interrupts disabled. */
  STEP_THROWS_HOLDING,
  EVENT_THROWS,
  STEP_LOOPS,
  /** Two work items that have nothing but each other to do, at no cost. */
  EVENT_LOOPS,
  EVENTS_WITHOUT_END,
  TASKS_WITHOUT_END,
  WORK_WITHOUT_END,
  /** More than the scenario's bound lets it have. */
  KEEPS_WITHOUT_BOUND,
  ENDS_TWICE,
  NEVER_DRAINS,
  DETACH_THROWS,
  DETACH_RETURNS_TOO_FEW,
  DETACH_RETURNS_TOO_MANY,
  DETACH_RETURNS_FOREIGN;

  /** Whether it keeps all that it is given. */
  boolean keeps() {
    return this == NEVER_DRAINS || this == KEEPS_WITHOUT_BOUND;
  }

  /** Whether it is found out as soon as it is done, while the policy is in use. */
  public boolean isSeenInUse() {
    return compareTo(NEVER_DRAINS) < 0;
  }
}
