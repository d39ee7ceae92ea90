package mm.core.writeback;

/**
 * Events of the recent past: each period of three seconds counts half of the one after it. The
 * share of one such count in another says how much of the writeout was whose. Models {@code
 * fprop_local} and {@code fprop_global} of lib/flex_proportions.c, aged when looked at and not by a
 * timer.
 */
final class WriteoutFraction {
  /** {@code VM_COMPLETIONS_PERIOD_LEN}, in seconds. */
  private static final int PERIOD_SECONDS = 3;

  private static final int FORGOTTEN = 63;

  private final long periodTicks;
  private long period;

  /** The first tick after the current period. */
  private long periodEnd;

  private long events;

  WriteoutFraction(int hz) {
    periodTicks = (long) PERIOD_SECONDS * hz;
    periodEnd = periodTicks;
  }

  void add(long jiffies, long count) {
    age(jiffies);
    events += count;
  }

  /** Events, in units that only compare with another count at the same time. */
  long weight(long jiffies) {
    age(jiffies);
    return events;
  }

  private void age(long jiffies) {
    if (jiffies >= periodEnd) {
      long now = jiffies / periodTicks;
      long passed = now - period;
      events = passed >= FORGOTTEN ? 0 : events >> passed;
      period = now;
      periodEnd = (now + 1) * periodTicks;
    }
  }
}
