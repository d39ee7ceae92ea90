package block.bio.device;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** A device to simulate: its kind and a value for each {@link DeviceParameter}. Immutable. */
public final class DeviceProfile {
  private final String name;
  private final DeviceKind kind;
  private final long[] values;

  private DeviceProfile(String name, DeviceKind kind, long[] values) {
    this.name = name;
    this.kind = kind;
    this.values = values;
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
    return new DeviceProfile(name, kind, changed);
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

  /** Size of the device. */
  public long capacityBytes() {
    return value(DeviceParameter.CAPACITY);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceProfile that
        && name.equals(that.name)
        && kind == that.kind
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Objects.hash(name) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return name;
  }
}
