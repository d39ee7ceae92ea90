package launcher.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventHead;
import launcher.trace.event.IoAction;
import launcher.trace.event.IoRequest;
import launcher.trace.event.Rwbs;
import launcher.trace.replay.OperationTape;
import launcher.trace.replay.ReplayRules;
import launcher.trace.replay.TapeRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Compares what the readers find in other people's traces with independent counts. */
@EnabledIfSystemProperty(named = "fio.expected", matches = ".+")
class TraceExpectedTest {
  private final Path folder = Path.of(System.getProperty("fio.expected", ".")).toAbsolutePath();
  private final ObjectMapper mapper = new ObjectMapper();
  private final List<String> faults = new ArrayList<>();

  @Test
  void iologsHoldWhatWasCounted() throws IOException {
    compareAll("iolog-summary.jsonl", folder.resolveSibling("generated"));
  }

  @Test
  void tracesHoldWhatWasCounted() throws IOException {
    compareAll("trace-summary.jsonl", folder.getParent());
  }

  private void compareAll(String expected, Path root) throws IOException {
    int files = 0;
    for (String line : Files.readAllLines(folder.resolve(expected))) {
      compare(mapper.readTree(line), root);
      files++;
    }
    System.out.printf("%s: %d files, %d differences%n", expected, files, faults.size());
    assertEquals(List.of(), faults);
  }

  private void compare(JsonNode expected, Path root) throws IOException {
    String name = expected.get("file").asText();
    TraceReader reader = TraceReader.of(root.resolve(name));
    // The only binary format that nothing in the file tells.
    if (expected.path("format").asText().startsWith("big-endian")) {
      reader = reader.as(TraceFormat.KEYS_BE32);
    }
    Counts counts = new Counts();
    TraceReading reading = reader.read(counts);
    same(name, "broken", 0, reading.broken());
    Map<String, Object> found = new TreeMap<>();
    found.put("version", reading.format() == TraceFormat.IOLOG_V3 ? 3 : 7);
    found.put("files", counts.added);
    found.put("records", records(reading));
    found.put("other_lines", reading.otherLines());
    found.put("actions", actions(reading, counts));
    found.put("bytes", expected.get("bytes").isObject() ? byKind(expected, counts) : null);
    found.put("last_timestamp_us", counts.lastNs / 1000);
    found.put("rwbs", counts.rwbs);
    found.put("sectors", counts.sectors);
    found.put("first_ns", counts.firstNs);
    found.put("last_ns", counts.lastNs);
    found.put("first_ts", counts.firstNs / 1000);
    found.put("last_ts", counts.lastNs / 1000);
    // The names of tasks are counted too; all of this file's are of one CPU.
    counts.cpus.replaceAll((cpu, count) -> count + reading.otherLines());
    found.put("cpus", counts.cpus);
    found.put("devices", counts.devices(expected));
    found.put("unique", (long) counts.places.size());
    found.put("unique_lbn", (long) counts.places.size());
    found.put("io_bytes", counts.totalBytes);
    found.put("block_refs", counts.totalBytes / 512);
    found.put("breakpoints", counts.marks);
    found.put("trailing_bytes", 0);
    found.put("ops", renamed(counts.requests, expected.path("ops")));
    found.put("types", renamed(counts.requests, expected.path("types")));
    found.put("sectors_by_type", sectors(renamed(counts.bytes, expected.path("types"))));
    found.put("bytes_by_op", renamed(counts.bytes, expected.path("ops")));
    if (expected.has("fio_null_replay")) {
      comparePlayed(name, expected, reader);
    }
    expected
        .fieldNames()
        .forEachRemaining(
            field -> {
              if (found.get(field) != null) {
                JsonNode actual = mapper.valueToTree(found.get(field));
                same(name, field, expected.get(field).toString(), actual.toString());
              }
            });
  }

  /** What fio made of the log with its null engine; trims are no part of a tape. */
  private void comparePlayed(String name, JsonNode expected, TraceReader reader)
      throws IOException {
    OperationTape tape = new TapeRecorder(reader, ReplayRules.ALL).record().orElseThrow();
    Map<String, long[]> played = new TreeMap<>();
    for (String kind : List.of("read", "write", "sync")) {
      played.put(kind, new long[2]);
    }
    for (int i = 0; i < tape.size(); i++) {
      IoAction action = tape.action(i);
      String kind = action.transfers() ? action.name().toLowerCase(Locale.ROOT) : "sync";
      played.get(kind)[0]++;
      played.get(kind)[1] += tape.lengthBytes(i);
    }
    JsonNode fio = expected.get("fio_null_replay");
    same(name, "read", fio.get("read"), mapper.valueToTree(played.get("read")));
    same(name, "write", fio.get("write"), mapper.valueToTree(played.get("write")));
    same(name, "sync", fio.get("sync"), played.get("sync")[0]);
  }

