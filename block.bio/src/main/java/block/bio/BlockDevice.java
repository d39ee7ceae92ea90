package block.bio;

import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import sim.kernel.Exec;

/** A block device and its request queue ({@code struct block_device}). */
public final class BlockDevice {
  private static final int MINOR_BITS = 20;

  private final BlockLayer layer;
  private final int number;
  private final String name;
  private final DeviceProfile profile;
  private final BlockDevice backing;
  private final RequestQueue queue;

  BlockDevice(BlockLayer layer, String name, DeviceProfile profile, BlockDevice backing) {
    this.layer = layer;
    this.name = name;
    this.profile = profile;
    this.backing = backing;
    int major = major(profile);
    number = major << MINOR_BITS | layer.countOf(major);
    queue = new RequestQueue(this);
  }

  /** As {@code register_blkdev} and {@code Documentation/admin-guide/devices.txt} give them. */
  private static int major(DeviceProfile profile) {
    return switch (profile.kind()) {
      case LOOP -> 7;
      case HDD -> 8;
      case NULL -> 252;
      default ->
          profile.name().startsWith("nvme") ? 259 : profile.name().equals("virtio-blk") ? 254 : 8;
    };
  }

  /** The layer this belongs to. */
  public BlockLayer layer() {
    return layer;
  }

  /** Name, as under {@code /dev}. */
  public String name() {
    return name;
  }

  /** Major and minor number as {@code dev_t} packs them; the trace's {@code dev}. */
  public int number() {
    return number;
  }

  /** Whether its sectors have protection information, so that reads are to be verified. */
  public boolean hasIntegrity() {
    return profile.value(DeviceParameter.INTEGRITY) != 0;
  }

  /** What it was built from. */
  public DeviceProfile profile() {
    return profile;
  }

  /** Capacity in sectors of 512 bytes. */
  public long sectors() {
    return profile.capacityBytes() / Bio.SECTOR_BYTES;
  }

  /**
   * {@code submit_bio}: hands a bio to this device. Step function for a task: may sleep for a tag
   * unless the bio is {@link ReqFlag#NOWAIT}. What goes wrong is in the status with which the bio
   * ends; that may happen before this returns.
   *
   * @param bio with range, memory, flags and {@link BioEndIo} set
   */
  public void submitBio(Exec x, Bio bio) {
    bio.setDevice(this);
    queue.submitBio(x, bio);
  }

  /**
   * {@code submit_bio_wait}: submits a bio and waits for its end. Step function of a task; result 0
   * or a negated errno. Sets the bio's {@link BioEndIo}; the caller frees the bio.
   */
  public void submitBioWait(Exec x, Bio bio) {
    BioWait.of(x.task()).submit(x, this, bio, false);
  }

  /**
   * {@code blkdev_issue_flush}: has the device write its volatile cache out and waits. Step
   * function of a task; result 0 or a negated errno. Costs no command if there is no such cache.
   */
  public void flush(Exec x) {
    Bio bio = layer.bios().alloc(BioOp.FLUSH, 0);
    BioWait.of(x.task()).submit(x, this, bio, true);
  }

  /**
   * {@code bio_poll}: reaps what the device has completed of its polled bios. Their ends run here,
   * in this task. Step function.
   */
  public void poll(Exec x) {
    queue.poll(x);
  }

  /** Whether bios are at work in it: completed by the device or not, until their tags are free. */
  public boolean isBusy() {
    return queue.tagsInUse() > 0;
  }

  /**
   * Names who knows whether a task has paused for this device's dirty pages within the last second,
   * which writeback throttling asks ({@code wb_recent_wait}). Nobody did unless somebody is named.
   */
  public void setRecentWait(BooleanSupplier supplier) {
    queue.throttle().setRecentWait(supplier);
  }

  /** What its driver did about commands that were not answered in time; empty if nothing. */
  public Optional<String> recoveryNote() {
    return queue.recovery().note();
  }

  /** Makes commands fail from now on, or no more with {@link DeviceFaults#NONE}. */
  public void setFaults(DeviceFaults faults) {
    queue.setFaults(faults);
  }

  /** The device that a loop device's file is on; null for other devices. */
  BlockDevice backing() {
    return backing;
  }

  int major() {
    return number >> MINOR_BITS;
  }

  RequestQueue queue() {
    return queue;
  }

  @Override
  public String toString() {
    return name;
  }
}
