package launcher.trace.replay;

import java.util.List;
import launcher.trace.event.IoAction;

/**
 * The operations of a trace in the order in which they were asked for, 25 bytes of memory each.
 * Does not change any more; several runs may play it at once.
 */
public final class OperationTape {
  private final long[] timesNs;
  private final long[] offsets;
  private final int[] lengths;
  private final int[] targets;
  private final byte[] actions;
  private final List<TapeTarget> names;
  private final boolean ofDevice;
  private final boolean paused;
  private final boolean timed;
  private final List<String> notes;

  private static final IoAction[] ACTIONS = IoAction.values();

  OperationTape(TapeBuilder from) {
    timesNs = from.timesNs;
    offsets = from.offsets;
    lengths = from.lengths;
    targets = from.targets;
    actions = from.actions;
    names = List.copyOf(from.finishedTargets());
    ofDevice = from.ofDevice;
    paused = from.paused;
    timed = from.timed;
    notes = List.copyOf(from.notes);
  }

  /** How many operations. */
  public int size() {
    return timesNs.length;
  }

  /** When, in nanoseconds since the beginning of the tape. Never decreases. */
  public long timeNs(int index) {
    return timesNs[index];
  }

  /** What: a read, a write, or a kind of sync. */
  public IoAction action(int index) {
    return ACTIONS[actions[index] & 0x7f];
  }

  /** Whether the file was opened since the operation before on it. */
  public boolean opens(int index) {
    return actions[index] < 0;
  }

  /** Where, in bytes; 0 of a sync. */
  public long offsetBytes(int index) {
    return offsets[index];
  }

  /** How much; 0 of a sync. */
  public int lengthBytes(int index) {
    return lengths[index];
  }

  /** On which of the {@link #targets}. */
  public int target(int index) {
    return targets[index];
  }

  /** The files or the device. */
  public List<TapeTarget> targets() {
    return names;
  }

  /** Whether the operations are requests to a device, not calls on files. */
  public boolean ofDevice() {
    return ofDevice;
  }

  /** Whether it has times; if not, all are 0. */
  public boolean timed() {
    return timed;
  }

  /** Whether its times are pauses until a time, as those of iolog version 2 are. */
  public boolean paused() {
    return paused;
  }

  /** What was left out or could not be told. */
  public List<String> notes() {
    return notes;
  }

  /** Bytes that all operations move. */
  public long totalBytes() {
    long sum = 0;
    for (int length : lengths) {
      sum += length;
    }
    return sum;
  }
}
