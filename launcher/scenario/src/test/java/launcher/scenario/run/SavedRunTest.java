package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioException;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.ScenarioReader;
import launcher.scenario.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedRunTest {
  private final RunRig rig = new RunRig();
  private final ScenarioReader reader = new ScenarioReader(rig.policies, Map.of(), Map.of());

  @TempDir private Path folder;

  private String write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aSavedRunIsRepeatedWithoutItsFiles() throws Exception {
    write("more.fio", "bs=64k\n");
    write("job.fio", "[w]\nrw=write\nsize=1m\ninclude more.fio\n");
    String file =
        write(
            "s.yaml",
            """
            scenario: s
            filesystem: {type: iomap, writes: overwrite}
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            workload: {fio: job.fio}
            """);
    ScenarioFiles files = ScenarioFiles.onDisk();
    List<Setting> settings = List.of(new Setting("seed", "7", "--seed"));
    Scenario scenario = reader.reading(files).read(Path.of(file), settings);
    SimulationRun run = new SimulationRun(scenario, rig.policies, RunOptions.DEFAULT);
    run.advanceToNs(100_000);
    run.stop();
    String text = new SavedRun(run.journal(), settings, files.readSoFar()).text();
    for (Path written : Files.list(folder).toList()) {
      Files.delete(written);
    }

    SavedRun saved = SavedRun.read("s.run", text);
    assertEquals(3, saved.files().size());
    Scenario same =
        reader
            .reading(saved.scenarioFiles())
            .read(Path.of(saved.files().keySet().iterator().next()), saved.settings());
    SimulationRun again =
        new SimulationRun(same, rig.policies, RunOptions.DEFAULT.replaying(saved.journal()));
    again.runToEnd();
    assertEquals(
        List.of(100_000L, run.outcome().digest()),
        List.of(again.outcome().endNs(), again.outcome().digest()));
  }

  @Test
  void linesAreKeptAsTheyAre() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a b.yaml", utf8("x: 1\n\n  y: |\n    z \n| file no\n"));
    files.put("empty", utf8("\n"));
    SavedRun saved = new SavedRun(rig.run().journal(), List.of(), files);
    SavedRun read = SavedRun.read("r", saved.text());
    assertEquals(List.copyOf(files.keySet()), List.copyOf(read.files().keySet()));
    files.forEach((name, bytes) -> assertArrayEquals(bytes, read.files().get(name), name));
    assertEquals(saved.journal(), read.journal());
  }

  @Test
  void whatCanNotBeSavedIsRefused() {
    SavedRun binary =
        new SavedRun(rig.run().journal(), List.of(), Map.of("job.fio", new byte[] {(byte) 0xff}));
    assertEquals(
        "job.fio: is no UTF-8 text and can't be saved",
        assertThrows(IllegalArgumentException.class, binary::text).getMessage());
  }

  @Test
  void aLineOfNoFileIsToldWithItsPosition() {
    String text = rig.run().journal().text() + "|   lost\n";
    ScenarioException e = assertThrows(ScenarioException.class, () -> SavedRun.read("r.run", text));
    assertEquals("r.run:8: '|   lost'; it belongs to no file", e.getMessage());
  }
}
