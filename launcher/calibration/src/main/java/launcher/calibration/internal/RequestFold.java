package launcher.calibration.internal;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import launcher.calibration.Direction;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventHead;

/**
 * Requests at one device, from issue to completion. A request's depth is the most that the device
 * had at once while it had this one.
 */
final class RequestFold {
  /** Major number of loop devices, which are no devices of their own. */
  private static final int LOOP_MAJOR = 7;

  /** What was asked of the device. */
  record Cell(Direction op, int sizeBytes, int depth) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int by = op.compareTo(other.op);
      by = by == 0 ? Integer.compare(sizeBytes, other.sizeBytes) : by;
      return by == 0 ? Integer.compare(depth, other.depth) : by;
    }
  }

  private static final class InFlight {
    final long issuedNs;
    final Direction op;
    final int sizeBytes;
    int depth;

    InFlight(long issuedNs, Direction op, int sizeBytes) {
      this.issuedNs = issuedNs;
      this.op = op;
      this.sizeBytes = sizeBytes;
    }
  }

  private final Map<Long, InFlight> inFlight = new HashMap<>();
  private final TreeMap<Cell, Samples> latencies = new TreeMap<>();
  private long requests;

  // From an issue to the same task's next event on that CPU: with the device at rest, or not.
  private final Samples issuesAtRest = new Samples();
  private final Samples issuesAtWork = new Samples();
  private long issuedNs = -1;
  private int issuedCpu;
  private int issuedPid;
  private boolean issuedAtRest;

  /** Whether requests of a device can be calibrated to. */
  static boolean isPhysical(int device) {
    return device != DeviceNumber.NONE && DeviceNumber.major(device) != LOOP_MAJOR;
  }

  /** An event of any kind, before {@link #block}. */
  void event(EventHead head) {
    if (issuedNs >= 0 && head.cpu() == issuedCpu) {
      if (head.pid() == issuedPid) {
        (issuedAtRest ? issuesAtRest : issuesAtWork).add(head.timeNs() - issuedNs);
      }
      issuedNs = -1;
    }
  }

  void block(EventHead head, BlockEvent event) {
    if (event.action() == BlockAction.RQ_ISSUE) {
      issued(head, event);
    } else if (event.action() == BlockAction.RQ_COMPLETE) {
      completed(head, event);
    }
  }

  private void issued(EventHead head, BlockEvent event) {
    issuedAtRest = inFlight.isEmpty();
    issuedNs = head.timeNs();
    issuedCpu = head.cpu();
    issuedPid = head.pid();
    BlockOperation operation = event.operation();
    if (operation != BlockOperation.READ && operation != BlockOperation.WRITE
        || event.sectors() == 0) {
      return;
    }
    Direction op = operation == BlockOperation.READ ? Direction.READ : Direction.WRITE;
    // A request that is issued again counts from the last time.
    inFlight.put(event.sector(), new InFlight(head.timeNs(), op, (int) event.sectors() * 512));
    int depth = inFlight.size();
    for (InFlight request : inFlight.values()) {
      request.depth = Math.max(request.depth, depth);
    }
  }

  private void completed(EventHead head, BlockEvent event) {
    InFlight request = inFlight.remove(event.sector());
    if (request == null || event.sectors() * 512 != request.sizeBytes) {
      return;
    }
    requests++;
    latencies
        .computeIfAbsent(
            new Cell(request.op, request.sizeBytes, request.depth), key -> new Samples())
        .add(head.timeNs() - request.issuedNs);
  }

  /** The end of a file: what is in flight never ends. */
  void endOfFile() {
    inFlight.clear();
    issuedNs = -1;
  }

  TreeMap<Cell, Samples> latencies() {
    return latencies;
  }

  long requests() {
    return requests;
  }

  Samples issuesAtRest() {
    return issuesAtRest;
  }

  Samples issuesAtWork() {
    return issuesAtWork;
  }
}
