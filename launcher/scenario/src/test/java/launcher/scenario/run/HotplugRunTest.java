package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/** CPUs that come and go, and a device that fails, in a run as its scenario says. */
class HotplugRunTest {
  private static final String HOTPLUG =
      """
      hotplug:
        - {at: 2 ms, cpu: 1, offline, fail-at: workqueue-online}
        - {at: 4 ms, cpu: 1, offline}
        - {at: 6 ms, cpu: 1, online, fail-at: page-alloc-dead}
        - {at: 7 ms, cpu: 1, online}
      """;

  private final RunRig rig = new RunRig();
  private final List<String> entered = new ArrayList<>();

  /** Notes each state that CPU 1 enters, and whether on itself. */
  private final TraceSink sink =
      (timeNs, cpu, type, of, state, c, d, e, f) -> {
        if (type == Tracepoint.CPUHP_ENTER) {
          assertEquals(1, of);
          entered.add("%d ms: %d%s".formatted(timeNs / 1_000_000, state, cpu == 1 ? " there" : ""));
        }
      };

  @Test
  void cpusGoAndComeAtTheirTimesThroughTheStatesInOrder() throws Exception {
    SimulationRun run =
        new SimulationRun(rig.scenario(HOTPLUG), rig.policies, RunOptions.DEFAULT.with(sink));
    run.advanceToNs(3_000_000);
    run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals("", RunRig.whatIsWrong(run));
    assertEquals(
        List.of(
            // 235 is sched:active, 187 workqueue:online, 151 block/mq:online, 150
            // irq/affinity:online, with nothing to do on the way down; 30 page_alloc:dead, 24
            // block/mq:dead, 20 block/softirq:dead and 14 softirq:dead, nothing on the way up.
            "2 ms: 235 there",
            "2 ms: 187 there",
            "2 ms: 235 there",
            "4 ms: 235 there",
            "4 ms: 187 there",
            "4 ms: 151 there",
            "4 ms: 24",
            "4 ms: 20",
            "4 ms: 14",
            "6 ms: 30",
            "6 ms: 24",
            "6 ms: 20",
            "6 ms: 14",
            "7 ms: 150 there",
            "7 ms: 151 there",
            "7 ms: 187 there",
            "7 ms: 235 there"),
        entered);
    assertEquals(
        List.of("rolled back with error 16", "it was", "rolled back with error 16", "it was"),
        run.outcome().notes().stream()
            .filter(note -> note.startsWith("CPU 1 "))
            .map(note -> note.replaceFirst(".* ms: ", "").replaceFirst(" at .*", ""))
            .toList());

    Journal journal = Journal.read("j", run.journal().text());
    SimulationRun again =
        new SimulationRun(run.scenario(), rig.policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals(run.outcome().digest(), again.outcome().digest());
    assertEquals(List.of(), again.outcome().invariantFailures());
  }

  @Test
  void theDeviceEndsAsManyCommandsWithAnErrorAsAreToFail() {
    // Eight jobs of one command each, of which the first two fail.
    SimulationRun run =
        rig.runOf(
            """
            scenario: failing
            device: nvme
            filesystem: {type: iomap, writes: overwrite}
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            faults: [{at: 1 ns, status: medium, op: read}, {at: 2 ns, status: ioerr, count: 2}]
            workload:
              - writer: {flags: [direct], io-size: 128 KiB, file-size: 128 KiB, count: 8}
            """);
    assertEquals(RunState.ENDED, run.runToEnd());
    assertEquals(List.of(), run.outcome().invariantFailures());
    assertEquals(6 * (128 << 10), run.snapshot().bytesDone());
  }
}
