package launcher.cli.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import launcher.trace.TraceProblem;
import launcher.trace.TraceReading;
import launcher.trace.TraceSummary;
import launcher.trace.event.DeviceNumber;

/** What a trace holds, as JSON. */
final class TraceJson {
  private static final int FORMAT = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TraceJson() {}

  static String of(ReadTrace trace) {
    TraceReading reading = trace.reading();
    TraceSummary summary = trace.summary();
    ObjectNode root = MAPPER.createObjectNode();
    root.put("format", FORMAT);
    root.put("file", trace.file().toString());
    root.put("trace", reading.format().id());
    root.put("whole", reading.whole());
    root.put("lines", reading.lines());
    root.put("records", reading.records());
    root.put("other-lines", reading.otherLines());
    root.put("broken-lines", reading.broken());
    root.put("lost-events", reading.lostEvents());
    root.put("cut-short", reading.cutShort());
    root.put("first-ns", summary.firstNs());
    root.put("span-ns", summary.spanNs());
    root.put("cpus", summary.cpus());
    ObjectNode events = root.putObject("events");
    summary.events().forEach(events::put);
    ArrayNode block = root.putArray("block");
    for (TraceSummary.BlockTotal total : summary.blockTotals()) {
      ObjectNode node = block.addObject();
      node.put("device", DeviceNumber.text(total.device()));
      node.put("action", word(total.action()));
      node.put("operation", word(total.operation()));
      node.put("events", total.events()).put("bytes", total.bytes());
    }
    ArrayNode submitters = root.putArray("submitters");
    for (TraceSummary.Submitter submitter : summary.submitters()) {
      ObjectNode node = submitters.addObject();
      node.put("device", DeviceNumber.text(submitter.device())).put("task", submitter.task());
      node.put("bios", submitter.bios()).put("bytes", submitter.bytes());
    }
    ArrayNode requests = root.putArray("requests");
    for (TraceSummary.RequestTotal total : summary.requestTotals()) {
      ObjectNode node = requests.addObject();
      node.put("target", total.target()).put("action", word(total.action()));
      node.put("requests", total.requests()).put("bytes", total.bytes());
    }
    ArrayNode problems = root.putArray("problems");
    for (TraceProblem problem : reading.problems()) {
      ObjectNode node = problems.addObject();
      node.put("line", problem.line()).put("reason", problem.reason()).put("text", problem.text());
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a plain tree could not be written", e);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
