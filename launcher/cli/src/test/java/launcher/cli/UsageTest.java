package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import launcher.cli.compare.CompareCommand;
import launcher.cli.run.RunCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UsageTest {
  @TempDir private Path folder;
  private final Printed printed = new Printed();

  private int execute(String... args) {
    Console console = printed.console();
    Interrupt interrupt = new Interrupt();
    ListedPolicies policies = ListedPolicies.ofDefaults();
    CommandLine line = new CommandLine(new Deferlab(console, null));
    line.addSubcommand(new RunCommand(console, policies, interrupt));
    line.addSubcommand(new CompareCommand(console, policies, interrupt));
    return new Usage(console).applyTo(line).execute(args);
  }

  @Test
  void aWrongOptionIsToldWithTheNearestOnesAndWhereHelpIs() {
    assertEquals(2, execute("run", "x.fio", "--polcy", "completion=skip"));
    assertTrue(printed.err().startsWith("Unknown option"), printed.err());
    assertTrue(printed.err().contains("--policy"), printed.err());
    assertTrue(printed.err().endsWith("Try 'deferlab run --help'.\n"), printed.err());
    assertEquals("", printed.out());
  }

  @Test
  void aFileThatIsNotThereIsBadInput() {
    assertEquals(2, execute("run", "no-such.yaml"));
    assertEquals("no-such.yaml: there is no such file\n", printed.err());
  }

  @Test
  void everyMistakeOfAFileIsToldWithItsPosition() throws Exception {
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file, "scenario: s\nsead: 1\nworkload: [{writer: {io-size: 4096, file-size: 1 MiB}}]\n");
    assertEquals(2, execute("compare", file.toString(), "--vary", "seed=1,2"));
    assertTrue(printed.err().contains(file + ":2:1: sead: there is no such key"), printed.err());
    assertTrue(printed.err().contains(file + ":3:31: "), printed.err());
    assertEquals("", printed.out());
  }

  @Test
  void aPolicyThatIsNotThereIsToldByItsOption() throws Exception {
    Path file = folder.resolve("s.yaml");
    Files.writeString(
        file, "scenario: s\nworkload: [{writer: {io-size: 4 KiB, file-size: 1 MiB}}]\n");
    assertEquals(2, execute("run", file.toString(), "--policy", "completion=rt-thred"));
    assertEquals(
        """
        --policy: policies.completion: no policy 'rt-thred'
          registered: completion.workqueue, completion.rt-thread
          did you mean 'completion.rt-thread'?
        """,
        printed.err());
  }

  @Test
  void noCommandIsAnErrorAndHelpIsNone() {
    assertEquals(2, execute());
    assertTrue(printed.err().startsWith("Usage: deferlab"), printed.err());
    assertEquals(0, execute("run", "--help"));
    assertTrue(printed.out().contains("Examples:"), printed.out());
    assertTrue(printed.out().contains("Exit status:"), printed.out());
  }
}
