package sim.kernel.spi;

/** Thrown by a policy's {@code attach} when it can't serve the machine of this run. */
public final class PolicyRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses a machine.
   *
   * @param message what the policy needs and what the machine has
   */
  public PolicyRefusedException(String message) {
    super(message);
  }
}
