package launcher.calibration.internal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.EventField;
import launcher.trace.event.EventHead;
import launcher.trace.event.EventKind;
import launcher.trace.event.KernelEvent;

/**
 * Times that a device worked without a rest, on reads of the page cache whose pieces of memory are
 * known: the page frames of the folios that the submitter inserted just before.
 */
final class BusyFold {
  private static final int PAGE_BYTES = 4096;

  /** Longer ones are stalls of somebody else. */
  private static final long BUSY_NS_MAX = 1_000_000;

  /** Times that make a fit. */
  static final int COUNT_MIN = 100;

  // Folios that one task has inserted since its last bio.
  private int pid;
  private long nextFrame;
  private int pages;
  private int segments;

  /** By sector: pieces of memory of a bio that was queued. */
  private final Map<Long, Integer> queued = new HashMap<>();

  private final Map<Long, Integer> inFlight = new HashMap<>();
  private long beganNs;
  private int commands;
  private long bytes;
  private long pieces;
  private boolean known;

  /** Of each time: 1, commands, bytes, pieces, and nanoseconds. */
  private final List<double[]> times = new ArrayList<>();

  void event(EventHead head, KernelEvent event) {
    if (event.kind() != EventKind.MM_FILEMAP_ADD_TO_PAGE_CACHE || !event.has(EventField.ORDER)) {
      return;
    }
    if (head.pid() != pid) {
      forgetFolios();
      pid = head.pid();
    }
    long frame = event.value(EventField.PFN);
    int folioPages = 1 << event.value(EventField.ORDER);
    segments += frame == nextFrame ? 0 : 1;
    nextFrame = frame + folioPages;
    pages += folioPages;
  }

  private void forgetFolios() {
    pages = 0;
    segments = 0;
    nextFrame = -1;
  }

  /** An event of the device. */
  void block(EventHead head, BlockEvent event) {
    switch (event.action()) {
      case BIO_QUEUE -> queued(head, event);
      case RQ_ISSUE -> issued(head, event);
      case RQ_COMPLETE -> completed(head, event);
      default -> {}
    }
  }

  private void queued(EventHead head, BlockEvent event) {
    if (head.pid() != pid) {
      return;
    }
    if (event.operation() == BlockOperation.READ
        && (long) pages * PAGE_BYTES == event.sectors() * 512) {
      queued.put(event.sector(), segments);
    }
    forgetFolios();
  }

  private void issued(EventHead head, BlockEvent event) {
    if (inFlight.isEmpty()) {
      beganNs = head.timeNs();
      commands = 0;
      bytes = 0;
      pieces = 0;
      known = true;
    }
    Integer of = queued.remove(event.sector());
    known &= of != null && event.operation() == BlockOperation.READ;
    inFlight.put(event.sector(), (int) event.sectors());
    commands++;
    bytes += event.sectors() * 512;
    pieces += of == null ? 0 : of;
  }

  private void completed(EventHead head, BlockEvent event) {
    Integer sectors = inFlight.remove(event.sector());
    known &= sectors != null && sectors == event.sectors();
    long busyNs = head.timeNs() - beganNs;
    if (inFlight.isEmpty() && known && commands > 0 && busyNs < BUSY_NS_MAX) {
      times.add(new double[] {1, commands, bytes, pieces, busyNs});
    }
  }

  void endOfFile() {
    queued.clear();
    inFlight.clear();
    forgetFolios();
  }

  int count() {
    return times.size();
  }

  /**
   * Nanoseconds that a byte takes, beside what a time, a command and a piece of memory do.
   *
   * @param part of how many: 0 of 1 is all
   */
  OptionalDouble byteNs(int part, int of) {
    List<double[]> used = new ArrayList<>();
    for (int i = part; i < times.size(); i += of) {
      used.add(times.get(i));
    }
    double[] fitted = LeastSquares.trimmed(used);
    return fitted.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(fitted[2]);
  }
}
