package launcher.cli.run;

/**
 * Thrown when no run can be made of a scenario: a policy refuses the machine, a device is small.
 */
public final class RefusedRunException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedRunException(String file, RuntimeException cause) {
    super(file + ": " + cause.getMessage(), cause);
  }
}
