package launcher.fio.expected;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import launcher.fio.FioParseResult;
import launcher.fio.FioParser;
import launcher.fio.TestFiles;
import launcher.fio.job.FioJob;
import launcher.fio.sequence.ExistingFiles;
import launcher.fio.sequence.FileLayout;
import launcher.fio.sequence.IoDirection;
import launcher.fio.sequence.IoSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Compares what each job issues with what fio was recorded to issue: I/Os, bytes and syncs per
 * direction, and of short jobs every operation with its file, offset and length. Of a sync only its
 * kind and file are compared, because fio records whatever its request held before.
 */
@EnabledIfSystemProperty(named = "fio.expected", matches = ".+")
class AccountingTest {
  private final Path folder = Path.of(System.getProperty("fio.expected", ".")).toAbsolutePath();
  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void jobsIssueWhatFioIssues() throws IOException {
    Tally tally = new Tally("accounting.jsonl");
    for (String line : Files.readAllLines(folder.resolve("accounting.jsonl"))) {
      JsonNode node = mapper.readTree(line);
      tally.beginLine();
      compare(node, tally);
      tally.endLine();
    }
    System.out.print(tally.report());
    assertEquals(0, tally.differing(), "lines that differ");
  }

  /** Beside the short jobs: the logs of longer ones, as far as they can be simulated. */
  @Test
  void loggedOperationsAreThoseOfTheSequence() throws IOException {
    Path generated = folder.resolveSibling("generated");
    Tally tally = new Tally("iolog");
    try (Stream<Path> logs = Files.list(generated.resolve("iolog"))) {
      for (Path log : logs.sorted().toList()) {
        String[] name = log.getFileName().toString().split("\\.");
        Path file = generated.resolve("fio-json").resolve(name[0] + ".fio");
        TestFiles files = TestFiles.inMemory().with("t.fio", Files.readString(file));
        FioParseResult result = new FioParser(TestFiles.host(Map.of()), files).parse("t.fio");
        if (!result.refused().isEmpty() || log.toString().contains(".v2.")) {
          continue;
        }
        Map<String, Long> sizes = new HashMap<>();
        FioJob job = result.jobs().get(0);
        for (int i = 1; result.jobs().size() > 1 && !job.name().equals(name[1]); i++) {
          FileLayout.of(job, store(sizes)).parts().forEach(p -> sizes.put(p.path(), p.sizeBytes()));
          job = result.jobs().get(i);
        }
        tally.beginLine();
        List<String> expected = logged(log);
        List<String> actual = new ArrayList<>();
        new Totals(job).run(job, store(sizes), actual);
        int same = 0;
        while (same < Math.min(expected.size(), actual.size())
            && expected.get(same).equals(actual.get(same))) {
          same++;
        }
        tally.compare(
            "operations",
            log + " from operation " + same,
            expected.subList(same, expected.size()),
            actual.subList(same, actual.size()));
        tally.endLine();
      }
    }
    System.out.print(tally.report());
    assertEquals(0, tally.differing(), "logs that differ");
  }

  private static ExistingFiles store(Map<String, Long> sizes) {
    return new ExistingFiles() {
      @Override
      public long sizeBytes(String path) {
        return sizes.getOrDefault(path, 0L);
      }

      @Override
      public boolean isBlockDevice(String path) {
        return false;
      }
    };
  }

  private static List<String> logged(Path log) throws IOException {
    List<String> added = new ArrayList<>();
    List<String> operations = new ArrayList<>();
    for (String line : Files.readAllLines(log)) {
      String[] field = line.split(" ");
      if (field.length == 3 && field[2].equals("add")) {
        added.add(field[1]);
      } else if (field.length == 5) {
        boolean transfers = !field[2].contains("sync");
        operations.add(
            operation(
                field[2],
                "f" + added.indexOf(field[1]),
                transfers ? Long.parseLong(field[3]) : 0,
                transfers ? Long.parseLong(field[4]) : 0));
      }
    }
    return operations;
  }

