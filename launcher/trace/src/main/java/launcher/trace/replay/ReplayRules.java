package launcher.trace.replay;

import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import launcher.trace.event.IoAction;

/**
 * What of a trace is taken.
 *
 * @param device of which device, if the trace has several; a packed {@link
 *     launcher.trace.event.DeviceNumber}
 * @param layer where, if not at the first place that the trace has
 * @param skip what is left out: {@code replay_skip}
 * @param scale what offsets are divided by: {@code replay_scale}
 * @param alignBytes what offsets are rounded down to, a power of two: {@code replay_align}
 * @param redirected whether all files become one: {@code replay_redirect}
 * @param fromLowest whether the lowest offset becomes 0
 */
public record ReplayRules(
    OptionalInt device,
    Optional<ReplayLayer> layer,
    Set<IoAction> skip,
    long scale,
    long alignBytes,
    boolean redirected,
    boolean fromLowest) {
  /** All of it, as it is. */
  public static final ReplayRules ALL =
      new ReplayRules(
          OptionalInt.empty(),
          Optional.empty(),
          EnumSet.noneOf(IoAction.class),
          1,
          1,
          false,
          false);

  /** Copies the set. */
  public ReplayRules {
    skip = Set.copyOf(skip);
  }
}
