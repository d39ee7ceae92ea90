package launcher.calibration.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import launcher.calibration.CalibrationException;
import launcher.trace.ReadProgress;
import launcher.trace.TraceFormat;
import launcher.trace.TraceReader;
import launcher.trace.TraceReading;
import launcher.trace.TraceVisitor;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.EventKind;
import launcher.trace.event.KernelEvent;

/** Recorded events of the kernel, folded as they are read. */
public final class TraceInput implements TraceVisitor {
  private final List<SpanFold> spans = SpanRules.ALL.stream().map(SpanFold::new).toList();
  private final PairFold pairs = new PairFold();
  private final CopyFold copies = new CopyFold();
  private final SchedFold sched = new SchedFold();
  private final Map<Integer, RequestFold> devices = new TreeMap<>();
  private final Map<Integer, BusyFold> busy = new TreeMap<>();

  /** By the interrupt's name: by CPU, how often. */
  private final Map<String, TreeMap<Integer, Long>> interrupts = new TreeMap<>();

  private long events;
  private boolean timed = true;

  /**
   * Reads a file.
   *
   * @param progress told how far it is
   * @return what to know of the reading; empty if all of it could be read
   */
  public Optional<String> add(Path file, ReadProgress progress) throws IOException {
    TraceReader reader = TraceReader.of(file).telling(progress);
    TraceFormat format = reader.format();
    if (!format.ofKernelEvents()) {
      throw new CalibrationException(
          file
              + ": is a "
              + format.meaning()
              + ", which has what was asked for and not how long it took; use ftrace or blktrace");
    }
    TraceReading reading = reader.read(this);
    if (!timed) {
      throw new CalibrationException(
          file + ": its clock has no unit; record it with trace_clock mono or local");
    }
    if (!reading.whole()) {
      throw new CalibrationException(file + ": was not read to its end, as it was interrupted");
    }
    devices.values().forEach(RequestFold::endOfFile);
    busy.values().forEach(BusyFold::endOfFile);
    sched.endOfFile();
    copies.endOfFile();
    List<String> faults = new ArrayList<>();
    reading.brokenLines().ifPresent(faults::add);
    reading.missingEnd().ifPresent(faults::add);
    if (reading.lostEvents() > 0) {
      faults.add(reading.lostEvents() + " events lost by the recorder");
    }
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(file + ": " + String.join("; ", faults));
  }

  @Override
  public void block(EventHead head, BlockEvent event) {
    any(head);
    sched.block(head);
    copies.block(head);
    if (RequestFold.isPhysical(event.device())) {
      devices.computeIfAbsent(event.device(), key -> new RequestFold()).block(head, event);
      busy.computeIfAbsent(event.device(), key -> new BusyFold()).block(head, event);
    }
  }

  @Override
  public void event(EventHead head, KernelEvent event) {
    any(head);
    sched.event(head, event);
    copies.event(head, event);
    for (BusyFold device : busy.values()) {
      device.event(head, event);
    }
    if (event.kind() == EventKind.IRQ_HANDLER_ENTRY) {
      interrupts
          .computeIfAbsent(event.text(EventField.NAME), key -> new TreeMap<>())
          .merge(head.cpu(), 1L, Long::sum);
    }
  }

  private void any(EventHead head) {
    events++;
    timed &= head.timed();
    pairs.event(head, head.event());
    for (SpanFold span : spans) {
      span.event(head, head.event());
    }
    for (RequestFold device : devices.values()) {
      device.event(head);
    }
  }

  boolean isEmpty() {
    return events == 0;
  }

  List<SpanFold> spans() {
    return spans;
  }

  PairFold pairs() {
    return pairs;
  }

  CopyFold copies() {
    return copies;
  }

  SchedFold sched() {
    return sched;
  }

  Map<String, TreeMap<Integer, Long>> interrupts() {
    return interrupts;
  }

  /** The devices that had requests, as {@code 254:0}, but loop devices. */
  List<String> deviceNumbers() {
    return devices.keySet().stream().map(DeviceNumber::text).toList();
  }

  /** The device with the most requests that is no loop device; the one of that number, if any. */
  Optional<RequestFold> busiest(Optional<String> wanted) {
    return busiestNumber(wanted).map(devices::get);
  }

  /** The same device's times of work. */
  Optional<BusyFold> busy(Optional<String> wanted) {
    return busiestNumber(wanted).map(busy::get);
  }

  private Optional<Integer> busiestNumber(Optional<String> wanted) {
    return devices.entrySet().stream()
        .filter(
            entry ->
                devices.size() == 1
                    || wanted.isEmpty()
                    || DeviceNumber.text(entry.getKey()).equals(wanted.get()))
        .max(Comparator.comparingLong(entry -> entry.getValue().requests()))
        .map(Map.Entry::getKey);
  }
}
