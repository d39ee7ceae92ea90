package launcher.scenario;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.ThrottleLimits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import launcher.scenario.internal.read.DeviceText;
import sim.kernel.machine.Cost;

/**
 * A number that says what something of a scenario's machine or device takes, or how much of it
 * there is: what an answer may hang on without anybody's having asked.
 *
 * @param key the scenario's key: {@code machine.folio-add}, {@code device.write-latency}
 * @param value what it is, in base units
 * @param unit what it measures
 * @param min the smallest value that it may have
 * @param max the largest
 */
public record ScenarioCost(String key, long value, Unit unit, long min, long max) {
  private static final long LIMIT_MAX = 1L << 40;
  private static final long COST_NS_MAX = 1_000_000_000_000L;

  /** They name or lay out something, so that half of it means nothing. */
  private static final Set<DeviceParameter> NO_AMOUNTS =
      EnumSet.of(
          DeviceParameter.CAPACITY,
          DeviceParameter.QUEUES,
          DeviceParameter.IRQ_CPU,
          DeviceParameter.RQ_AFFINITY,
          DeviceParameter.MAX_RETRIES);

  /** Those of a scenario: each cost of its machine, then each amount of its device. */
  public static List<ScenarioCost> of(Scenario scenario) {
    List<ScenarioCost> costs = new ArrayList<>();
    for (Cost cost : Cost.values()) {
      costs.add(
          new ScenarioCost(
              "machine." + cost.key(),
              scenario.machine().ns(cost),
              Unit.NANOSECONDS,
              0,
              COST_NS_MAX));
    }
    addDevice(costs, "device.", scenario.device());
    return costs;
  }

  private static void addDevice(List<ScenarioCost> costs, String path, DeviceProfile device) {
    for (DeviceParameter parameter : DeviceParameter.values()) {
      if (parameter.unit() != DeviceParameter.Unit.CHOICE
          && parameter.appliesTo(device.kind())
          && !NO_AMOUNTS.contains(parameter)) {
        costs.add(
            new ScenarioCost(
                path + parameter.key(),
                device.value(parameter),
                DeviceText.unit(parameter),
                parameter.min(),
                parameter.max()));
      }
    }
    ThrottleLimits limits = device.limits();
    addLimit(
        costs, path + "limit.read-bandwidth", limits.readBytesPerSecond(), Unit.BYTES_PER_SECOND);
    addLimit(
        costs, path + "limit.write-bandwidth", limits.writeBytesPerSecond(), Unit.BYTES_PER_SECOND);
    addLimit(costs, path + "limit.read-iops", limits.readsPerSecond(), Unit.PER_SECOND);
    addLimit(costs, path + "limit.write-iops", limits.writesPerSecond(), Unit.PER_SECOND);
    device.backing().ifPresent(lower -> addDevice(costs, path + "backing.", lower));
  }

  private static void addLimit(List<ScenarioCost> costs, String key, long limit, Unit unit) {
    if (limit != ThrottleLimits.UNLIMITED) {
      costs.add(new ScenarioCost(key, limit, unit, 1, LIMIT_MAX));
    }
  }

  /**
   * So many hundredths of it, rounded, and no less or more than it may be.
   *
   * @return empty if that is what it is already: it is zero, or small, or at its end
   */
  public OptionalLong scaledTo(long percent) {
    long scaled = Math.round(value * (percent / 100.0));
    long allowed = Math.max(min, Math.min(max, scaled));
    return allowed == value ? OptionalLong.empty() : OptionalLong.of(allowed);
  }

  /** What it is, with its unit. */
  public String text() {
    return unit.format(value);
  }

  /** It with another value, to be read in the place of what a scenario says. */
  public Setting setting(long other, String origin) {
    return new Setting(key, unit.format(other), origin);
  }
}
