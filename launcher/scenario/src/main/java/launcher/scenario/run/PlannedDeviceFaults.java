package launcher.scenario.run;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import java.util.List;
import launcher.scenario.DeviceFault;
import sim.kernel.Machine;

/** Ends commands as a scenario's faults say, each fault until its count is reached. */
final class PlannedDeviceFaults implements DeviceFaults {
  private static final int SECTOR_BYTES = 512;

  private final Machine machine;
  private final List<DeviceFault> faults;
  private final long[] left;

  PlannedDeviceFaults(Machine machine, List<DeviceFault> faults) {
    this.machine = machine;
    this.faults = faults;
    left = faults.stream().mapToLong(DeviceFault::count).toArray();
  }

  @Override
  public BlkStatus outcome(BioOp op, long sector, int sizeBytes) {
    for (int i = 0; i < left.length; i++) {
      DeviceFault fault = faults.get(i);
      if (fault.atNs() > machine.nowNs()) {
        break;
      }
      if (left[i] > 0
          && fault.op().filter(only -> only != op).isEmpty()
          && touches(fault, sector * SECTOR_BYTES, sizeBytes)) {
        left[i]--;
        return fault.status();
      }
    }
    return BlkStatus.OK;
  }

  private static boolean touches(DeviceFault fault, long offsetBytes, int sizeBytes) {
    return offsetBytes + Math.max(1, sizeBytes) > fault.offsetBytes()
        && offsetBytes - fault.offsetBytes() < fault.sizeBytes();
  }
}
