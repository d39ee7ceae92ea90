package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import launcher.scenario.Problem;
import launcher.scenario.ScenarioException;
import launcher.scenario.run.JournalEntry.Kind;
import org.junit.jupiter.api.Test;

class JournalTest {
  private static final String TEXT =
      """
      deferlab journal 1
      scenario: two-writers
      file: scenarios/two-writers.yaml
      seed: -7
      deferlab: 0.1.0
      policies: completion.workqueue
      with: completion.workqueue name=a+b%3Dc nr=3
      digest:
      at 1000 ns, after record 12: swap completion completion.rt-thread, 3 handed over, with \
      priority=60
      at 1000 ns, after record -: suspend completion completion.rt-thread, 0 handed over
      at 2000 ns, after record 99: stop
      """;

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Journal journal =
        new Journal(
            "two-writers",
            "scenarios/two-writers.yaml",
            -7,
            "0.1.0",
            Map.of("completion", "completion.workqueue"),
            Map.of("completion.workqueue", Map.of("name", "a b=c", "nr", "3")),
            "",
            List.of(
                new JournalEntry(
                    1000,
                    12,
                    Kind.SWAP,
                    "completion",
                    "completion.rt-thread",
                    3,
                    Map.of("priority", "60")),
                new JournalEntry(1000, -1, Kind.SUSPEND, "completion", "completion.rt-thread", 0),
                new JournalEntry(2000, 99, Kind.STOP, "", "", 0)));
    assertEquals(TEXT, journal.text());
    assertEquals(journal, Journal.read("j", TEXT));
  }

  @Test
  void everythingWrongIsToldWithItsLine() {
    String wrong =
        TEXT.replace("seed: -7\n", "seed: seven\nspeed: 3\n")
            .replace("swap completion completion.rt-thread", "swop completion completion.rt-thread")
            .replace("at 2000 ns", "at 999 ns");
    ScenarioException e =
        assertThrows(ScenarioException.class, () -> Journal.read("run.journal", wrong));
    assertEquals(
        List.of("run.journal:5", "run.journal:10", "run.journal:12", "run.journal:4"),
        e.problems().stream().map(Problem::where).toList());
  }

  @Test
  void anotherFileIsNoJournal() {
    ScenarioException e =
        assertThrows(ScenarioException.class, () -> Journal.read("x", "scenario: s\n"));
    assertEquals("x:1: 'scenario: s'; a journal begins with 'deferlab journal 1'", e.getMessage());
  }
}
