package launcher.trace.replay;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import launcher.trace.TraceFormat;
import launcher.trace.TraceReader;
import launcher.trace.TraceReading;
import launcher.trace.TraceSummary;
import launcher.trace.UnreadableTraceException;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.DeviceNumber;

/** Makes tapes of traces. */
public final class TapeRecorder {
  private final TraceReader reader;
  private final ReplayRules rules;

  /**
   * A recorder of one trace.
   *
   * @param reader of the trace; it is read twice if it holds events of the kernel
   * @param rules what is taken
   */
  public TapeRecorder(TraceReader reader, ReplayRules rules) {
    this.reader = reader;
    this.rules = rules;
  }

  /**
   * Reads the trace.
   *
   * @return empty if the reader's progress ended it
   * @throws UnreadableTraceException if nothing in it can be played, or if it has to be said what;
   *     tells what there is
   */
  public Optional<OperationTape> record() throws IOException {
    TraceFormat format = reader.format();
    if (format.ofKernelEvents()) {
      return rules.layer().equals(Optional.of(ReplayLayer.FILES)) ? files() : blocks();
    }
    if (rules.device().isPresent() || rules.layer().isPresent()) {
      throw refused(
          "is a log of requests ("
              + format.id()
              + "): it has no devices and layers to choose from");
    }
    TapeBuilder tape = new TapeBuilder(rules);
    RequestTape requests = new RequestTape(tape, format);
    TraceReading reading = reader.read(requests);
    if (!reading.whole()) {
      return Optional.empty();
    }
    requests.close(this::refused);
    boolean iolog = format == TraceFormat.IOLOG_V2 || format == TraceFormat.IOLOG_V3;
    return Optional.of(finished(tape, reading, iolog ? 0 : -1));
  }

  private UnreadableTraceException refused(String why) {
    return new UnreadableTraceException(reader.name() + ": " + why);
  }

  private Optional<OperationTape> blocks() throws IOException {
    TraceSummary summary = new TraceSummary();
    if (!reader.read(summary).whole()) {
      return Optional.empty();
    }
    ReplayLayer layer = rules.layer().orElseGet(() -> layer(summary));
    int device = device(summary, layer);
    TapeBuilder tape = new TapeBuilder(rules);
    tape.ofDevice = true;
    BlockTape blocks = new BlockTape(tape, layer, device);
    TraceReading reading = reader.read(blocks);
    if (!reading.whole()) {
      return Optional.empty();
    }
    blocks.close();
    return Optional.of(finished(tape, reading, -1));
  }

  private Optional<OperationTape> files() throws IOException {
    TapeBuilder tape = new TapeBuilder(rules);
    FileTape files = new FileTape(tape, rules.device());
    TraceReading reading = reader.read(files);
    if (!reading.whole()) {
      return Optional.empty();
    }
    files.close(this::refused);
    return Optional.of(finished(tape, reading, -1));
  }

  private OperationTape finished(TapeBuilder tape, TraceReading reading, long originNs)
      throws UnreadableTraceException {
    if (tape.count() == 0) {
      throw refused("holds no read, write or sync that could be played");
    }
    reading.brokenLines().ifPresent(tape.notes::add);
    reading.missingEnd().ifPresent(tape.notes::add);
    if (reading.lostEvents() > 0) {
      tape.notes.add(reading.lostEvents() + " events were lost when the trace was recorded");
    }
    return tape.finish(originNs);
  }

  /** The first place that any device has reads, writes or flushes at. */
  private ReplayLayer layer(TraceSummary summary) {
    for (ReplayLayer layer :
        new ReplayLayer[] {
          ReplayLayer.QUEUED, ReplayLayer.ISSUED, ReplayLayer.INSERTED, ReplayLayer.COMPLETED
        }) {
      if (!devices(summary, layer).isEmpty()) {
        return layer;
      }
    }
    return ReplayLayer.QUEUED;
  }

  private int device(TraceSummary summary, ReplayLayer layer) throws UnreadableTraceException {
    Map<Integer, Long> counts = devices(summary, layer);
    if (rules.device().isPresent()) {
      int device = rules.device().getAsInt();
      if (!counts.containsKey(device)) {
        throw refused(
            "device " + DeviceNumber.text(device) + " has nothing " + layer.id() + there(counts));
      }
      return device;
    }
    if (counts.size() == 1) {
      return counts.keySet().iterator().next();
    }
    if (counts.isEmpty()) {
      throw refused(
          "has no events of requests "
              + layer.id()
              + "; record block:block_bio_queue, or choose --layer files");
    }
    throw refused("has requests of several devices; choose one by --device" + there(counts));
  }

  private static String there(Map<Integer, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> DeviceNumber.text(entry.getKey()) + " has " + entry.getValue())
        .collect(Collectors.joining(", ", ": ", ""));
  }

  private static Map<Integer, Long> devices(TraceSummary summary, ReplayLayer layer) {
    BlockAction action = layer.action();
    Map<Integer, Long> counts = new TreeMap<>();
    for (TraceSummary.BlockTotal total : summary.blockTotals()) {
      boolean plays =
          total.operation() == BlockOperation.READ
              || total.operation() == BlockOperation.WRITE
              || total.operation() == BlockOperation.FLUSH;
      if (total.action() == action && plays) {
        counts.merge(total.device(), total.events(), Long::sum);
      }
    }
    return counts;
  }

  /** Makes the exception of a reason. */
  interface Refusal {
    UnreadableTraceException because(String why);
  }
}
