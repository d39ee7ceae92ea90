package block.bio.device;

import block.bio.BioOp;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A device to simulate: its kind and a value for each {@link DeviceParameter}. Immutable. */
public final class DeviceProfile {
  private final String name;
  private final DeviceKind kind;
  private final long[] values;
  private final LatencyTable reads;
  private final LatencyTable writes;
  private final ThrottleLimits limits;
  private final DeviceProfile backing;

  private DeviceProfile(String name, DeviceKind kind, long[] values) {
    this.name = name;
    this.kind = kind;
    this.values = values;
    reads = null;
    writes = null;
    limits = ThrottleLimits.NONE;
    backing = null;
  }

  /** The same device but for what the builder was told. */
  private DeviceProfile(Changes changes) {
    name = changes.of.name;
    kind = changes.of.kind;
    values = changes.values;
    reads = changes.reads;
    writes = changes.writes;
    limits = changes.limits;
    backing = changes.backing;
  }

  /** A profile on its way to become another. */
  private static final class Changes {
    final DeviceProfile of;
    long[] values;
    LatencyTable reads;
    LatencyTable writes;
    ThrottleLimits limits;
    DeviceProfile backing;

    Changes(DeviceProfile of) {
      this.of = of;
      values = of.values;
      reads = of.reads;
      writes = of.writes;
      limits = of.limits;
      backing = of.backing;
    }
  }

  /**
   * The profile of this name.
   *
   * @param name one of {@link #names}
   */
  public static DeviceProfile named(String name) {
    return DeviceProfiles.named(name);
  }

  /** Names of all profiles that ship. */
  public static List<String> names() {
    return DeviceProfiles.names();
  }

  static DeviceProfile of(String name, DeviceKind kind) {
    long[] values = new long[DeviceParameter.values().length];
    for (DeviceParameter parameter : DeviceParameter.values()) {
      values[parameter.ordinal()] = DeviceProfiles.usual(parameter);
    }
    return new DeviceProfile(name, kind, values);
  }

  /**
   * This device with another value of one parameter.
   *
   * @param value in the parameter's unit, from its least to its greatest
   */
  public DeviceProfile with(DeviceParameter parameter, long value) {
    if (value < parameter.min() || value > parameter.max()) {
      throw new IllegalArgumentException(
          "%s: %s is %d; it must be from %d to %d"
              .formatted(name, parameter.key(), value, parameter.min(), parameter.max()));
    }
    long[] changed = values.clone();
    changed[parameter.ordinal()] = value;
    Changes changes = new Changes(this);
    changes.values = changed;
    return new DeviceProfile(changes);
  }

  /** This device with measured latencies of its reads, in the place of latency and rates. */
  public DeviceProfile withReads(LatencyTable latencies) {
    Changes changes = new Changes(this);
    changes.reads = latencies;
    return new DeviceProfile(changes);
  }

  /** This device with measured latencies of its writes, in the place of latency and rates. */
  public DeviceProfile withWrites(LatencyTable latencies) {
    Changes changes = new Changes(this);
    changes.writes = latencies;
    return new DeviceProfile(changes);
  }

  /** This device behind a limiter. */
  public DeviceProfile limitedTo(ThrottleLimits newLimits) {
    Changes changes = new Changes(this);
    changes.limits = Objects.requireNonNull(newLimits, "limits");
    return new DeviceProfile(changes);
  }

  /** Measured latencies of a direction; empty if latency and rates make its times. */
  public Optional<LatencyTable> latencies(BioOp op) {
    return switch (op) {
      case READ -> Optional.ofNullable(reads);
      case WRITE -> Optional.ofNullable(writes);
      case FLUSH -> Optional.empty();
    };
  }

  /**
   * This loop device over a file on another device.
   *
   * @param lower what the file is on; no loop device, and large enough for the file
   */
  public DeviceProfile over(DeviceProfile lower) {
    if (kind != DeviceKind.LOOP || lower.kind == DeviceKind.LOOP) {
      throw new IllegalArgumentException(
          name + ": backing is " + lower + "; a loop device has one that is no loop device");
    }
    if (lower.capacityBytes() < capacityBytes()) {
      throw new IllegalArgumentException(
          "%s: capacity is %d bytes; the backing device has %d"
              .formatted(name, capacityBytes(), lower.capacityBytes()));
    }
    Changes changes = new Changes(this);
    changes.backing = lower;
    return new DeviceProfile(changes);
  }

  /** The name it was made from. */
  public String name() {
    return name;
  }

  /** How its service times come about. */
  public DeviceKind kind() {
    return kind;
  }

  /** The value of a parameter, in its unit. */
  public long value(DeviceParameter parameter) {
    return values[parameter.ordinal()];
  }

  /** What {@code blk-throttle} lets through. */
  public ThrottleLimits limits() {
    return limits;
  }

  /** The device that a loop device's file is on; empty for other kinds. */
  public Optional<DeviceProfile> backing() {
    return Optional.ofNullable(backing);
  }

  /** The device at the bottom: the backing one of a loop device, or else this. */
  public DeviceProfile physical() {
    return backing == null ? this : backing;
  }

  /** Size of the device. */
  public long capacityBytes() {
    return value(DeviceParameter.CAPACITY);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceProfile that
        && name.equals(that.name)
        && kind == that.kind
        && Objects.equals(reads, that.reads)
        && Objects.equals(writes, that.writes)
        && Arrays.equals(values, that.values)
        && limits.equals(that.limits)
        && Objects.equals(backing, that.backing);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(name, limits, backing) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return name;
  }
}
