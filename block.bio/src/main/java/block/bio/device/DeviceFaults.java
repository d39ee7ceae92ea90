package block.bio.device;

import block.bio.BioOp;
import block.bio.BlkStatus;
import org.osgi.annotation.versioning.ConsumerType;

/** Decides how each command ends: where a scenario's device errors come from. */
@ConsumerType
@FunctionalInterface
public interface DeviceFaults {
  /** A device that never fails. */
  DeviceFaults NONE = (op, sector, sizeBytes) -> BlkStatus.OK;

  /** How a command ends; asked once, when the device has completed it. */
  BlkStatus outcome(BioOp op, long sector, int sizeBytes);
}