  private void same(String file, String field, Object expected, Object actual) {
    if (!sorted(expected).equals(sorted(actual))) {
      faults.add(file + ": " + field + " is " + actual + ", expected " + expected);
    }
  }

  private Object sorted(Object json) {
    try {
      JsonNode node = mapper.readTree(json.toString());
      return node.isObject()
          ? mapper.convertValue(node, TreeMap.class).toString()
          : node.toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Names of tasks are records of blktrace, but no events. */
  private static long records(TraceReading reading) {
    boolean binary = reading.format() == TraceFormat.BLKTRACE;
    return reading.records() + (binary ? reading.otherLines() : 0);
  }

  private static Map<String, Long> actions(TraceReading reading, Counts counts) {
    Map<String, Long> actions = new TreeMap<>(counts.actions);
    if (reading.format() == TraceFormat.BLKTRACE) {
      actions.put("process", reading.otherLines());
    }
    counts.requests.forEach((action, count) -> actions.put(action, count));
    return actions;
  }

  private static Map<String, Long> byKind(JsonNode expected, Counts counts) {
    Map<String, Long> bytes = new TreeMap<>(counts.bytes);
    expected.get("bytes").fieldNames().forEachRemaining(name -> bytes.putIfAbsent(name, 0L));
    bytes.keySet().removeIf(name -> !expected.get("bytes").has(name));
    return bytes;
  }

  /** The words of the file's own format for reads and writes. */
  private static Map<String, Long> renamed(Map<String, Long> ours, JsonNode theirs) {
    Map<String, Long> renamed = new TreeMap<>();
    ours.forEach(
        (action, count) -> {
          boolean reads = action.equals("read");
          String[] names = reads ? new String[] {"r", "28", "1"} : new String[] {"w", "2a", "0"};
          for (String name : names) {
            if (theirs.has(name)) {
              renamed.put(name, count);
            }
          }
        });
    return renamed;
  }

  private static Map<String, Long> sectors(Map<String, Long> bytes) {
    Map<String, Long> sectors = new TreeMap<>();
    bytes.forEach((type, count) -> sectors.put(type, count / 512));
    return sectors;
  }

  /** What a trace holds, counted. */
  private static final class Counts implements TraceVisitor {
    final Map<String, Long> actions = new TreeMap<>();
    final Map<String, Long> requests = new TreeMap<>();
    final Map<String, Long> bytes = new TreeMap<>();
    final Map<String, Long> rwbs = new TreeMap<>();
    final Map<String, Long> sectors = new TreeMap<>();
    final Map<String, Long> cpus = new TreeMap<>();
    final Map<String, Long> devices = new TreeMap<>();
    final TreeSet<Long> places = new TreeSet<>();
    final List<String> added = new ArrayList<>();
    final TreeSet<String> targets = new TreeSet<>();
    long firstNs = Long.MIN_VALUE;
    long lastNs;
    long totalBytes;
    long marks;
    private boolean binary;
    private boolean blocks;

    @Override
    public void begin(TraceFormat format, NameTable names) {
      binary = format == TraceFormat.BLKTRACE;
      blocks = format == TraceFormat.CYDONIA_CACHE;
    }

    @Override
    public void block(EventHead head, BlockEvent event) {
      String letter = head.event();
      actions.merge(letter, 1L, Long::sum);
      if (event.action() != BlockAction.PLUG || binary) {
        boolean counts = binary || event.sectors() > 0;
        if (counts) {
          sectors.merge(letter, event.sectors(), Long::sum);
        }
      }
      if (event.action() != BlockAction.PLUG) {
        rwbs.merge(letter + " " + Rwbs.text(event.rwbs()), 1L, Long::sum);
      }
      cpus.merge(Integer.toString(head.cpu()), 1L, Long::sum);
      devices.merge(DeviceNumber.text(event.device()).replace(':', ','), 1L, Long::sum);
      time(head.timeNs());
    }

    @Override
    public void request(IoRequest request) {
      if (request.action() == IoAction.MARK) {
        marks++;
        return;
      }
      String action = request.action().name().toLowerCase(Locale.ROOT);
      requests.merge(action, 1L, Long::sum);
      bytes.merge(action, request.lengthBytes(), Long::sum);
      totalBytes += request.lengthBytes();
      // Cydonia counts the blocks, whatever part of one is asked for.
      places.add(blocks ? request.offsetBytes() / 4096 : request.offsetBytes());
      if (request.action() == IoAction.ADD) {
        added.add(request.target());
      }
      targets.add(request.target());
      if (request.timeNs() != IoRequest.UNTIMED) {
        time(request.timeNs());
      }
    }

    private void time(long ns) {
      firstNs = firstNs == Long.MIN_VALUE ? ns : firstNs;
      lastNs = ns;
    }

    Object devices(JsonNode expected) {
      return expected.path("devices").isInt() ? targets.size() : devices;
    }
  }
}
