package sim.kernel.spi;

/**
 * Thrown at a policy by a layer that refuses what it asks for, before anything has changed: the
 * policy is to blame, and the layer is as it was.
 */
public final class PolicyBreachException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /**
   * Refuses a call.
   *
   * @param message names the policy, the rule's number if it has one, and what it did
   */
  public PolicyBreachException(String message) {
    super(message);
  }
}
