package policies.tck.internal;

/**
 * Ends a trial from the middle of a step. No exception, so that no layer takes it for a fault of
 * the policy that it has to survive.
 */
public final class Stopped extends Error {
  private static final long serialVersionUID = 1L;

  Stopped(String reason) {
    super(reason, null, false, false);
  }
}
