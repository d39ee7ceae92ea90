package launcher.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.cli.ListedPolicies;
import launcher.cli.Printed;
import launcher.scenario.policy.OfferedPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  private static final PolicyAttributes MEANINGS =
      id -> id.equals("completion.rt-thread") ? Map.of("priority", "1 to 99.") : Map.of();

  private final Printed printed = new Printed();
  private final ListedPolicies policies =
      ListedPolicies.ofDefaults().refuse("writeback.lazy", "delay.ns is -1; it must be above 0");

  private int policies(String... args) {
    return new picocli.CommandLine(
            new PoliciesCommand(printed.console(), policies, this::offered, MEANINGS))
        .execute(args);
  }

  @Test
  void policiesAreListedByFamilyWithWhatIsRefused() {
    assertEquals(0, policies());
    assertEquals(
        """
        completion: which task ends a bio that completed in atomic context?
          completion.workqueue
            does completion.workqueue
            kernel: mm/completion.c
            bundle: a.bundle 1.0.0
          completion.rt-thread
            does completion.rt-thread
            kernel: mm/completion.c
            priority: 50 (1 to 99)
            bundle: a.bundle 1.0.0

        dropbehind: who drops a folio whose writeback ended in atomic context, where the bio level does not?
          dropbehind.task-only
            does dropbehind.task-only
            kernel: mm/dropbehind.c
            bundle: a.bundle 1.0.0

        writeback: who submits writeback of DONTCACHE folios, and when?
          writeback.kick-counted
            does writeback.kick-counted
            kernel: mm/writeback.c
            bundle: a.bundle 1.0.0

        eviction: when are dropped folios unmapped and the TLBs flushed?
          eviction.batched
            does eviction.batched
            kernel: mm/eviction.c
            bundle: a.bundle 1.0.0

        refused:
          writeback.lazy
            delay.ns is -1; it must be above 0
            bundle: b.bundle 1.0.0
        """,
        printed.out());
  }

  private List<OfferedPolicy> offered(Path jar) {
    String name = jar.getFileName().toString();
    return name.startsWith("tools")
        ? List.of()
        : List.of(
            new OfferedPolicy(
                "completion",
                "completion.mine",
                name.startsWith("future") ? "2.0.0" : "1.0.0",
                "my.policy 1.2.3",
                "does it my way",
                name.startsWith("future") ? "it was built for another" : ""));
  }

  @Test
  void jarsOfAFolderAreListedWithWhatTheyBring(@TempDir Path folder) throws Exception {
    for (String name : List.of("tools.jar", "mine.jar", "future.jar", "notes.txt")) {
      Files.createFile(folder.resolve(name));
    }
    assertEquals(0, policies("--available", folder.toString()));
    assertEquals(
        """
        future.jar
          completion.mine: refused
            does it my way
            it was built for another
            built for: completion API 2.0.0
            bundle: my.policy 1.2.3
        mine.jar
          completion.mine
            does it my way
            built for: completion API 1.0.0
            bundle: my.policy 1.2.3
        tools.jar
          no policy: its manifest provides no capability deferlab.policy, which bnd makes of @PolicyId
        """,
        printed.out());
  }

  @Test
  void aFolderWithoutJarsIsBadInput(@TempDir Path folder) {
    assertEquals(2, policies("--available", folder.toString()));
    assertEquals(folder + ": there is no *.jar in this folder\n", printed.err());
  }

  @Test
  void theJsonFormHasTheSame() throws Exception {
    assertEquals(0, policies("--json"));
    JsonNode json = new ObjectMapper().readTree(printed.out());
    assertEquals("completion", json.at("/families/0/family").asText());
    assertEquals("completion.rt-thread", json.at("/families/0/policies/1/id").asText());
    assertEquals("1 to 99.", json.at("/families/0/policies/1/configuration/0/meaning").asText());
    assertEquals("writeback.lazy", json.at("/refused/0/id").asText());
  }

  @Test
  void erasAreListedWithWhatDiffers() throws Exception {
    assertEquals(0, new picocli.CommandLine(new ErasCommand(printed.console())).execute());
    assertTrue(
        printed
            .out()
            .contains(
                """

                E3 (like E2)
                  Linux 7.2. As E2, but a DONTCACHE write kicks the flusher, which writes as much as is dirty and to be dropped; and
                    the parts of a folio that is split are dropped like the whole.
                  source: mm/filemap.c filemap_dontcache_kick_writeback(), 7.2; flusher series v7 of 2026-05-11
                  policies.writeback: writeback.kick-counted
                  memory.split-dropbehind: kept

                E4 (like E3)
                """),
        printed.out());
    Printed json = new Printed();
    new picocli.CommandLine(new ErasCommand(json.console())).execute("--json");
    JsonNode era = new ObjectMapper().readTree(json.out()).at("/eras/3");
    assertEquals(
        List.of("E3", "E2", "writeback.kick-counted", "completion.skip", 2),
        List.of(
            era.at("/era").asText(),
            era.at("/like").asText(),
            era.at("/changes/policies.writeback").asText(),
            era.at("/settings/policies.completion").asText(),
            era.at("/changes").size()));
  }

  @Test
  void aListOfNamesKeepsItsOrderAndBreaksItsLines() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("vm-2", "word ".repeat(30)); // 30 words of 4 and a space
    names.put("laptop", "small");
    NamesCommand.line("machines", "Lists.", printed.console(), () -> names).execute();
    // 120 columns less 6 for the longest name and 2 between: 112 hold 22 words and 22 spaces.
    assertEquals(
        List.of(
            "name    what it is",
            "vm-2    " + "word ".repeat(22).strip(),
            "        " + "word ".repeat(8).strip(),
            "laptop  small"),
        printed.out().lines().toList());
  }
}
