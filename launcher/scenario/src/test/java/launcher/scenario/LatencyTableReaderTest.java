package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.BioOp;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import block.bio.device.LatencyTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;

class LatencyTableReaderTest {
  private static final String START =
      "scenario: s\nworkload: [{writer: {io-size: 4 KiB, file-size: 1 MiB}}]\ndevice:\n";

  private final ScenarioReader reader =
      new ScenarioReader(
          new NamedPolicies()
              .add(PolicyFamily.COMPLETION, "completion.workqueue", host -> null)
              .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
              .add(PolicyFamily.WRITEBACK, "writeback.kick-counted", host -> null)
              .add(PolicyFamily.EVICTION, "eviction.batched", host -> null),
          Map.of(),
          Map.of());

  private List<String> problems(String device) {
    return assertThrows(
            ScenarioException.class, () -> reader.readText("s.yaml", START + device, List.of()))
        .problems()
        .stream()
        .map(Problem::text)
        .filter(text -> text.contains("latency-table"))
        .toList();
  }

  @Test
  void rowsBecomeTheDevicesLatencies() throws Exception {
    DeviceProfile device =
        reader
            .readText(
                "s.yaml",
                START
                    + """
                      model: virtio-blk
                      interrupts: drained
                      latency-table:
                        quantiles: [0 %, 99.9 %]
                        read:
                        - {size: 4 KiB, depth: 1, latency: [30 us, 84.5 us]}
                        - {size: 4 KiB, depth: 4, latency: [60 us, 100 us]}
                    """,
                List.of())
            .device();
    LatencyTable reads = device.latencies(BioOp.READ).orElseThrow();
    assertEquals(List.of(0.0, 0.999), reads.quantiles());
    assertEquals(84_500, reads.latencyNs(4096, 1, 1));
    assertEquals(60_000, reads.latencyNs(4096, 4, 0));
    assertEquals(Optional.empty(), device.latencies(BioOp.WRITE));
    assertEquals(DeviceParameter.DRAINED, device.value(DeviceParameter.INTERRUPTS));
  }

  @Test
  void whatIsWrongWithARowIsToldWhereItStands() {
    List<String> problems =
        problems(
            """
              latency-table:
                quantiles: [50 %, 99]
                read:
                - {size: 4 KiB, depth: 1, latency: [30, 40 us]}
                - {size: 4 KiB, depth: 0, latency: [30 us, 40 us]}
                - {size: 4 KiB, latency: [30 us, 40 us], n: 4}
                - {size: 4 KiB, depth: 2, latency: [40 us, 30 us]}
            """);
    assertTrue(
        problems.get(0).contains("s.yaml:5:16: device.latency-table.quantiles: '99' has no unit"),
        problems::toString);
    assertTrue(
        problems
            .get(1)
            .contains("s.yaml:7:40: device.latency-table.read.latency: '30' has no unit"),
        problems::toString);
    assertTrue(
        problems.get(2).contains("s.yaml:8:28: device.latency-table.read.depth: '0'"),
        problems::toString);
    assertTrue(
        problems.stream().anyMatch(p -> p.contains("read.depth: is not set")), problems::toString);
    assertTrue(
        problems.stream().anyMatch(p -> p.contains("read.n: there is no such key")),
        problems::toString);
    assertTrue(problems.stream().anyMatch(p -> p.contains("must not fall")), problems::toString);
  }

  @Test
  void aTableThatFallsIsRefused() {
    List<String> problems =
        problems(
            """
              latency-table:
                quantiles: [50 %]
                write:
                - {size: 4 KiB, depth: 1, latency: [30 us]}
                - {size: 4 KiB, depth: 2, latency: [29 us]}
            """);
    assertTrue(
        problems
            .get(0)
            .contains(
                "s.yaml:7:5: device.latency-table.write: the row of 4096 B at depth 2 has 29000 ns"),
        problems::toString);
  }
}
