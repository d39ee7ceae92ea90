package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.BioOp;
import block.bio.BlkStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
            new DeviceFault(1_000_000, BlkStatus.IOERR, Optional.empty(), 1, 0, Long.MAX_VALUE),
            new DeviceFault(
                2_000_000, BlkStatus.MEDIUM, Optional.of(BioOp.READ), 3, 1 << 20, 4096)),
        s.faults());
    assertEquals(
        List.of(
            "s.yaml:4:29: faults.status: 'again' is no error of a device",
            "s.yaml:4:37: faults.at: is not set; say from when on commands fail",
            "s.yaml:4:46: faults.status: 'eio' is not known"),
        problems("faults: [{at: 1 ms, status: again}, {status: eio}]"));
  }
}
