package block.bio.device;

import block.bio.BioOp;
import block.bio.BlkStatus;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides how each command ends: where a scenario's device faults come from. Each method is asked
 * once for each command that the device is given; a request that is issued again is another
 * command.
 */
@ConsumerType
@FunctionalInterface
public interface DeviceFaults {
  /** A device that never fails. */
  DeviceFaults NONE = (op, sector, sizeBytes) -> BlkStatus.OK;

  /** An interrupt that never comes. */
  long NEVER = Long.MAX_VALUE;

  /** How a command ends; asked when the device has completed it. */
  BlkStatus outcome(BioOp op, long sector, int sizeBytes);

  /** Whether a command is completed at all; asked when the device is given it. */
  default CommandFate fate(BioOp op, long sector, int sizeBytes) {
    return CommandFate.ANSWERED;
  }

  /**
   * Nanoseconds that the medium works longer on a command; asked when the device is given it.
   *
   * @param ordinaryNs what it would take by itself: latency and transfer, without waiting
   */
  default long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs) {
    return 0;
  }

  /**
   * Nanoseconds from a command's completion to its interrupt, {@link #NEVER} if that is lost; asked
   * when the device has completed it. An interrupt that comes for another command of the same queue
   * finds it all the same.
   */
  default long interruptDelayNs(BioOp op, long sector, int sizeBytes) {
    return 0;
  }
}
