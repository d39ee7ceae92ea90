package block.bio.internal;

import block.bio.BioOp;
import block.bio.device.DeviceKind;
import block.bio.device.DeviceProfile;
import sim.kernel.Machine;

/** A device: takes commands, and says by an event when each is completed. */
public interface DeviceModel {
  /** Told of each completion, in an event outside any CPU. */
  @FunctionalInterface
  interface Completed {
    /** The command that was started under this handle is completed. */
    void completed(long handle);
  }

  /** Asked how much longer than usual the medium works on a command. */
  @FunctionalInterface
  interface Slowness {
    /** Nanoseconds, at least 0; {@code ordinaryNs} is latency and transfer. */
    long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs);
  }

  /**
   * The device takes a command at this instant.
   *
   * @param handle given back at its completion; its lower half tells the commands apart that the
   *     device has at once, by small numbers
   * @param segments pieces of memory that it goes to or comes from
   * @param throughCache whether a write is to be on the medium at its completion
   */
  void start(long handle, BioOp op, long sector, int sizeBytes, int segments, boolean throughCache);

  /** The model of a profile's kind. */
  static DeviceModel of(
      Machine machine, DeviceProfile profile, Completed completed, Slowness slowness) {
    if (profile.latencies(BioOp.READ).isPresent() || profile.latencies(BioOp.WRITE).isPresent()) {
      return new MeasuredModel(machine, profile, completed, slowness);
    }
    return profile.kind() == DeviceKind.HDD
        ? new HddModel(machine, profile, completed, slowness)
        : new SsdModel(machine, profile, completed, slowness);
  }
}
