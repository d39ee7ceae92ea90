package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.device.DeviceParameter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;

class CalibrationKeyTest {
  private static final String START =
      "scenario: s\nworkload: [{writer: {io-size: 4 KiB, file-size: 1 MiB}}]\n"
          + "calibration: my.yaml\n";
  private static final String MEASURED =
      "machine: {cpus: 2, ipi: 2 us, wake: 1 us}\ndevice: {model: virtio-blk, irq-cpu: 1}\n";

  private static Scenario read(String text, String calibration) throws ScenarioException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    if (!calibration.isEmpty()) {
      files.put("folder/my.yaml", calibration.getBytes(StandardCharsets.UTF_8));
    }
    return new ScenarioReader(
            new NamedPolicies()
                .add(PolicyFamily.COMPLETION, "completion.workqueue", host -> null)
                .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
                .add(PolicyFamily.WRITEBACK, "writeback.kick-counted", host -> null)
                .add(PolicyFamily.EVICTION, "eviction.batched", host -> null),
            Map.of(),
            Map.of())
        .reading(ScenarioFiles.of(files))
        .readText("folder/s.yaml", text, List.of());
  }

  @Test
  void itsKeysHoldUnlessTheScenarioSetsThem() throws Exception {
    Scenario s = read(START + "machine: {profile: laptop, ipi: 9 us}\n", MEASURED);
    assertEquals(2, s.machine().cpus());
    assertEquals(9_000, s.machine().ns(Cost.IPI));
    assertEquals(1_000, s.machine().ns(Cost.WAKE));
    assertEquals(1_000, s.machine().build().hz(), "the profile's");
    assertEquals("virtio-blk", s.device().name());
    assertEquals(1, s.device().value(DeviceParameter.IRQ_CPU));
  }

  @Test
  void whatIsWrongIsToldWhereItStands() {
    assertProblem(
        "folder/my.yaml:1:25: machine.ipi: '2' has no unit; it must be a number and ns, us, ms or"
            + " s, for example 20 us",
        "machine: {cpus: 2, ipi: 2}\n");
    assertProblem("folder/my.yaml:1:1: memory: there is no such key", "memory: {size: 1 GiB}\n");
    assertProblem(
        "folder/s.yaml:3:14: calibration: there is no file 'folder/my.yaml'; 'deferlab calibrate'"
            + " writes one",
        "");
  }

  @Test
  void theMeasuredMachineCanBeNamed() throws Exception {
    String measured =
        Files.readString(Path.of("../../scenarios/validation/linux-6.18/machine.yaml"));
    Scenario named = read(START.replace("calibration: my.yaml\n", "machine: kvm-zen5-2cpu\n"), "");
    assertEquals(read(START, measured).machine(), named.machine());
  }

  @Test
  void theMeasuredDeviceIsTheOneAtTheBottom() throws Exception {
    String loop = "device: {model: loop, capacity: 2 GiB, backing: nvme}\n";
    Scenario s = read(START + loop, "device: {model: virtio-blk, irq-cpu: 1}\n");
    assertEquals("loop", s.device().name());
    assertEquals(-1, s.device().value(DeviceParameter.IRQ_CPU));
    assertEquals("nvme", s.device().physical().name(), "the scenario's own");
    assertEquals(1, s.device().physical().value(DeviceParameter.IRQ_CPU));
  }

  private static void assertProblem(String start, String calibration) {
    ScenarioException e = assertThrows(ScenarioException.class, () -> read(START, calibration));
    assertEquals(start, e.problems().get(0).text().lines().findFirst().orElseThrow());
  }
}
