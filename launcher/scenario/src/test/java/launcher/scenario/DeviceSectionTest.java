package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.ThrottleLimits;
import java.util.List;
import java.util.Map;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;

/** Loop devices and limits, as scenarios say them. */
class DeviceSectionTest {
  private static final String SMALLEST =
      """
      scenario: s
      workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
      """;

  private final ScenarioReader reader =
      new ScenarioReader(
          new NamedPolicies()
              .add(PolicyFamily.COMPLETION, "completion.workqueue", host -> null)
              .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
              .add(PolicyFamily.WRITEBACK, "writeback.kick-counted", host -> null)
              .add(PolicyFamily.EVICTION, "eviction.batched", host -> null),
          Map.of(),
          Map.of());

  private DeviceProfile device(String section) throws ScenarioException {
    return reader.readText("s.yaml", SMALLEST + "device: " + section + "\n", List.of()).device();
  }

  private String problem(String section) {
    ScenarioException e = assertThrows(ScenarioException.class, () -> device(section));
    return e.problems().get(0).text().lines().findFirst().get();
  }

  @Test
  void aLoopDeviceHasABackingDeviceWithKeysOfItsOwn() throws Exception {
    DeviceProfile loop =
        device("{model: loop, capacity: 2 GiB, backing: {model: virtio-blk, irq-cpu: 1}}");
    assertEquals(2L << 30, loop.capacityBytes());
    assertEquals("virtio-blk", loop.physical().name());
    assertEquals(1, loop.physical().value(DeviceParameter.IRQ_CPU));
    assertEquals("nvme", device("{model: loop, backing: nvme}").physical().name());
  }

  private long readAheadKib(String section) throws ScenarioException {
    return device(section).value(DeviceParameter.READ_AHEAD) >> 10;
  }

  @Test
  void aDeviceThatTurnsReadsTwoOfItsLargestRequestsAhead() throws Exception {
    // What the measured machine says in read_ahead_kb: max_sectors_kb is 4096 and 1280.
    assertEquals(8192, readAheadKib("virtio-blk"));
    assertEquals(2560, readAheadKib("{model: loop, capacity: 2 GiB, backing: virtio-blk}"));
    assertEquals(128, readAheadKib("{model: loop, capacity: 2 GiB, backing: nvme}"));
    assertEquals(128, readAheadKib("nvme"));
    assertEquals(128, readAheadKib("{model: hdd, max-request: 32 KiB}"));
    assertEquals(64, readAheadKib("{model: hdd, read-ahead: 64 KiB}"));
    assertEquals(0, readAheadKib("{model: hdd, read-ahead: 0 B}"));
  }

  @Test
  void aLoopDeviceWithoutOneIsRefused() {
    assertEquals(
        "s.yaml:3:9: device.backing: is not set; name the device that its file is on: backing:"
            + " virtio-blk",
        problem("{model: loop}"));
    assertEquals(
        "s.yaml:3:32: device.backing: is a loop device; it must be another device",
        problem("{model: loop, backing: {model: loop, backing: nvme}}"));
    assertEquals(
        "s.yaml:3:32: device.backing: is set, and only a loop device has one: set model to loop",
        problem("{model: nvme, backing: {model: nvme}}"));
    assertEquals(
        "s.yaml:3:32: device.backing: is too small: its capacity is 1 GiB, the file's 64 GiB",
        problem("{model: loop, backing: {model: nvme, capacity: 1 GiB}}"));
  }

  @Test
  void whatBelongsToTheBackingDeviceIsRefusedOfALoopDevice() {
    String where = "is of the device that a loop device's file is on: set backing.";
    assertEquals(
        "s.yaml:3:37: device.read-latency: " + where + "read-latency, or a limit",
        problem("{model: loop, read-latency: 90 us, backing: nvme}"));
    assertEquals(
        "s.yaml:3:38: device.latency-table: " + where + "latency-table, or a limit",
        problem("{model: loop, latency-table: {quantiles: [50 %]}, backing: nvme}"));
  }

  @Test
  void limitsAreReadByDirection() throws Exception {
    long none = ThrottleLimits.UNLIMITED;
    assertEquals(
        new ThrottleLimits(none, 100L << 20, 4_000, none),
        device("{limit: {write-bandwidth: 100 MiB/s, read-iops: 4000 /s}}").limits());
    assertEquals(ThrottleLimits.NONE, device("nvme").limits());
    assertEquals(
        "s.yaml:3:18: device.limit.write-bandwith: there is no such key",
        problem("{limit: {write-bandwith: 100 MiB/s}}"));
    assertEquals(
        "s.yaml:3:29: device.limit.read-iops: '0 /s'; it must be from 1 /s to 1099511627776 /s",
        problem("{limit: {read-iops: 0 /s}}"));
  }
}
