package launcher.scenario;

import block.bio.BlkStatus;
import block.bio.device.CommandFate;

/** What goes wrong with a command. */
public sealed interface DeviceFaultEffect {
  /**
   * It ends with an error.
   *
   * @param status which
   */
  record Failed(BlkStatus status) implements DeviceFaultEffect {}

  /**
   * The device never answers it.
   *
   * @param fate whether an abort brings it back
   */
  record Lost(CommandFate fate) implements DeviceFaultEffect {}

  /**
   * The device completes it, and the interrupt is late or lost.
   *
   * @param delayNs how late; {@link block.bio.device.DeviceFaults#NEVER}: lost
   */
  record InterruptLate(long delayNs) implements DeviceFaultEffect {}

  /**
   * The medium works longer on it.
   *
   * @param factor times the ordinary latency and transfer, at least 1
   * @param addedNs and so much more
   */
  record Slow(long factor, long addedNs) implements DeviceFaultEffect {}
}
