package launcher.scenario.run;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.CommandFate;
import block.bio.device.DeviceFaults;
import java.util.List;
import launcher.scenario.DeviceFault;
import launcher.scenario.DeviceFaultEffect;
import launcher.scenario.DeviceFaultEffect.Failed;
import launcher.scenario.DeviceFaultEffect.InterruptLate;
import launcher.scenario.DeviceFaultEffect.Lost;
import launcher.scenario.DeviceFaultEffect.Slow;
import sim.kernel.Machine;

/** Does to commands what a scenario's faults say, each fault until its count is reached. */
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
    int at = take(Failed.class, op, sector, sizeBytes);
    return at < 0 ? BlkStatus.OK : ((Failed) faults.get(at).effect()).status();
  }

  @Override
  public CommandFate fate(BioOp op, long sector, int sizeBytes) {
    int at = take(Lost.class, op, sector, sizeBytes);
    return at < 0 ? CommandFate.ANSWERED : ((Lost) faults.get(at).effect()).fate();
  }

  @Override
  public long interruptDelayNs(BioOp op, long sector, int sizeBytes) {
    int at = take(InterruptLate.class, op, sector, sizeBytes);
    return at < 0 ? 0 : ((InterruptLate) faults.get(at).effect()).delayNs();
  }

  @Override
  public long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs) {
    int at = take(Slow.class, op, sector, sizeBytes);
    if (at < 0) {
      return 0;
    }
    Slow slow = (Slow) faults.get(at).effect();
    return (slow.factor() - 1) * ordinaryNs + slow.addedNs();
  }

  /** The first fault of a kind that this happens to; -1 if there is none. Counts it. */
  private int take(Class<? extends DeviceFaultEffect> kind, BioOp op, long sector, int sizeBytes) {
    long nowNs = machine.nowNs();
    for (int i = 0; i < left.length; i++) {
      DeviceFault fault = faults.get(i);
      if (fault.atNs() > nowNs) {
        break;
      }
      if (left[i] > 0
          && fault.untilNs() > nowNs
          && kind.isInstance(fault.effect())
          && fault.op().filter(only -> only != op).isEmpty()
          && touches(fault, sector * SECTOR_BYTES, sizeBytes)) {
        left[i]--;
        return i;
      }
    }
    return -1;
  }

  private static boolean touches(DeviceFault fault, long offsetBytes, int sizeBytes) {
    return offsetBytes + Math.max(1, sizeBytes) > fault.offsetBytes()
        && offsetBytes - fault.offsetBytes() < fault.sizeBytes();
  }
}
