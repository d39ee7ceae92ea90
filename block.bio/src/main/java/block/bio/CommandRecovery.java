package block.bio;

import block.bio.device.CommandFate;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.EnumSet;
import java.util.Optional;
import sim.kernel.Cpu;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.event.EventHandler;
import sim.kernel.time.Timer;
import sim.kernel.trace.Tracepoint;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * What becomes of commands that a device does not answer in time: {@code blk_mq_timeout_work}, and
 * the answers of drivers to it. All of them look at the completion queue first, where a request is
 * whose interrupt was lost. Then NVMe's aborts the command, and resets the controller if that does
 * not bring it back; libata's resets at once; null_blk's ends the request; virtio-blk has none.
 *
 * <p>Whatever ends a request first, its completion or its time-out, takes it out of {@link
 * Request.State#IN_FLIGHT}; an answer that comes after that is for nobody.
 *
 * <p>The timer is armed for the oldest request and looked at when it is due; the kernel also looks
 * every five seconds, and finds nothing.
 */
final class CommandRecovery {
  /** By the value of {@link DeviceParameter#TIMEOUT_HANDLER}. */
  private enum Handler {
    ABORT,
    RESET,
    FAIL,
    NONE
  }

  /** What was done about a time-out; the trace's {@code action}. */
  private enum Action {
    POLLED,
    ABORT,
    RESET,
    FAIL
  }

  private final RequestQueue queue;
  private final Machine machine;
  private final Handler handler;
  private final long timeoutNs;
  private final int retriesMax;
  private final long abortNs;
  private final long resetNs;

  // The queue's timer.
  private int inFlight;
  private long watch;
  private Cpu watchCpu;
  private final EventHandler due = arg -> due();
  private final Timer timer = new Timer(this::expired);
  private final Work work = new Work("blk_mq_timeout_work", this::timeoutWork);

  // The pass of the work over all requests.
  private int queueAt;
  private int tagAt;
  private Request found;
  private final Step next = this::next;
  private final Step decide = this::decide;
  private final Step rearm = this::rearm;
  private final EventHandler aborted = this::aborted;

  // A reset.
  private boolean resetting;
  private Workqueue resetQueue;
  private final RequestList givenUp = new RequestList();
  private final Step cancelAll = this::cancelAll;
  private final Step endNext = this::endNext;
  private final Work resetWork = new Work("nvme_reset_work", this::reset);

  private final int[] actions = new int[Action.values().length];
  private int requeued;
  private int failed;
  private int lateAnswers;

  CommandRecovery(RequestQueue queue, DeviceProfile profile) {
    this.queue = queue;
    machine = queue.device().layer().machine();
    handler = Handler.values()[(int) profile.value(DeviceParameter.TIMEOUT_HANDLER)];
    timeoutNs = profile.value(DeviceParameter.IO_TIMEOUT);
    retriesMax = (int) profile.value(DeviceParameter.MAX_RETRIES);
    abortNs = profile.value(DeviceParameter.ABORT_TIME);
    resetNs = profile.value(DeviceParameter.RESET_TIME);
  }

  int retriesMax() {
    return retriesMax;
  }

  /** Whether the queues are quiesced because the controller is reset. */
  boolean isResetting() {
    return resetting;
  }

  // --- the timer --------------------------------------------------------------------------------

  /** {@code blk_mq_start_request}, {@code blk_add_timer}. */
  void started(Exec x, Request request) {
    long timeOutNs = x.nowNs() + timeoutNs;
    request.started(x.nowNs(), timeOutNs);
    inFlight++;
    if (watch == 0 && handler != Handler.NONE) {
      watchCpu = x.cpu();
      watch = machine.events().schedule(timeOutNs, due, 0);
    }
  }

  /** A request is in flight no more. */
  void left() {
    inFlight--;
    if (inFlight == 0 && watch != 0) {
      machine.events().cancel(watch);
      watch = 0;
    }
  }

  private void due() {
    watch = 0;
    machine.timers().arm(timer, watchCpu, 0);
  }

  /** {@code blk_rq_timed_out_timer}, in TIMER softirq. */
  private void expired(Exec x) {
    machine.workqueues().queue(x, queue.device().layer().kblockd(), work);
  }

  private void rearm(Exec x) {
    long earliest = Long.MAX_VALUE;
    for (HardwareQueue hardwareQueue : queue.hardwareQueues()) {
      for (int tag = 0; tag <= hardwareQueue.tags(); tag++) {
        Request request = hardwareQueue.request(tag);
        if (request != null && request.state == Request.State.IN_FLIGHT) {
          earliest = Math.min(earliest, request.timeoutAtNs);
        }
      }
    }
    if (watch != 0) {
      machine.events().cancel(watch);
      watch = 0;
    }
    if (earliest != Long.MAX_VALUE) {
      watchCpu = x.cpu();
      watch = machine.events().schedule(Math.max(earliest, x.nowNs() + 1), due, 0);
    }
  }

  // --- the work ---------------------------------------------------------------------------------

  private void timeoutWork(Exec x) {
    queueAt = 0;
    tagAt = 0;
    x.then(rearm);
    next(x);
  }

  /** Goes through all requests by queue and tag, and ends behind the last. */
  private void next(Exec x) {
    HardwareQueue[] queues = queue.hardwareQueues();
    for (; queueAt < queues.length; queueAt++, tagAt = 0) {
      while (tagAt <= queues[queueAt].tags()) {
        Request request = queues[queueAt].request(tagAt++);
        if (isExpired(x, request)) {
          found = request;
          x.then(next);
          x.then(decide);
          poll(x, request);
          return;
        }
      }
    }
  }

  /** {@code blk_mq_req_expired}. */
  private static boolean isExpired(Exec x, Request request) {
    return request != null
        && request.state == Request.State.IN_FLIGHT
        && request.timeoutAtNs <= x.nowNs();
  }

  /** {@code nvme_poll_irqdisable}. */
  private void poll(Exec x, Request request) {
    if (request.isPolled()) {
      queue.poll(x);
    } else {
      request.hardwareQueue().poll(x);
    }
  }

  /** {@code nvme_timeout} and its like, behind their look at the completion queue. */
  private void decide(Exec x) {
    Request request = found;
    found = null;
    if (request.state != Request.State.IN_FLIGHT) {
      acted(x, request, Action.POLLED);
    } else if (resetting) {
      request.timeoutAtNs = x.nowNs() + timeoutNs;
    } else if (handler == Handler.FAIL) {
      acted(x, request, Action.FAIL);
      failed++;
      request.status = BlkStatus.TIMEOUT;
      queue.complete(x, request);
    } else if (handler == Handler.RESET || request.aborted) {
      acted(x, request, Action.RESET);
      beginReset(x);
    } else {
      acted(x, request, Action.ABORT);
      abort(x, request);
    }
  }

  private void acted(Exec x, Request request, Action action) {
    actions[action.ordinal()]++;
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.RQ_TIMEOUT,
            queue.device().number(),
            request.sector,
            request.sizeBytes / Bio.SECTOR_BYTES,
            queue.device().layer().rwbs().of(request.op, request.reqFlags),
            action.ordinal());
  }

  private void abort(Exec x, Request request) {
    request.aborted = true;
    request.timeoutAtNs = x.nowNs() + timeoutNs;
    if (request.fate != CommandFate.LOST_WITH_ABORT) {
      machine.events().schedule(x.nowNs() + abortNs, aborted, request.handle());
    }
  }

  /** The device ends a command because it was told to; an event outside any CPU. */
  private void aborted(long handle) {
    Request request = queue.requestOf(Request.indexOf(handle));
    if (request.awaits(handle)) {
      request.cancelled = true;
      request.status = BlkStatus.IOERR;
      queue.answered(request, 0);
    }
  }

  /** The device has answered a command that nobody waits for any more. */
  void answeredTooLate() {
    lateAnswers++;
  }

  // --- reset ------------------------------------------------------------------------------------

  /** {@code nvme_dev_disable}: quiesces, takes what is completed, gives the rest up. */
  private void beginReset(Exec x) {
    resetting = true;
    x.then(cancelAll);
    for (HardwareQueue hardwareQueue : queue.hardwareQueues()) {
      hardwareQueue.poll(x);
    }
  }

  /** {@code nvme_cancel_tagset}. */
  private void cancelAll(Exec x) {
    for (HardwareQueue hardwareQueue : queue.hardwareQueues()) {
      for (int tag = 0; tag <= hardwareQueue.tags(); tag++) {
        Request request = hardwareQueue.request(tag);
        if (request != null && request.state == Request.State.IN_FLIGHT && !request.answered) {
          request.cancelled = true;
          request.status = BlkStatus.IOERR;
          request.completed();
          givenUp.add(request);
        }
      }
    }
    if (resetQueue == null) {
      resetQueue =
          machine
              .workqueues()
              .alloc(
                  "nvme-reset-wq",
                  Workqueue.ACTIVE_DEFAULT,
                  EnumSet.of(Workqueue.Flag.UNBOUND, Workqueue.Flag.MEM_RECLAIM));
    }
    machine.workqueues().queue(x, resetQueue, resetWork);
    endNext(x);
  }

  private void endNext(Exec x) {
    Request request = givenUp.pop();
    if (request != null) {
      x.then(endNext);
      queue.complete(x, request);
    }
  }

  private void reset(Exec x) {
    x.then(this::resetDone);
    machine.timers().sleep(x, resetNs);
  }

  private void resetDone(Exec x) {
    resetting = false;
    for (HardwareQueue hardwareQueue : queue.hardwareQueues()) {
      hardwareQueue.runWhatWaits(x);
    }
  }

  /** {@code nvme_retry_req}: a cancelled request is issued again. */
  void requeue(Exec x, Request request) {
    requeued++;
    queue.throttle().forget(request);
    queue.traceRequeue(x, request);
    request.hardwareQueue().requeue(x, request);
  }

  /** A cancelled request has been issued as often as it may. */
  void gaveUp() {
    failed++;
  }

  /** What was done so far, for whoever reads the results; empty if there was nothing to do. */
  Optional<String> note() {
    int timeOuts = 0;
    for (int count : actions) {
      timeOuts += count;
    }
    if (timeOuts + lateAnswers == 0) {
      return Optional.empty();
    }
    return Optional.of(
        ("%s: %d requests timed out: %d completions polled, %d aborts, %d resets;"
                + " %d issued again, %d failed, %d late answers ignored")
            .formatted(
                queue.device(),
                timeOuts,
                actions[Action.POLLED.ordinal()],
                actions[Action.ABORT.ordinal()],
                actions[Action.RESET.ordinal()],
                requeued,
                failed,
                lateAnswers));
  }
}
