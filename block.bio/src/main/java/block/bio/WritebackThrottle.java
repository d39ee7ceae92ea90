package block.bio;

import block.bio.device.DeviceParameter;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.machine.Cost;
import sim.kernel.time.Timer;
import sim.kernel.trace.Tracepoint;

/**
 * Limits how much buffered writeback is at a device, so that reads don't wait behind it ({@code
 * block/blk-wbt.c}, {@code block/blk-rq-qos.c}). Looks at every window of 100 ms whether the
 * fastest read of it took longer than the target, and takes the limits down or up by a step.
 *
 * <p>A write that is over the limit has its task sleep in {@code rq_qos_wait}, before a tag is
 * taken; whoever ends a write takes the place on the sleeper's behalf and wakes it. Leaves out
 * discards, and swap, which has a limit of its own.
 */
final class WritebackThrottle {
  /** {@code RWB_DEF_DEPTH}. */
  private static final int DEPTH_DEFAULT = 16;

  private static final long WINDOW_NS = 100_000_000;

  /** {@code RWB_MIN_WRITE_SAMPLES}. */
  private static final int WRITES_MIN = 3;

  /** {@code RWB_UNKNOWN_BUMP}: windows that say nothing before the limits move to the middle. */
  private static final int UNKNOWN_MAX = 5;

  private static final int SHIFT_MAX = 31;

  private static final int DIRECT = ReqFlag.SYNC.mask() | ReqFlag.IDLE.mask();
  private static final int URGENT = ReqFlag.SYNC.mask() | ReqFlag.META.mask();

  private final RequestQueue queue;
  private final Machine machine;
  private final long targetNs;
  private final int queueDepth;
  private final boolean writeCache;
  private final Timer timer = new Timer(this::windowEnds);
  private BooleanSupplier recentWait = () -> false;

  // Limits: struct rq_depth and what calc_wb_limits makes of it.
  private int scaleStep;
  private boolean scaledMax;
  private int maxDepth;
  private int normal;
  private int background;
  private int unknown;

  private int inflight;
  private final ArrayDeque<Bio> sleepers = new ArrayDeque<>();

  // The window.
  private long windowNs = WINDOW_NS;
  private int readSamples;
  private int writeSamples;
  private long readMinNs;
  private long lastIssueNs = -WINDOW_NS;
  private long lastCompletionNs = -WINDOW_NS;
  private Request watched;
  private long watchedSinceNs;

  WritebackThrottle(RequestQueue queue, int queueDepth, boolean writeCache) {
    this.queue = queue;
    this.queueDepth = queueDepth;
    this.writeCache = writeCache;
    machine = queue.device().layer().machine();
    targetNs = queue.device().profile().value(DeviceParameter.WBT_LATENCY);
    calcLimits();
  }

  /** Names who knows whether a task paused for this device's dirty pages within a second. */
  void setRecentWait(BooleanSupplier supplier) {
    recentWait = supplier;
  }

  // --- submission -------------------------------------------------------------------------------

  /** {@code wbt_should_throttle}: writeback, not direct I/O. */
  private static boolean tracks(Bio bio) {
    return bio.op() == BioOp.WRITE && (bio.reqFlags() & DIRECT) != DIRECT;
  }

  /**
   * {@code wbt_wait}: takes a place for a write; or else has the task sleep, after which the bio is
   * submitted once more.
   *
   * @return whether the bio may go on
   */
  boolean admits(Exec x, Bio bio) {
    if (targetNs == 0) {
      return true;
    }
    if (bio.op() == BioOp.READ) {
      lastIssueNs = x.nowNs();
    }
    if (!tracks(bio) || bio.throttled) {
      return true;
    }
    if (bio.sleeper == null && sleepers.isEmpty() && inflight < limit(bio)) {
      inflight++;
      bio.throttled = true;
      armIfIdle(x);
      return true;
    }
    if (bio.sleeper == null) {
      bio.sleeper = x.task();
      sleepers.addLast(bio);
      armIfIdle(x);
    }
    x.then(bio.submit);
    x.mightSleep();
    x.blockUninterruptible();
    return false;
  }

  /** {@code rq_qos_cleanup}: a bio that has a place becomes no request of its own. */
  void release(Exec x, Bio bio) {
    if (bio.throttled) {
      bio.throttled = false;
      leave(x);
    }
  }

  /** {@code get_limit}. */
  private int limit(Bio bio) {
    if ((bio.reqFlags() & URGENT) != 0 || recentWait.getAsBoolean()) {
      return maxDepth;
    }
    return bio.has(ReqFlag.BACKGROUND) || isCloseToReads() ? background : normal;
  }

  /** {@code close_io}: whether reads were at the device within a tenth of a second. */
  private boolean isCloseToReads() {
    return machine.nowNs() - Math.max(lastIssueNs, lastCompletionNs) < WINDOW_NS;
  }

  /** {@code wbt_issue}. */
  void issued(Exec x, Request request) {
    if (targetNs > 0 && request.op == BioOp.READ && watched == null) {
      watched = request;
      watchedSinceNs = x.nowNs();
    }
  }

  // --- completion -------------------------------------------------------------------------------