  private void compare(JsonNode node, Tally tally) throws IOException {
    String where = node.path("name").asText(node.path("file").asText());
    FioParseResult result = parse(node);
    tally.compare("accepted", where, true, result.check().verdict().accept());
    List<String> entries = new ArrayList<>();
    List<String> operations = new ArrayList<>();
    Totals open = null;
    for (FioJob job : result.jobs()) {
      boolean merges =
          open != null
              && job.reporting().groupReporting()
              && open.groupId == job.identity().groupId();
      if (!merges) {
        if (open != null) {
          entries.add(open.toString());
        }
        open = new Totals(job);
      }
      open.run(job, ExistingFiles.EMPTY, operations);
    }
    entries.add(open == null ? "none" : open.toString());
    List<String> expected = new ArrayList<>();
    node.get("jobs").forEach(job -> expected.add(totals(job)));
    tally.compare("totals", where, expected, entries);
    if (node.has("ops_vary")) {
      return;
    }
    if (node.has("ops")) {
      tally.compare("operations", where, operations(node.get("ops")), operations);
    }
    if (node.has("ops_first")) {
      List<String> first = operations(node.get("ops_first"));
      tally.compare("first operations", where, first, operations.subList(0, first.size()));
    }
  }

  private FioParseResult parse(JsonNode node) throws IOException {
    TestFiles files = TestFiles.inMemory();
    String text = node.path("job").asText();
    if (node.has("file")) {
      Path file = folder.resolveSibling("fio").resolve(node.get("file").asText());
      text =
          Files.readString(file)
              .replaceAll("(?m)^ioengine=.*$", "ioengine=null")
              .replaceAll("(?m)^directory=.*$", "");
      if (!text.contains("ioengine=null")) {
        text = text.replaceFirst("(?m)^(\\[.*])$", "$1\nioengine=null");
      }
    }
    files.with("part.inc", "bs=16k", "iodepth=2").with("t.fio", text);
    return new FioParser(TestFiles.host(Map.of()), files).parse("t.fio");
  }

  private static String totals(JsonNode job) {
    StringBuilder text = new StringBuilder(job.get("jobname").asText());
    text.append(" g").append(job.get("groupid").asInt());
    for (String direction : new String[] {"read", "write", "trim"}) {
      if (job.has(direction)) {
        JsonNode pair = job.get(direction);
        text.append(' ').append(direction).append(' ');
        text.append(pair.get(0).asLong()).append('/').append(pair.get(1).asLong());
      }
    }
    return job.has("sync")
        ? text.append(" sync ").append(job.get("sync").asLong()).toString()
        : text.toString();
  }

  private static List<String> operations(JsonNode list) {
    List<String> operations = new ArrayList<>();
    for (JsonNode each : list) {
      String direction = each.get(0).asText();
      boolean transfers = !direction.contains("sync");
      operations.add(
          operation(
              direction,
              each.get(1).asText(),
              transfers ? each.get(2).asLong() : 0,
              transfers ? each.get(3).asLong() : 0));
    }
    return operations;
  }

  private static String operation(String direction, String file, long offset, long length) {
    return direction + " " + file + " " + offset + "+" + length;
  }

  /** One entry of fio's report. */
  private static final class Totals {
    private static final int OPERATIONS_MAX = 4_096;

    private final String name;
    private final int groupId;
    private final long[] count = new long[3];
    private final long[] bytes = new long[3];
    private long syncs;

    Totals(FioJob job) {
      name = job.name();
      groupId = job.identity().groupId();
    }

    void run(FioJob job, ExistingFiles store, List<String> operations) {
      IoSequence sequence = IoSequence.of(job, store);
      while (sequence.next(0)) {
        IoDirection direction = sequence.direction();
        if (operations.size() < OPERATIONS_MAX) {
          boolean transfers = direction.transfers();
          operations.add(
              operation(
                  direction.name().toLowerCase(Locale.ROOT),
                  "f" + sequence.fileIndex(),
                  transfers ? sequence.offsetBytes() : 0,
                  transfers ? sequence.lengthBytes() : 0));
        }
        if (direction.transfers()) {
          count[direction.ordinal()]++;
          bytes[direction.ordinal()] += sequence.lengthBytes();
        } else if (!sequence.endsLoop()) {
          syncs++;
        }
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(name).append(" g").append(groupId);
      for (int i = 0; i < 3; i++) {
        if (count[i] != 0) {
          String word = IoDirection.values()[i].name().toLowerCase(Locale.ROOT);
          text.append(' ').append(word).append(' ').append(count[i]).append('/').append(bytes[i]);
        }
      }
      return syncs == 0 ? text.toString() : text.append(" sync ").append(syncs).toString();
    }
  }
}
