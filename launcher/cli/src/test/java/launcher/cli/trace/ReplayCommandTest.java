package launcher.cli.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import launcher.cli.Commands;
import launcher.cli.IdlePolicies;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
  private static final String CSV =
      """
      time_us,op,offset,size
      0,read,0,4096
      x,read,0,4096
      1000,write,8192,4096
      1500,read,16384,8192
      2000,trim,0,4096
      """;

  private static final String TWO_DEVICES =
      """
        8,0    1        1     0.000000000  7  Q   R 100 + 8 [a]
        8,16   1        2     0.000010000  7  Q   R 100 + 8 [a]
        8,16   1        3     0.000020000  7  Q   W 200 + 8 [a]
      """;

  @TempDir private Path folder;
  private Commands replay;

  @BeforeEach
  void command() {
    replay =
        new Commands(
            folder,
            (console, interrupt) -> new ReplayCommand(console, new IdlePolicies(), interrupt));
  }

  @Test
  void whatWasAskedForIsAskedForAgainAndWhatIsLeftOutIsTold() throws IOException {
    String file = replay.file("a.csv", CSV);
    assertEquals(0, replay.execute(file, "--as", "direct", "--json", "-"), replay.err());
    JsonNode jobs = new ObjectMapper().readTree(replay.out()).path("jobs");
    assertEquals(2, jobs.path(0).path("read").path("ios").asInt());
    assertEquals(12_288, jobs.path(0).path("read").path("bytes").asInt());
    assertEquals(1, jobs.path(0).path("write").path("ios").asInt());

    assertEquals(0, replay.execute(file, "--as", "direct", "--digest"), replay.err());
    assertTrue(replay.out().startsWith("a.csv: E4, 4 CPUs"), replay.out());
    assertTrue(
        replay.out().contains("note: 1 trim is left out: simulated devices have no discard\n"),
        replay.out());
    assertTrue(
        replay
            .out()
            .contains(
                "note: 1 line could not be read and is left out, line 3: its time is no number"),
        replay.out());
    assertTrue(replay.out().matches("(?s).*\ndigest [0-9a-f]{64}\n"), replay.out());
  }

  @Test
  void whatIsWrongWithTheTraceIsToldOnceWithItsLine() throws IOException {
    assertEquals(2, replay.execute(replay.file("a.csv", CSV), "--strict"));
    assertEquals(
        "a.csv:3: its time is no number: x,read,0,4096; without --strict such lines are counted"
            + " and left out\n",
        replay.err());
    assertEquals(2, replay.execute(replay.file("empty", "")));
    assertEquals("empty: is empty\n", replay.err());
    assertEquals(2, replay.execute(folder.resolve("none").toString()));
    assertEquals("none: there is no such file or folder\n", replay.err());
  }

  @Test
  void aFolderOrAPipeIsNoTrace() {
    assertEquals(2, replay.execute(folder.toString()));
    assertEquals(folder + ": is a folder; name a trace in it\n", replay.err());
    assertEquals(2, replay.execute(folder.getRoot().toString()));
    assertTrue(replay.err().endsWith("is a folder; name a trace in it\n"), replay.err());
    assertEquals(2, replay.execute("/dev/null"));
    assertTrue(replay.err().endsWith("read more than once: save it to a file\n"), replay.err());
  }

  @Test
  void oneOfSeveralDevicesIsChosenByItsNumber() throws IOException {
    String file = replay.file("two.txt", TWO_DEVICES);
    assertEquals(2, replay.execute(file));
    assertEquals(
        "two.txt: has requests of several devices; choose one by --device: 8:0 has 1, 8:16 has 2\n",
        replay.err());
    for (String option : new String[] {"--device", "--recorded-device"}) {
      assertEquals(0, replay.execute(file, option, "8:16", "--json", "-"), replay.err());
      JsonNode jobs = new ObjectMapper().readTree(replay.out()).path("jobs");
      assertEquals(1, jobs.path(0).path("read").path("ios").asInt(), replay.out());
      assertEquals(1, jobs.path(0).path("write").path("ios").asInt(), replay.out());
    }
  }

  @Test
  void aDeviceThatIsTooSmallIsToldWithTheSizeThatIsNot() throws IOException {
    String file =
        replay.file("far.csv", "time_us,op,offset,size\n0,read,0,512\n1,read,7000000000000,512\n");
    assertEquals(2, replay.execute(file, "--as", "direct"));
    assertTrue(replay.err().endsWith("as by device.capacity=6625GiB\n"), replay.err());
    // 7,000,000,004,096 bytes and a 64th more are 6,621.1 GiB, and 4 GiB for the log.
    assertEquals(
        0,
        replay.execute(file, "--as", "direct", "--set", "device.capacity=6625GiB"),
        replay.err());
  }

  @Test
  void aSummaryPlaysNothing() throws IOException {
    assertEquals(0, replay.execute(replay.file("two.txt", TWO_DEVICES), "--summary"), replay.err());
    assertTrue(replay.out().contains("8:16    bio_queue    write"), replay.out());
  }

  @Test
  void wrongWordsAreToldWithTheRightOnes() throws IOException {
    String file = replay.file("a.csv", CSV);
    assertEquals(2, replay.execute(file, "--pace", "fast"));
    assertTrue(replay.err().contains("'fast' is not known\n  known: arrivals, gaps"), replay.err());
    assertEquals(2, replay.execute(file, "--layer", "files"));
    assertTrue(replay.err().startsWith("a.csv: is a log of requests (csv)"), replay.err());
  }

  @Test
  void afterCtrlCNothingIsPlayed() throws IOException {
    replay.interrupt();
    assertEquals(130, replay.execute(replay.file("a.csv", CSV), "--as", "direct"));
  }
}
