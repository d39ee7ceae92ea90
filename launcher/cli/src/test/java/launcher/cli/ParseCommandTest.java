package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ParseCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private String file(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n").toString();
  }

  private int parse(String... arguments) {
    return new CommandLine(new ParseCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String printed(StringWriter writer) {
    return writer.toString().replace(folder + "/", "").replace(System.lineSeparator(), "\n");
  }

  @Test
  void eachOptionStandsWithItsLineItsNumberAndWhatBecomesOfIt() throws IOException {
    String file =
        file(
            "a.fio",
            "[global]",
            "uncached=1",
            "ioengine=io_uring",
            "bs=64k",
            "size=4MiB",
            "log_avg_msec=1000",
            "[writer]",
            "rw=write",
            "numjobs=3",
            "runtime=10sec",
            "[reader]",
            "stonewall",
            "bs=8k");
    assertEquals(0, parse(file), err.toString());
    assertEquals("", err.toString());
    assertEquals(
        """
        a.fio: accepted: 4 jobs
          defaults [global]
             2  uncached=1                    modelled
             3  ioengine=io_uring             modelled
             4  bs=64k             = 65536    modelled
             5  size=4MiB          = 4000000  modelled
             6  log_avg_msec=1000             ignored: no log file is written
          section [writer]
             8  rw=write                      modelled
             9  numjobs=3                     modelled
            10  runtime=10sec      = 10 us    modelled
          section [reader]
            12  stonewall                     modelled
            13  bs=8k              = 8192     modelled
          job writer and 2 clones, group 0
            write, blocks of 64 KiB
            io_uring, depth 1, buffered with RWF_DONTCACHE, fadvise sequential
            file writer.0.0, others for each clone
            size 4000000 B
            time: ends after 10 us
          job reader, group 1
            read, blocks of 8 KiB
            io_uring, depth 1, buffered with RWF_DONTCACHE, fadvise sequential
            file reader.0.0
            size 4000000 B
            time: waits for all earlier jobs

        """,
        printed(out));
  }

  @Test
  void whatIsUnusualOfAJobIsTold() throws IOException {
    String file =
        file(
            "a.fio",
            "[a]",
            "size=1m",
            "[b]",
            "wait_for=a",
            "rw=randrw:2",
            "rwmixread=70",
            "bssplit=4k/30:64k",
            "random_distribution=zipf:1.2",
            "ioengine=libaio",
            "direct=1",
            "iodepth=8",
            "iodepth_low=2",
            "nrfiles=4",
            "size=50%",
            "filesize=8m",
            "startdelay=2-3",
            "runtime=5",
            "time_based",
            "fsync=1",
            "sync_file_range=wait_before,write:8",
            "rate=1m,2m",
            "thinktime=1ms",
            "cpus_allowed=0",
            "nice=5");
    assertEquals(0, parse("--cpus", "2", file), err.toString());
    String text = printed(out);
    assertEquals(
        """
          job b, group 0
            randrw, 70 % reads, reads of 4 KiB (30 %) or 64 KiB (70 %), writes of 4 KiB (30 %) or 64 KiB (70 %)
            offsets: zipf 1.2, a new place after 2 I/Os
            libaio, depth 8, refills at 2, direct
            files b.0.0, b.0.1, b.0.2, … (4), each of 8 MiB
            size 50 % of the file
            time: waits for a, starts 2 s to 3 s later, goes on for 5 s
            sync: fsync after each write, sync_file_range after 8 writes (wait-before, write)
            at most: reads 1 MiB/s, writes 2 MiB/s
            pauses: 1 ms after each I/O
            runs on CPUs [0], nice 5

        """,
        text.substring(text.indexOf("  job b")));
  }

  @Test
  void aRefusedOptionIsToldWithItsPlaceAndEndsWith2() throws IOException {
    String file = file("a.fio", "[j]", "size=1m", "rw=write", "verify=md5", "iodepth=4");
    assertEquals(2, parse(file));
    assertEquals(
        "a.fio:4: [j]: verify=md5: reading back is not modelled; nearest:"
            + " verify=0, which issues the same writes\n",
        printed(err));
    assertTrue(
        printed(out).startsWith("a.fio: accepted by fio, but 1 option can't be simulated\n"),
        printed(out));
  }

  @Test
  void aWrongFileDoesNotKeepTheOthersFromBeingRead() throws IOException {
    String wrong = file("a.fio", "[j]", "bs=x", "iodepht=4");
    String right = file("b.fio", "[j]", "size=1m");
    assertEquals(2, parse(wrong, folder + "/none.fio", right));
    assertEquals(
        """
        a.fio:2: bs: x: it must be a number, such as 4096 or 4k
        a.fio:3: iodepht: no such option; did you mean iodepth?
        none.fio:1: no such job file, or it cannot be read
        """,
        printed(err));
    assertEquals(
        List.of(
            "a.fio: refused by fio: unknown option",
            "none.fio: refused by fio: missing file",
            "b.fio: accepted: 1 job"),
        printed(out).lines().filter(line -> line.contains(".fio:")).toList());
  }

  @Test
  void jsonIsOneObjectALineWhateverTheFileSays() throws IOException {
    String first = file("a.fio", "[ä]", "size=${SIZE}");
    String second = file("b.fio", "[j]", "verify=md5");
    assertEquals(2, parse("--json", "--env", "SIZE=2m", first, second));
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : out.toString().split("\n")) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    assertEquals(2, nodes.size());
    assertEquals(first, nodes.get(0).get("file").asText());
    // Without the variable the size is empty, which is wrong.
    assertEquals("bad-value", nodes.get(0).at("/parse/reason").asText());
    assertEquals("{\"SIZE\":\"2m\"}", nodes.get(0).at("/with_env/env").toString());
    assertEquals(
        "[{\"section\":\"ä\",\"options\":[[\"size\",\"2m\",2097152]]}]",
        nodes.get(0).at("/with_env/sections").toString());
    assertTrue(nodes.get(1).at("/check/accept").asBoolean());
    assertTrue(out.toString().chars().allMatch(c -> c < 128), "only ASCII");
  }

  @Test
  void keywordsStandForTheMachineThatIsAskedFor() throws IOException {
    String file = file("a.fio", "[j]", "size=$mb_memory", "bs=1", "numjobs=$ncpus");
    assertEquals(0, parse("--cpus", "3", "--memory", "2 GiB", file), err.toString());
    assertTrue(printed(out).contains("size=2048"), printed(out));
    assertTrue(printed(out).contains("numjobs=3"), printed(out));
  }
}
