package sim.kernel.event;

import java.util.Arrays;

/** The alarms that are set, sorted with the first to go off at the end. */
final class SetAlarms {
  private Alarm[] all = new Alarm[8];
  private int count;

  int count() {
    return count;
  }

  /** The one that goes off first; null if none is set. */
  Alarm first() {
    return count == 0 ? null : all[count - 1];
  }

  /** Time of the first; {@link Long#MAX_VALUE} if there is none. */
  long firstTimeNs() {
    return count == 0 ? Long.MAX_VALUE : all[count - 1].timeNs;
  }

  /** Adds one that was set after all others. */
  void add(Alarm alarm) {
    if (count == all.length) {
      all = Arrays.copyOf(all, 2 * count);
    }
    Alarm[] to = all;
    int at = count++;
    while (at > 0 && to[at - 1].timeNs <= alarm.timeNs) {
      to[at] = to[at - 1];
      at--;
    }
    to[at] = alarm;
  }

  /** Removes the first; one has to be there. */
  void removeFirst() {
    all[--count].set = false;
  }

  /** Removes one that is set. */
  void remove(Alarm alarm) {
    int at = count - 1;
    while (all[at] != alarm) {
      at--;
    }
    System.arraycopy(all, at + 1, all, at, count - at - 1);
    count--;
    alarm.set = false;
  }
}
