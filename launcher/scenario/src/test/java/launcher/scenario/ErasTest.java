package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import launcher.scenario.policy.PolicyFamily;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasTest {
  @TempDir private Path folder;

  private final NamedPolicies policies =
      new NamedPolicies()
          .add(PolicyFamily.COMPLETION, "completion.rt-thread", host -> null)
          .add(PolicyFamily.COMPLETION, "completion.delayed-work-v6", host -> null)
          .add(PolicyFamily.DROPBEHIND, "dropbehind.task-only", host -> null)
          .add(PolicyFamily.WRITEBACK, "writeback.inline", host -> null)
          .add(PolicyFamily.EVICTION, "eviction.batched", host -> null);

  private static String row(Era era) {
    Map<String, String> all = era.settings();
    return String.join(
        " ",
        era.id(),
        all.get("policies.completion").replace("completion.", ""),
        all.get("policies.dropbehind").replace("dropbehind.", ""),
        all.get("policies.writeback").replace("writeback.", ""),
        all.get("filesystem.iomap-dontcache"),
        all.get("filesystem.buffer-dontcache"),
        all.get("policies.eviction").replace("eviction.", ""));
  }

  /** Each row is the version's column of the tables that compare the series. */
  @Test
  void anEraIsWhatItsKernelHad() {
    assertEquals(
        List.of(
            "E0 skip task-only inline not-supported not-supported batched",
            "E1 skip task-only inline not-supported not-supported batched",
            "E2 skip task-only inline fs-workqueue not-supported batched",
            "E3 skip task-only kick-counted fs-workqueue not-supported batched",
            "E4 workqueue task-only kick-counted bio-unless-workqueue bio-marked batched",
            "block-v2 skip global-batch inline fs-workqueue as-it-comes batched",
            "block-v3 skip folio-batch inline fs-workqueue as-it-comes batched",
            "block-v4 workqueue-v4 task-only inline bio-by-ioend bio-marked batched",
            "block-v5 llist-v5 task-only inline bio-by-folio bio-marked batched",
            "block-v6 delayed-work-v6 task-only inline bio-by-folio bio-marked batched",
            "block-v7 workqueue task-only kick-counted bio-unless-workqueue bio-marked batched",
            "flusher-lazy skip task-only lazy fs-workqueue not-supported batched",
            "flusher-v1 skip task-only skip-if-busy fs-workqueue not-supported batched",
            "flusher-v2 skip task-only kick-bdi fs-workqueue not-supported batched",
            "flusher-draft skip task-only kick-inode fs-workqueue not-supported batched",
            "flusher-v3 skip task-only kick-node-counted fs-workqueue not-supported batched",
            "flusher-v4 skip task-only kick-counted-v4 fs-workqueue not-supported batched",
            "flusher-v5 skip task-only kick-counted-v4 fs-workqueue not-supported batched",
            "flusher-v6 skip task-only kick-counted fs-workqueue not-supported batched",
            "flusher-v7 skip task-only kick-counted fs-workqueue not-supported batched",
            "tlb-v1 skip task-only inline fs-workqueue not-supported batched-unsafe",
            "tlb-v4 skip task-only inline fs-workqueue not-supported batched-v4"),
        ScenarioReader.eras().stream().map(ErasTest::row).toList());
  }

  @Test
  void from72OnPartsOfASplitFolioAreDroppedToo() {
    assertEquals(
        List.of("E3", "E4", "block-v7", "flusher-v7"),
        ScenarioReader.eras().stream()
            .filter(era -> era.settings().get("memory.split-dropbehind").equals("kept"))
            .map(Era::id)
            .toList());
  }

  @Test
  void anEraTellsWhatTheOneBeforeSetsOtherwise() {
    Map<String, Map<String, String>> changes = new TreeMap<>();
    ScenarioReader.eras().forEach(era -> changes.put(era.id(), era.changes()));
    assertEquals(
        Map.of("policies.writeback", "writeback.kick-counted", "memory.split-dropbehind", "kept"),
        changes.get("E3"));
    assertEquals(
        Map.of(
            "memory.readahead-order", "of-file",
            "filesystem.device-folio-order", "9",
            "filesystem.iomap-dontcache", "fs-workqueue",
            "filesystem.ext4-dontcache", "as-it-comes"),
        changes.get("E2"));
    assertEquals(Map.of(), changes.get("flusher-v5"));
    assertEquals(10, changes.get("E0").size(), "four policies, six switches");
  }

  private Scenario read(String eras, String era) throws Exception {
    Files.writeString(folder.resolve("mine.yaml"), eras);
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file,
        """
        scenario: s
        eras: mine.yaml
        workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
        """);
    return new ScenarioReader(policies, Map.of(), Map.of())
        .read(file, List.of(new Setting("era", era, "--era")));
  }

  @Test
  void aUsersFileAddsErasThatMayBeLikeAnyBefore() throws Exception {
    String eras =
        """
        fifo: {like: block-v6, description: d, policies: {completion: completion.rt-thread}}
        fifo-1000: {like: fifo, description: d, machine: {hz: 1000}}
        """;
    Scenario scenario = read(eras, "fifo-1000");
    assertEquals("fifo-1000", scenario.era());
    assertEquals("completion.rt-thread", scenario.policies().get("completion"), "from fifo");
    assertEquals("writeback.inline", scenario.policies().get("writeback"), "from block-v6");
    assertEquals(1000, scenario.machine().build().hz());
    assertEquals("completion.delayed-work-v6", read(eras, "block-v6").policies().get("completion"));
  }

  @Test
  void aUsersFileIsReadStrictly() {
    ScenarioException refused =
        assertThrows(
            ScenarioException.class,
            () ->
                read(
                    """
                    E2: {description: mine}
                    a: {like: c, description: d}
                    b: {policy: {completion: skip}}
                    c: {like: E4, description: d, policies: {completion: completion.skap}}
                    """,
                    "c"));
    String file = folder.resolve("mine.yaml").toString();
    assertEquals(
        List.of(
            file + ":1:5: E2: there is an era of this name already; choose another",
            file + ":2:11: a.like: there is no era 'c' before it",
            file + ":3:4: b.description: is not set; say what it is",
            file + ":3:5: b.policy: there is no such key",
            file + ":4:54: policies.completion: no policy 'completion.skap'"),
        refused.problems().stream()
            .map(problem -> problem.text().lines().findFirst().get())
            .filter(line -> line.startsWith(file))
            .toList());
  }
}
