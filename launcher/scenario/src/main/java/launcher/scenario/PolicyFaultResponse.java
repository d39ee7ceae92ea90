package launcher.scenario;

/** What a run does when its policy breaks a rule. */
public enum PolicyFaultResponse {
  /** The run ends, with the fault as its result. */
  END,
  /** The layer takes custody back and the run waits, clock stopped, for another policy. */
  SUSPEND
}
