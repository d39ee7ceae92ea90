package launcher.trace.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.trace.event.IoAction;

/** Collects operations. */
final class TapeBuilder {
  /** Longer requests are cut into such: fio's units and ours have an int. */
  private static final int LENGTH_MAX = 1 << 30;

  private static final long LOWEST_ALIGN = 1L << 20;
  private static final byte OPENS = (byte) 0x80;

  private static final class Target {
    long endBytes;
    boolean read;
    boolean written;
    boolean opened;
  }

  long[] timesNs = new long[1024];
  long[] offsets = new long[1024];
  int[] lengths = new int[1024];
  int[] targets = new int[1024];
  byte[] actions = new byte[1024];
  boolean ofDevice;
  boolean paused;
  boolean timed = true;
  final List<String> notes = new ArrayList<>();

  private final ReplayRules rules;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();
  private final List<Target> all = new ArrayList<>();
  private int count;
  private long lastNs = Long.MIN_VALUE;
  private long backwards;

  TapeBuilder(ReplayRules rules) {
    this.rules = rules;
  }

  int count() {
    return count;
  }

  /** The index of a target, which is new or not. */
  int target(String name) {
    String used = rules.redirected() ? "redirected" : name;
    Integer known = indexes.get(used);
    if (known == null) {
      known = indexes.size();
      indexes.put(used, known);
      all.add(new Target());
    }
    return known;
  }

  void opened(int target) {
    all.get(target).opened = true;
  }

  /** A sync of a whole file or device. */
  void sync(long timeNs, IoAction action, int target) {
    if (!rules.skip().contains(IoAction.SYNC)) {
      put(timeNs, action, target, 0, 0);
      all.get(target).written = true;
    }
  }

  /** A read or a write; nothing if it has no length or is to be skipped. */
  void transfer(long timeNs, IoAction action, int target, long offsetBytes, long lengthBytes) {
    if (rules.skip().contains(action) || lengthBytes <= 0) {
      return;
    }
    long offset = offsetBytes / rules.scale() & -rules.alignBytes();
    for (long done = 0; done < lengthBytes; done += LENGTH_MAX) {
      int length = (int) Math.min(LENGTH_MAX, lengthBytes - done);
      put(timeNs, action, target, offset + done, length);
    }
    Target file = all.get(target);
    file.endBytes = Math.max(file.endBytes, offset + lengthBytes);
    file.read |= action == IoAction.READ;
    file.written |= action == IoAction.WRITE;
  }

  private void put(long timeNs, IoAction action, int target, long offset, int length) {
    if (count == timesNs.length) {
      grow();
    }
    if (timeNs < lastNs) {
      backwards++;
    }
    lastNs = Math.max(lastNs, timeNs);
    timesNs[count] = lastNs;
    offsets[count] = offset;
    lengths[count] = length;
    targets[count] = target;
    actions[count] = (byte) (action.ordinal() | (all.get(target).opened ? OPENS : 0));
    all.get(target).opened = false;
    count++;
  }

  private void grow() {
    int size = 2 * count;
    timesNs = Arrays.copyOf(timesNs, size);
    offsets = Arrays.copyOf(offsets, size);
    lengths = Arrays.copyOf(lengths, size);
    targets = Arrays.copyOf(targets, size);
    actions = Arrays.copyOf(actions, size);
  }

  /**
   * The tape.
   *
   * @param originNs the time that becomes 0; the first operation's if it is negative
   */
  OperationTape finish(long originNs) {
    timesNs = Arrays.copyOf(timesNs, count);
    offsets = Arrays.copyOf(offsets, count);
    lengths = Arrays.copyOf(lengths, count);
    targets = Arrays.copyOf(targets, count);
    actions = Arrays.copyOf(actions, count);
    long origin = originNs >= 0 || count == 0 ? Math.max(originNs, 0) : timesNs[0];
    for (int i = 0; i < count; i++) {
      timesNs[i] -= origin;
    }
    if (backwards > 0) {
      notes.add(backwards + " operations stand behind later ones and are played with those");
    }
    if (rules.fromLowest()) {
      moveDown();
    }
    return new OperationTape(this);
  }

  private void moveDown() {
    long[] lowest = new long[all.size()];
    Arrays.fill(lowest, Long.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      if (lengths[i] > 0) {
        lowest[targets[i]] = Math.min(lowest[targets[i]], offsets[i]);
      }
    }
    indexes.forEach(
        (name, index) -> {
          lowest[index] = lowest[index] == Long.MAX_VALUE ? 0 : lowest[index] & -LOWEST_ALIGN;
          all.get(index).endBytes -= lowest[index];
          if (lowest[index] > 0) {
            notes.add("places count from byte " + lowest[index] + " of " + name);
          }
        });
    for (int i = 0; i < count; i++) {
      offsets[i] -= lengths[i] > 0 ? lowest[targets[i]] : 0;
    }
  }

  List<TapeTarget> finishedTargets() {
    List<TapeTarget> finished = new ArrayList<>();
    indexes.forEach(
        (name, index) -> {
          Target target = all.get(index);
          finished.add(new TapeTarget(name, target.endBytes, target.read, target.written));
        });
    return finished;
  }
}
