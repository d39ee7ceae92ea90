package launcher.scenario.internal.read;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import launcher.scenario.Unit;

/** What a device can do, in one line. */
public final class DeviceText {
  private DeviceText() {}

  /** What tells a device from the others: its speed, and its queues. */
  public static String of(DeviceProfile device) {
    String queues =
        device.value(DeviceParameter.QUEUES) == 0
            ? "a queue a CPU"
            : device.value(DeviceParameter.QUEUES) + " queue";
    String depth = queues + " of " + device.value(DeviceParameter.DEPTH);
    return switch (device.kind()) {
      case NULL -> "completes at once; " + depth;
      case LOOP -> "a file on another device, by direct I/O; " + depth;
      case HDD ->
          "%d rpm, %s read, %s write; %s"
              .formatted(
                  device.value(DeviceParameter.ROTATION),
                  rate(device, DeviceParameter.READ_BANDWIDTH),
                  rate(device, DeviceParameter.WRITE_BANDWIDTH),
                  depth);
      case SSD ->
          "read %s, %s, write %s, %s; %d channels, %s"
              .formatted(
                  time(device, DeviceParameter.READ_LATENCY),
                  rate(device, DeviceParameter.READ_BANDWIDTH),
                  time(device, DeviceParameter.WRITE_LATENCY),
                  rate(device, DeviceParameter.WRITE_BANDWIDTH),
                  device.value(DeviceParameter.CHANNELS),
                  depth);
    };
  }

  /** What a parameter is measured in; a choice is counted. */
  public static Unit unit(DeviceParameter parameter) {
    return switch (parameter.unit()) {
      case NANOSECONDS -> Unit.NANOSECONDS;
      case BYTES -> Unit.BYTES;
      case BYTES_PER_SECOND -> Unit.BYTES_PER_SECOND;
      case PER_SECOND -> Unit.PER_SECOND;
      case PERCENT -> Unit.PERCENT;
      case COUNT, CHOICE -> Unit.COUNT;
    };
  }

  private static String time(DeviceProfile device, DeviceParameter parameter) {
    return Unit.NANOSECONDS.format(device.value(parameter));
  }

  /** Vendors state bandwidths in decimal megabytes. */
  private static String rate(DeviceProfile device, DeviceParameter parameter) {
    return device.value(parameter) / 1_000_000 + " MB/s";
  }
}
