package block.bio;

import block.bio.device.ThrottleLimits;

/**
 * Reads, or writes, of a limited device ({@code struct throtl_grp}): how much of the current slice
 * of time is used, and what waits. All times are ticks.
 *
 * <p>A slice is 100 ms ({@code DFL_THROTL_SLICE}); what is allowed is rounded up to whole slices
 * since its start, so that bursts of one slice pass. After two slices all but one are cut off,
 * together with what was allowed in them.
 */
final class ThrottledDirection {
  /** Time of a direction in which nothing waits. */
  static final long NOTHING_WAITS = Long.MAX_VALUE;

  private static final int SLICES_A_SECOND = 10;

  private final long bytesPerSecond;
  private final long biosPerSecond;
  private final long hz;
  private final long sliceTicks;

  private long sliceStart;
  private long sliceEnd;
  private long bytesCharged;
  private long biosCharged;

  /** Bios whose bytes are charged, which wait for the other limit. */
  private final BioList waitingForBios = new BioList();

  private final BioList waitingForBytes = new BioList();

  ThrottledDirection(long bytesPerSecond, long biosPerSecond, long hz) {
    this.bytesPerSecond = bytesPerSecond;
    this.biosPerSecond = biosPerSecond;
    this.hz = hz;
    sliceTicks = hz / SLICES_A_SECOND;
  }

  long sliceTicks() {
    return sliceTicks;
  }

  /** {@code blk_should_throtl}: the rest of a bio that was split counts as a bio, without bytes. */
  boolean limits(Bio bio) {
    return biosPerSecond != ThrottleLimits.UNLIMITED
        || bytesPerSecond != ThrottleLimits.UNLIMITED && !bio.bpsThrottled;
  }

  /** {@code tg_within_limit}: whether a bio may go on at once. */
  boolean isWithin(Bio bio, long now) {
    if (bio.bpsThrottled) {
      return waitingForBios.isEmpty() && biosWait(now) == 0;
    }
    if (waiting() > 0) {
      if (waitingForBytes.isEmpty() && bytesWait(bio, now) == 0) {
        chargeBytes(bio);
      }
      return false;
    }
    return waitOf(bio, now) == 0;
  }

  private int waiting() {
    return waitingForBios.size() + waitingForBytes.size();
  }

  /** {@code throtl_add_bio_tg}: whether the time of the next dispatch may have changed. */
  boolean add(Bio bio) {
    boolean wasEmpty = waiting() == 0;
    boolean charged = bio.bpsThrottled || bio.bpsCharged;
    boolean first = bio.bpsThrottled && waitingForBios.isEmpty();
    (charged ? waitingForBios : waitingForBytes).add(bio);
    return wasEmpty || first;
  }

  /** {@code throtl_peek_queued}. */
  private Bio first() {
    return waitingForBios.isEmpty() ? waitingForBytes.peek() : waitingForBios.peek();
  }

  /** {@code throtl_dispatch_tg}: takes out what may go on. */
  void moveReady(BioList ready, long now) {
    for (Bio bio = first(); bio != null && waitOf(bio, now) == 0; bio = first()) {
      (waitingForBios.isEmpty() ? waitingForBytes : waitingForBios).pop();
      chargeBio(bio);
      bio.bpsThrottled = true;
      ready.add(bio);
      trim(now);
    }
  }

  /** {@code tg_update_disptime}: from now until the first may go on. */
  long waitTicks(long now) {
    Bio bio = first();
    return bio == null ? NOTHING_WAITS : waitOf(bio, now);
  }

  /** {@code tg_dispatch_time}. */
  private long waitOf(Bio bio, long now) {
    long ticks = bytesWait(bio, now);
    if (ticks > 0) {
      return ticks;
    }
    chargeBytes(bio);
    return biosWait(now);
  }

  /** {@code throtl_charge_bps_bio}. */
  void chargeBytes(Bio bio) {
    if (!bio.bpsThrottled && !bio.bpsCharged) {
      bio.bpsCharged = true;
      bytesCharged += bio.sizeBytes();
    }
  }

