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
  private final Optional<LatencyTable> reads;
  private final Optional<LatencyTable> writes;

  private DeviceProfile(
      String name,
      DeviceKind kind,
      long[] values,
      Optional<LatencyTable> reads,
      Optional<LatencyTable> writes) {
    this.name = name;
    this.kind = kind;
    this.values = values;
    this.reads = reads;
    this.writes = writes;
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
    return new DeviceProfile(name, kind, values, Optional.empty(), Optional.empty());
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
    return new DeviceProfile(name, kind, changed, reads, writes);
  }

  /** This device with measured latencies of its reads, in the place of latency and rates. */
  public DeviceProfile withReads(LatencyTable latencies) {
    return new DeviceProfile(name, kind, values, Optional.of(latencies), writes);
  }

  /** This device with measured latencies of its writes, in the place of latency and rates. */
  public DeviceProfile withWrites(LatencyTable latencies) {
    return new DeviceProfile(name, kind, values, reads, Optional.of(latencies));
  }

  /** Measured latencies of a direction; empty if latency and rates make its times. */
  public Optional<LatencyTable> latencies(BioOp op) {
    return switch (op) {
      case READ -> reads;
      case WRITE -> writes;
      case FLUSH -> Optional.empty();
    };
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
        && reads.equals(that.reads)
        && writes.equals(that.writes)
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