  /** {@code wbt_done}, {@code blk_stat_add}: a request has ended. */
  void done(Exec x, Request request) {
    if (targetNs == 0) {
      return;
    }
    if (request.op == BioOp.READ) {
      forget(request);
      lastCompletionNs = x.nowNs();
      long latencyNs = x.nowNs() - request.issuedAtNs;
      readMinNs = readSamples == 0 ? latencyNs : Math.min(readMinNs, latencyNs);
      readSamples++;
    } else if (request.op == BioOp.WRITE) {
      writeSamples++;
      if (request.throttled) {
        request.throttled = false;
        armIfIdle(x);
        leave(x);
      }
    }
  }

  /** {@code wbt_requeue}. */
  void forget(Request request) {
    if (watched == request) {
      watched = null;
    }
  }

  /** {@code wbt_rqw_done}. */
  private void leave(Exec x) {
    inflight--;
    int limit = writeCache && !recentWait.getAsBoolean() ? 0 : normal;
    if (inflight > 0 && inflight >= limit) {
      return;
    }
    if (inflight == 0 || limit - inflight >= background / 2) {
      wake(x);
    }
  }

  /** {@code rq_qos_wake_function}: gives places to sleepers in order, until one gets none. */
  private void wake(Exec x) {
    for (Bio bio = sleepers.peekFirst(); bio != null; bio = sleepers.peekFirst()) {
      if (inflight >= limit(bio)) {
        return;
      }
      sleepers.pollFirst();
      inflight++;
      bio.throttled = true;
      x.charge(Cost.WAKE);
      bio.sleeper.wake();
      bio.sleeper = null;
    }
  }

  // --- the window -------------------------------------------------------------------------------

  private void armIfIdle(Exec x) {
    if (!timer.isPending()) {
      arm(x);
    }
  }

  /** {@code rwb_arm_timer}: the further down, the shorter the window. */
  private void arm(Exec x) {
    windowNs =
        scaleStep > 0
            ? (WINDOW_NS << 4) / (long) StrictMath.sqrt((double) ((scaleStep + 1) << 8))
            : WINDOW_NS;
    readSamples = 0;
    writeSamples = 0;
    machine.timers().arm(timer, x.cpu(), machine.timers().ticksOf(windowNs));
  }

  /** {@code wb_timer_fn}, in TIMER softirq. */
  private void windowEnds(Exec x) {
    if (isLatencyExceeded(x)) {
      scaleDown(x, true);
    } else if (isMix() || writeSamples > 0 || recentWait.getAsBoolean() || inflight > 0) {
      scaleUp(x);
    } else if (++unknown >= UNKNOWN_MAX) {
      if (scaleStep > 0) {
        scaleUp(x);
      } else if (scaleStep < 0) {
        scaleDown(x, false);
      }
    }
    // At the top, a window in which nothing ended is followed by another when something does.
    boolean nothingEnds = scaledMax && readSamples + writeSamples == 0 && inflight > 0;
    if ((scaleStep != 0 || inflight > 0) && !nothingEnds) {
      arm(x);
    }
  }

  /** {@code latency_exceeded}. */
  private boolean isLatencyExceeded(Exec x) {
    long waitingNs = watched == null ? 0 : x.nowNs() - watchedSinceNs;
    if (waitingNs > windowNs || waitingNs > targetNs && readSamples == 0) {
      return true;
    }
    return isMix() && readMinNs > targetNs;
  }

  /** {@code stat_sample_valid}. */
  private boolean isMix() {
    return readSamples > 0 && writeSamples >= WRITES_MIN;
  }

  /** {@code rq_depth_scale_up}. */
  private void scaleUp(Exec x) {
    if (scaledMax) {
      return;
    }
    scaleStep--;
    stepped(x);
    wake(x);
  }

  /** {@code rq_depth_scale_down}. */
  private void scaleDown(Exec x, boolean hard) {
    if (maxDepth == 1) {
      return;
    }
    scaleStep = scaleStep < 0 && hard ? 0 : scaleStep + 1;
    stepped(x);
  }

  private void stepped(Exec x) {
    calcLimits();
    unknown = 0;
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.WBT_STEP,
            queue.device().number(),
            scaleStep,
            windowNs,
            background,
            normal,
            maxDepth);
  }

  /** {@code rq_depth_calc_max_depth}, {@code calc_wb_limits}. */
  private void calcLimits() {
    int depth = Math.min(DEPTH_DEFAULT, queueDepth);
    scaledMax = false;
    if (queueDepth == 1) {
      maxDepth = scaleStep > 0 ? 1 : 2;
      scaledMax = scaleStep <= 0;
    } else if (scaleStep > 0) {
      maxDepth = 1 + (depth - 1 >> Math.min(SHIFT_MAX, scaleStep));
    } else {
      long most = 3L * queueDepth / 4;
      long grown = 1 + ((long) (depth - 1) << Math.min(SHIFT_MAX, -scaleStep));
      scaledMax = scaleStep < 0 && grown > most;
      maxDepth = (int) (scaledMax ? most : grown);
    }
    normal = maxDepth <= 2 ? maxDepth : (maxDepth + 1) / 2;
    background = maxDepth <= 2 ? 1 : (maxDepth + 3) / 4;
  }
}