  /** {@code throtl_charge_iops_bio}. */
  void chargeBio(Bio bio) {
    bio.bpsCharged = false;
    biosCharged++;
  }

  // --- slices -----------------------------------------------------------------------------------

  /** {@code tg_dispatch_bps_time}. */
  private long bytesWait(Bio bio, long now) {
    if (bytesPerSecond == ThrottleLimits.UNLIMITED || bio.bpsThrottled || bio.bpsCharged) {
      return 0;
    }
    updateSlice(now);
    long ticks = bytesOver(bio.sizeBytes(), now);
    extend(now + ticks);
    return ticks;
  }

  /** {@code tg_within_bps_limit}: 0 if within. */
  private long bytesOver(int sizeBytes, long now) {
    long elapsed = now - sliceStart;
    long rounded = elapsed == 0 ? sliceTicks : roundUp(elapsed);
    long over = bytesCharged + sizeBytes - allowed(bytesPerSecond, rounded);
    if (over <= 0) {
      return 0;
    }
    return Math.max(1, over * hz / bytesPerSecond) + rounded - elapsed;
  }

  /** {@code tg_dispatch_iops_time}. */
  private long biosWait(long now) {
    if (biosPerSecond == ThrottleLimits.UNLIMITED) {
      return 0;
    }
    updateSlice(now);
    long ticks = biosOver(now);
    extend(now + ticks);
    return ticks;
  }

  /** {@code tg_within_iops_limit}: 0 if within. */
  private long biosOver(long now) {
    long elapsed = now - sliceStart;
    long rounded = roundUp(elapsed + 1);
    if (biosCharged + 1 <= allowed(biosPerSecond, rounded)) {
      return 0;
    }
    return Math.max(rounded - elapsed, hz / biosPerSecond + 1);
  }

  private long allowed(long perSecond, long ticks) {
    return perSecond > Long.MAX_VALUE / ticks ? Long.MAX_VALUE : perSecond * ticks / hz;
  }

  /** {@code tg_update_slice}. */
  private void updateSlice(long now) {
    if (isUsed(now) && waiting() == 0) {
      bytesCharged = 0;
      biosCharged = 0;
      sliceStart = now;
      sliceEnd = now + sliceTicks;
    } else {
      extend(now + sliceTicks);
    }
  }

  /** {@code throtl_slice_used}. */
  private boolean isUsed(long now) {
    return now < sliceStart || now > sliceEnd;
  }

  /** {@code throtl_extend_slice}. */
  private void extend(long end) {
    if (sliceEnd < end) {
      sliceEnd = roundUp(end);
    }
  }

  /** {@code throtl_trim_slice}. */
  void trim(long now) {
    if (isUsed(now)) {
      return;
    }
    sliceEnd = roundUp(now + sliceTicks);
    long elapsed = (now - sliceStart) / sliceTicks * sliceTicks - sliceTicks;
    if (elapsed < sliceTicks) {
      return;
    }
    boolean trimmed = false;
    if (bytesPerSecond != ThrottleLimits.UNLIMITED) {
      trimmed |= bytesCharged != 0;
      bytesCharged = trimmed(bytesCharged, allowed(bytesPerSecond, elapsed));
    }
    if (biosPerSecond != ThrottleLimits.UNLIMITED) {
      trimmed |= biosCharged != 0;
      biosCharged = trimmed(biosCharged, allowed(biosPerSecond, elapsed));
    }
    if (trimmed) {
      sliceStart += elapsed;
    }
  }

  /** What is left of a charge; nothing if nothing was allowed, as in the kernel. */
  private static long trimmed(long charged, long allowed) {
    return allowed == 0 ? 0 : Math.max(0, charged - allowed);
  }

  private long roundUp(long ticks) {
    return (ticks + sliceTicks - 1) / sliceTicks * sliceTicks;
  }
}
