package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import mm.core.reclaim.Memcg;
import org.junit.jupiter.api.Test;

class GroupRunTest {
  private final RunRig rig = new RunRig();

  private RunComposition ran(String text) {
    RunComposition parts = new RunComposition(rig.scenarioOf(text), RunOptions.DEFAULT);
    parts.workload.start();
    parts.machine.runUntil(10_000_000_000L);
    return parts;
  }

  private static List<String> peaks(RunComposition parts) {
    return parts.cache.memory().memcgs().stream()
        .filter(memcg -> !memcg.isRoot())
        .map((Memcg memcg) -> memcg + " " + memcg.peakPages())
        .toList();
  }

  @Test
  void eachJobIsChargedToTheGroupThatItNamesAndStaysBelowItsLimit() {
    RunComposition parts =
        ran(
            """
            scenario: groups
            device: nvme
            filesystem: iomap
            memory: {size: 256 MiB, limit: 6 MiB}
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            groups: {unlimited: {}, small: {limit: 4 MiB}}
            workload:
              - writer: {group: small, io-size: 64 KiB, file-size: 8 MiB}
              - writer: {group: unlimited, io-size: 64 KiB, file-size: 8 MiB}
              - writer: {io-size: 64 KiB, file-size: 8 MiB}
            """);
    // 8 MiB are 2048 pages in 33 nodes of 584 bytes, 5 pages more: 33 batches of 64, 2112. 4 and 6
    // MiB are 1024 and 1536.
    assertEquals(List.of("jobs 1536", "unlimited 2112", "small 1024"), peaks(parts));
  }

  @Test
  void aGroupThatOnlyAJobFileNamesHasNoLimit() {
    RunComposition parts =
        ran(
            """
            scenario: groups
            device: nvme
            filesystem: iomap
            memory: 256 MiB
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            workload:
              fio-text: |
                [one]
                rw=write
                size=8m
                cgroup=made-by-fio
            """);
    assertEquals(List.of("made-by-fio 2112"), peaks(parts));
  }

  @Test
  void whatProgramsHaveIsChargedAndOnlyTheirIdleFilesAreReclaimed() {
    RunComposition parts =
        ran(
            """
            scenario: groups
            device: nvme
            filesystem: iomap
            memory: 256 MiB
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            groups: {roomy: {limit: 16 MiB, charged: 1 MiB, charged-files: 512 KiB},
              small: {limit: 4 MiB, charged: 3 MiB, charged-files: 512 KiB}}
            workload:
              - writer: {group: roomy, io-size: 64 KiB, file-size: 8 MiB}
              - writer: {group: small, io-size: 64 KiB, file-size: 8 MiB}
            """);
    // 2112 as above, 256 and 128.
    assertEquals(List.of("roomy 2496", "small 1024"), peaks(parts));
    assertEquals(
        List.of(128L, 0L),
        parts.cache.memory().memcgs().stream().skip(1).map(Memcg::idleFilePages).toList());
    long left = parts.cache.memory().memcgs().get(2).folioPages();
    assertTrue(left > 128 && left <= 256, "of 1024, 768 stay with the programs: " + left);
  }
}
