package block.bio;

import block.bio.device.ThrottleLimits;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.time.Timer;
import sim.kernel.workqueue.Work;

/**
 * Limits of a device in bytes and bios a second ({@code block/blk-throttle.c}, the root group of
 * cgroup v1): bios over the limit wait in it, let through by its timer and submitted by kthrotld.
 * Whoever submitted them doesn't wait. A bio is traced as queued when it is let through.
 *
 * <p>Leaves out groups, so that there is one queue a direction and nothing to share out, changes of
 * limits, and the parts of a round, which all run in one expiry of the timer.
 */
final class BlkThrottle {
  private static final long SECOND_NS = 1_000_000_000;

  /** {@code throtl_schedule_pending_timer}: slices that the timer is armed for at most. */
  private static final int SLICES_MAX = 8;

  private final RequestQueue queue;
  private final Machine machine;
  private final ThrottledDirection reads;
  private final ThrottledDirection writes;
  private final BioList readyReads = new BioList();
  private final BioList readyWrites = new BioList();
  private final BioList submitting = new BioList();
  private final Timer timer = new Timer(this::expired);
  private final Work dispatchWork = new Work("blk_throtl_dispatch_work_fn", this::dispatch);
  private final Step submitNext = this::submitNext;

  BlkThrottle(RequestQueue queue, ThrottleLimits limits) {
    this.queue = queue;
    machine = queue.device().layer().machine();
    long hz = machine.timers().ticksOf(SECOND_NS);
    reads = new ThrottledDirection(limits.readBytesPerSecond(), limits.readsPerSecond(), hz);
    writes = new ThrottledDirection(limits.writeBytesPerSecond(), limits.writesPerSecond(), hz);
  }

  private ThrottledDirection of(Bio bio) {
    return bio.op() == BioOp.READ ? reads : writes;
  }

  /**
   * {@code blk_throtl_bio}: whether a bio is over the limit and waits here from now on. Metadata is
   * charged and never waits, so that nobody waits behind it.
   */
  boolean takes(Exec x, Bio bio) {
    ThrottledDirection direction = of(bio);
    if (!direction.limits(bio)) {
      return false;
    }
    long jiffies = machine.timers().jiffies();
    if (direction.isWithin(bio, jiffies)) {
      direction.chargeBio(bio);
      direction.trim(jiffies);
      bio.bpsThrottled = true;
      return false;
    }
    if (bio.has(ReqFlag.META)) {
      direction.chargeBytes(bio);
      direction.chargeBio(bio);
      bio.bpsThrottled = true;
      return false;
    }
    if (direction.add(bio)) {
      arm(x, Math.min(reads.waitTicks(jiffies), writes.waitTicks(jiffies)));
    }
    return true;
  }

  /** {@code throtl_schedule_pending_timer}. */
  private void arm(Exec x, long ticks) {
    machine.timers().arm(timer, x.cpu(), Math.min(ticks, SLICES_MAX * reads.sliceTicks()));
  }

  /** {@code throtl_pending_timer_fn}, in TIMER softirq. */
  private void expired(Exec x) {
    long jiffies = machine.timers().jiffies();
    reads.moveReady(readyReads, jiffies);
    writes.moveReady(readyWrites, jiffies);
    long ticks = Math.min(reads.waitTicks(jiffies), writes.waitTicks(jiffies));
    if (ticks != ThrottledDirection.NOTHING_WAITS) {
      arm(x, ticks);
    }
    if (!readyReads.isEmpty() || !readyWrites.isEmpty()) {
      machine.workqueues().queue(x, queue.device().layer().kthrotld(), dispatchWork);
    }
  }

  /** {@code blk_throtl_dispatch_work_fn}. */
  private void dispatch(Exec x) {
    submitting.takeAll(readyReads);
    submitting.takeAll(readyWrites);
    BlkPlug.start(x);
    submitNext(x);
  }

  private void submitNext(Exec x) {
    Bio bio = submitting.pop();
    if (bio == null) {
      BlkPlug.finish(x);
      return;
    }
    x.then(submitNext);
    queue.submitUnchecked(x, bio);
  }
}
