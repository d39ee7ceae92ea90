package launcher.scenario.internal.read;

import block.bio.device.DeviceKind;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.ThrottleLimits;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;

/** Reads the {@code device} section. */
final class DeviceReader {
  static final String MODEL_DEFAULT = "nvme";

  /** No device takes equally long each time; a scenario that wants that sets 0 %. */
  private static final long JITTER_PERCENT_DEFAULT = 20;

  private static final long LIMIT_MAX = 1L << 40;

  private static final String NOT_OF_LOOP =
      "is of the device that a loop device's file is on: set backing.%s, or a limit";

  private static final long WBT_SOLID_NS = 2_000_000;
  private static final long WBT_ROTATING_NS = 75_000_000;

  private DeviceReader() {}

  static DeviceProfile read(Section section) {
    String model = section.text("model").orElse(MODEL_DEFAULT);
    List<String> models = DeviceProfile.names();
    if (!models.contains(model)) {
      section.wrong("model", "there is no device '" + model + "'", Suggestion.lines(model, models));
      model = MODEL_DEFAULT;
    }
    DeviceProfile device =
        DeviceProfile.named(model)
            .with(DeviceParameter.LATENCY_JITTER, JITTER_PERCENT_DEFAULT)
            .with(DeviceParameter.WBT_LATENCY, wbtLatencyNs(model));
    for (DeviceParameter parameter : DeviceParameter.values()) {
      OptionalLong value =
          parameter.unit() == DeviceParameter.Unit.CHOICE
              ? choice(section, parameter)
              : section.number(
                  parameter.key(), DeviceText.unit(parameter), parameter.min(), parameter.max());
      if (value.isPresent()) {
        device = device.with(parameter, value.getAsLong());
      }
    }
    refuseWhatBackingHas(section, device);
    device = readBacking(section, device);
    if (!section.keys().contains(DeviceParameter.READ_AHEAD.key())) {
      device = device.with(DeviceParameter.READ_AHEAD, readAheadBytes(device));
    }
    Optional<Section> limit = section.section("limit");
    if (limit.isPresent()) {
      device = device.limitedTo(readLimits(limit.get()));
    }
    if (device.kind() != DeviceKind.LOOP) {
      device = LatencyTableReader.read(section, device);
    }
    section.refuseUnknown();
    return device;
  }

  /** A loop device is as fast as its backing device, whatever is said of it. */
  private static void refuseWhatBackingHas(Section section, DeviceProfile device) {
    if (device.kind() != DeviceKind.LOOP) {
      return;
    }
    for (DeviceParameter parameter : DeviceParameter.values()) {
      if (!parameter.appliesTo(DeviceKind.LOOP) && section.keys().contains(parameter.key())) {
        section.wrong(parameter.key(), NOT_OF_LOOP.formatted(parameter.key()));
      }
    }
    if (section.section(LatencyTableReader.KEY).isPresent()) {
      section.wrong(LatencyTableReader.KEY, NOT_OF_LOOP.formatted(LatencyTableReader.KEY));
    }
  }

  /** A loop device has a backing device; no other has. */
  private static DeviceProfile readBacking(Section section, DeviceProfile device) {
    if (device.kind() == DeviceKind.LOOP) {
      section.require("backing", "name the device that its file is on: backing: virtio-blk");
    }
    Optional<Section> backing = section.section("backing");
    if (backing.isEmpty()) {
      return device;
    }
    if (device.kind() != DeviceKind.LOOP) {
      section.wrong("backing", "is set, and only a loop device has one: set model to loop");
      return device;
    }
    DeviceProfile lower = read(backing.get());
    if (lower.kind() == DeviceKind.LOOP) {
      section.wrong("backing", "is a loop device; it must be another device");
    } else if (lower.capacityBytes() < device.capacityBytes()) {
      section.wrong(
          "backing",
          "is too small: its capacity is %s, the file's %s"
              .formatted(
                  Unit.BYTES.format(lower.capacityBytes()),
                  Unit.BYTES.format(device.capacityBytes())));
    } else {
      return device.over(lower);
    }
    return device;
  }

  private static ThrottleLimits readLimits(Section section) {
    ThrottleLimits limits =
        new ThrottleLimits(
            limit(section, "read-bandwidth", Unit.BYTES_PER_SECOND),
            limit(section, "write-bandwidth", Unit.BYTES_PER_SECOND),
            limit(section, "read-iops", Unit.PER_SECOND),
            limit(section, "write-iops", Unit.PER_SECOND));
    section.refuseUnknown();
    return limits;
  }

  private static long limit(Section section, String key, Unit unit) {
    return section.number(key, unit, 1, LIMIT_MAX).orElse(ThrottleLimits.UNLIMITED);
  }

  /** {@code BLK_FEAT_ROTATIONAL}: virtio disks say that they turn. */
  private static boolean turns(String model) {
    return model.equals("hdd") || model.equals("virtio-blk");
  }

  /** {@code wbt_default_latency_nsec}. */
  private static long wbtLatencyNs(String model) {
    return turns(model) ? WBT_ROTATING_NS : WBT_SOLID_NS;
  }

  /**
   * {@code blk_apply_bdi_limits}: two of the largest requests where the disk turns, and a loop
   * device says of itself what the disk below it says. No device has an optimal size of its own.
   */
  private static long readAheadBytes(DeviceProfile device) {
    long usual = device.value(DeviceParameter.READ_AHEAD);
    if (!turns(device.physical().name())) {
      return usual;
    }
    long two = 2 * device.value(DeviceParameter.MAX_REQUEST);
    return Math.min(Math.max(usual, two), DeviceParameter.READ_AHEAD.max());
  }

  private static OptionalLong choice(Section section, DeviceParameter parameter) {
    Optional<String> word = section.text(parameter.key());
    if (word.isEmpty()) {
      return OptionalLong.empty();
    }
    int index = parameter.choices().indexOf(word.get());
    if (index < 0) {
      section.wrong(
          parameter.key(),
          "'" + word.get() + "' is not known",
          Suggestion.lines(word.get(), parameter.choices()));
      return OptionalLong.empty();
    }
    return OptionalLong.of(index);
  }
}
