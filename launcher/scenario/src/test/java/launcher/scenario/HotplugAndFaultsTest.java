package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.CommandFate;
import block.bio.device.DeviceFaults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.DeviceFaultEffect.Failed;
import launcher.scenario.DeviceFaultEffect.InterruptLate;
import launcher.scenario.DeviceFaultEffect.Lost;
import launcher.scenario.DeviceFaultEffect.Slow;
import launcher.scenario.HotplugOperation.Direction;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;
import sim.kernel.hotplug.CpuHotplugState;

class HotplugAndFaultsTest {
  private static final String SMALLEST =
      """
      scenario: s
      machine: {cpus: 2}
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

  private List<String> problems(String more) {
    return assertThrows(
            ScenarioException.class, () -> reader.readText("s.yaml", SMALLEST + more, List.of()))
        .problems()
        .stream()
        .map(problem -> problem.text().lines().findFirst().get())
        .toList();
  }

  @Test
  void operationsAreReadInTheOrderOfTheirTimes() throws Exception {
    Scenario s =
        reader.readText(
            "s.yaml",
            SMALLEST
                + """
                hotplug:
                  - {at: 3 ms, cpu: 1, online, fail-at: page-alloc-dead}
                  - {at: 1 ms, cpu: 0, offline, fail-at: workqueue-online}
                  - {at: 2 ms, cpu: 1, offline}
                """,
            List.of());
    assertEquals(
        List.of(
            new HotplugOperation(
                1_000_000, 0, Direction.OFFLINE, Optional.of(CpuHotplugState.WORKQUEUE_ONLINE)),
            new HotplugOperation(2_000_000, 1, Direction.OFFLINE, Optional.empty()),
            new HotplugOperation(
                3_000_000, 1, Direction.ONLINE, Optional.of(CpuHotplugState.PAGE_ALLOC_DEAD))),
        s.hotplug());
  }

  @Test
  void whatNoCpuCanDoIsRefused() {
    assertEquals(
        List.of(
            "s.yaml:5:21: hotplug.cpu: '2'; it must be from 0 to 1",
            "s.yaml:6:5: hotplug: must have one word of 'online' and 'offline'",
            "s.yaml:7:42: hotplug.fail-at: 'page-alloc-dead' is no state that can fail on the way"
                + " offline",
            "s.yaml:8:33: hotplug.offline: 'yes'; it is a word of its own and has no value",
            "s.yaml:11:34: hotplug.offline: CPU 0 is the last one online then; it must stay",
            "s.yaml:12:30: hotplug.online: CPU 1 is online already then"),
        problems(
            """
                hotplug:
                  - {at: 1 ms, cpu: 2, offline}
                  - {at: 2 ms, cpu: 1}
                  - {at: 3 ms, cpu: 1, offline, fail-at: page-alloc-dead}
                  - {at: 4 ms, cpu: 1, offline: yes}
                  - {at: 3500 us, cpu: 1, online}
                  - {at: 5 ms, cpu: 1, online}
                  - {at: 4500 us, cpu: 0, offline}
                  - {at: 6 ms, cpu: 1, online}
                """));
  }

  @Test
  void faultsOfTheDeviceAreRead() throws Exception {
    Scenario s =
        reader.readText(
            "s.yaml",
            SMALLEST
                + "faults: [{at: 2 ms, status: medium, op: read, count: 3, offset: 1 MiB,"
                + " size: 4 KiB}, {at: 1 ms, status: ioerr}]",
            List.of());
    assertEquals(
        List.of(
            fault(1_000_000, new Failed(BlkStatus.IOERR), 1),
            new DeviceFault(
                2_000_000,
                Long.MAX_VALUE,
                new Failed(BlkStatus.MEDIUM),
                Optional.of(BioOp.READ),
                3,
                1 << 20,
                4096)),
        s.faults());
    assertEquals(
        List.of(
            "s.yaml:4:29: faults.status: 'again' is no error of a device",
            "s.yaml:4:37: faults.at: is not set; say from when on commands fail",
            "s.yaml:4:46: faults.status: 'eio' is not known"),
        problems("faults: [{at: 1 ms, status: again}, {status: eio}]"));
  }

  private static DeviceFault fault(long atNs, DeviceFaultEffect effect, long count) {
    return new DeviceFault(
        atNs, Long.MAX_VALUE, effect, Optional.empty(), count, 0, Long.MAX_VALUE);
  }

  @Test
  void everyKindOfFaultIsRead() throws Exception {
    Scenario s =
        reader.readText(
            "s.yaml",
            SMALLEST
                + """
                faults:
                  - {at: 1 ms, lose: command}
                  - {at: 2 ms, lose: command-and-abort, count: 2}
                  - {at: 3 ms, lose: interrupt}
                  - {at: 4 ms, delay-interrupt: 5 ms}
                  - {at: 5 ms, slow-factor: 10}
                  - {at: 6 ms, slow-factor: 2, slow-by: 1 ms, count: 7}
                """,
            List.of());
    assertEquals(
        List.of(
            fault(1_000_000, new Lost(CommandFate.LOST), 1),
            fault(2_000_000, new Lost(CommandFate.LOST_WITH_ABORT), 2),
            fault(3_000_000, new InterruptLate(DeviceFaults.NEVER), 1),
            fault(4_000_000, new InterruptLate(5_000_000), 1),
            fault(5_000_000, new Slow(10, 0), Long.MAX_VALUE),
            fault(6_000_000, new Slow(2, 1_000_000), 7)),
        s.faults());
  }

  @Test
  void aFaultIsOfOneKindAndHasItsTime() {
    assertEquals(
        List.of(
            "s.yaml:5:5: faults: does not say what goes wrong; set one of status, lose,"
                + " delay-interrupt, slow-factor, slow-by",
            "s.yaml:6:22: faults.lose: stands beside 'status'; a fault is of one kind, write an"
                + " entry for each",
            "s.yaml:7:23: faults.until: is not after 'at'; the fault would never be there"),
        problems(
            """
                faults:
                  - {at: 1 ms}
                  - {at: 1 ms, lose: interrupt, status: ioerr}
                  - {at: 2 ms, until: 2 ms, slow-by: 1 ms}
                """));
  }
}
