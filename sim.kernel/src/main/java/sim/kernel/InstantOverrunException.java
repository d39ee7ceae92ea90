package sim.kernel;

/** Too much was done at one virtual instant: a loop charges no time and never ends. */
public final class InstantOverrunException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** A step, or an event's handler, that was in the loop. */
  private final transient Object code;

  InstantOverrunException(String message, Object code) {
    super(message);
    this.code = code;
  }

  /** A step, or an event's handler, that was about to go on with the loop. */
  public Object code() {
    return code;
  }
}
