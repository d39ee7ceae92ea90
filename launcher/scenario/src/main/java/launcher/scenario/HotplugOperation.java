package launcher.scenario;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import sim.kernel.hotplug.CpuHotplugState;

/**
 * A CPU that is taken offline or brought back in the middle of a run.
 *
 * @param atNs virtual time at which a task asks for it
 * @param cpu which
 * @param direction where it goes
 * @param failAt the state that is to fail, so that all is rolled back; empty for none
 */
public record HotplugOperation(
    long atNs, int cpu, Direction direction, Optional<CpuHotplugState> failAt) {
  /** Where a CPU goes. */
  public enum Direction {
    /** {@code echo 1 > /sys/devices/system/cpu/cpuN/online}. */
    ONLINE,
    /** The same with 0. */
    OFFLINE
  }

  /**
   * States whose callback can fail on the way to a direction, as scenarios name them, by number:
   * {@code workqueue-online}.
   */
  public static List<String> statesThatCanFail(Direction direction) {
    return Arrays.stream(CpuHotplugState.values())
        .filter(s -> direction == Direction.ONLINE ? s.startupCanFail() : s.teardownCanFail())
        .map(state -> state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  /** Refuses null. */
  public HotplugOperation {
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(failAt, "failAt");
  }
}
