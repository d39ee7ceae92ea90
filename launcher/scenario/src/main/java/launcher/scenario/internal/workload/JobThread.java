package launcher.scenario.internal.workload;

import block.bio.BlockDevice;
import java.util.ArrayDeque;
import launcher.fio.job.FioJob;
import launcher.fio.job.QueueDepth;
import launcher.fio.job.RunTime;
import launcher.fio.sequence.IoOperations;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.event.EventHandler;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * One job's thread: goes through its sequence, one I/O after the other, as {@code do_io} of fio
 * does. What it issues is the sequence's to say, how it gets into the kernel the engine's.
 */
final class JobThread {
  private static final int IOS_AT_INSTANT_MAX = 1 << 20;

  private final RunParts parts;
  private final Machine machine;
  private final FioJob job;
  private final IoOperations sequence;
  private final JobFile[] files;
  private final JobControl control;
  private final int reportedName;
  private final int taskName;
  private final JobEngine engine;
  private final Task task;
  private final ThinkPauses pauses;
  private final QueueDepth queue;
  private final boolean reapsAlways;
  private final ArrayDeque<IoUnit> free = new ArrayDeque<>();
  private final int units;

  private final Step preReadNext = this::preReadNext;
  private final Step next = this::next;
  private final Step prepare = this::prepare;
  private final Step issue = this::issue;
  private final Step queued = this::queued;
  private final Step reap = this::reap;
  private final Step reapMore = this::reapMore;
  private final Step think = this::think;
  private final Step thinkIdle = this::thinkIdle;
  private final Step thinkSleep = this::thinkSleep;
  private final Step thought = this::thought;
  private final Step drain = this::drain;
  private final Step end = this::end;
  private final Step ended = this::ended;
  private final Step awaited = this::awaited;
  private final EventHandler slept = this::slept;
  private final EventHandler expired = this::expired;

  private long epochNs;
  private long measuredNs;
  private long endNs;
  private int preRead;
  private long preReadPos;
  private boolean cut;
  private boolean stopped;
  private long pausedSinceNs;
  private long sleepEvent;
  private boolean sleeping;
  private int queuedCount;
  private int inFlight;
  private long issuedIos;
  private long completedIos;
  private long completedBytes;
  private long instantNs = -1;
  private int iosAtInstant;
  private int synced;
  private String failure = "";

  JobThread(
      RunParts parts, FioJob job, IoOperations sequence, JobFile[] files, JobControl control) {
    this.parts = parts;
    this.job = job;
    this.sequence = sequence;
    this.files = files;
    this.control = control;
    machine = parts.machine();
    reportedName = machine.trace().name(control.reportedName(job));
    int[] cpus = job.scheduling().cpus().stream().mapToInt(Integer::intValue).toArray();
    CpuMask mask = cpus.length == 0 ? machine.allCpus() : CpuMask.of(cpus);
    task = machine.newTask(job.name(), false, mask).withNice(job.scheduling().nice());
    taskName = machine.trace().name(job.name());
    parts.groups().put(task, job);
    pauses = new ThinkPauses(job.thinkTime());
    queue = job.queue();
    reapsAlways = queue.completeMin() == 0 && queue.completeMax() == 0;
    JobCalls calls = JobCalls.of(job);
    units = job.engine().asynchronous() ? Math.max(1, queue.depth()) : 1;
    for (int i = 0; i < units; i++) {
      free.addLast(new IoUnit(parts.cache(), calls));
    }
    engine = Submissions.engine(parts, this, job);
  }

  Task task() {
    return task;
  }

  /** Puts a worker of this job into the job's control group. */
  void joinGroup(Task worker) {
    parts.groups().put(worker, job);
  }

  BlockDevice device() {
    return parts.device();
  }

  int nice() {
    return job.scheduling().nice();
  }

  long completedBytes() {
    return completedBytes;
  }

  /** What ended it early; empty if nothing did. */
  String failure() {
    return failure;
  }

  /** Lets it run. */
  void start() {
    task.then(x -> begin(x));
    task.wake();
  }

  /** Tells it that its time is over; it ends when what is in flight has completed. */
  void stop() {
    stopped = true;
    if (sleeping) {
      machine.events().cancel(sleepEvent);
      sleeping = false;
      if (inFlight > 0) {
        engine.interrupt();
      } else {
        task.wake();
      }
    }
  }

  private void begin(Exec x) {
    if (job.files().preRead() && files.length > 0) {
      preReadNext(x);
    } else {
      measure(x);
    }
  }

  /** Reads all files into the page cache, before the job's time begins. */
  private void preReadNext(Exec x) {
    while (preRead < files.length && preReadPos >= files[preRead].file().usedBytes) {
      preRead++;
      preReadPos = 0;
    }
    if (preRead == files.length) {
      measure(x);
      return;
    }
    JobFile file = files[preRead];
    long bytes = Math.min(job.blockSizes().maxBytes(), file.file().usedBytes - preReadPos);
    x.charge(Cost.SYSCALL);
    x.then(preReadNext);
    parts.cache().read(x, file.open(), file.file().baseBytes + preReadPos, bytes, RwFlags.NONE);
    preReadPos += bytes;
  }

  private void measure(Exec x) {
    RunTime time = job.time();
    epochNs = x.nowNs();
    measuredNs = epochNs + time.rampNs();
    endNs = time.runtimeNs() == 0 ? Long.MAX_VALUE : measuredNs + time.runtimeNs();
    pauses.begin(epochNs);
    sequence.begin(epochNs);
    next(x);
  }

  // One I/O.

  private void next(Exec x) {
    if (!cut && (stopped || x.nowNs() >= endNs)) {
      sequence.cutShort();
      cut = true;
    }
    if (!failure.isEmpty() || !sequence.next(x.nowNs() - epochNs)) {
      x.then(end);
      drain(x);
      return;
    }
    requireProgress(x);
    x.chargeUser(machine.costNs(Cost.USER_IO));
    x.then(prepare);
  }

  /** With costs of 0 a job that goes round in the cache would never come to its end. */
  private void requireProgress(Exec x) {
    if (x.nowNs() > instantNs) {
      instantNs = x.nowNs();
      iosAtInstant = 0;
    } else if (++iosAtInstant > IOS_AT_INSTANT_MAX) {
      throw new IllegalStateException(
          task
              + ": more than "
              + IOS_AT_INSTANT_MAX
              + " I/Os without virtual time; give the machine a user-io cost above 0");
    }
  }

  /** What has to come before the I/O: all others at the end of a loop, a rate's sleep. */
  private void prepare(Exec x) {
    long due = Math.min(endNs, epochNs + sequence.notBeforeNs());
    boolean early = due > x.nowNs() && !stopped;
    if (inFlight > 0 && (sequence.endsLoop() || early && sequence.drainsBeforeWaiting())) {
      x.then(prepare);
      drain(x);
      return;
    }
    if (inFlight > 0 && early) {
      x.then(prepare);
      awaitUntil(x, due);
      return;
    }
    if (early) {
      x.then(prepare);
      sleepUntil(x, due);
      return;
    }
    if (!sequence.endsLoop() && (stopped || x.nowNs() >= endNs)) {
      // Its time ended while it slept for a rate: the operation is not issued.
      next(x);
      return;
    }
    x.then(issue);
    if (sequence.invalidatesFile() && files.length > 0) {
      invalidate(x, files[sequence.fileIndex()].file());
    }
  }

  private void invalidate(Exec x, WorkFile file) {
    AddressSpace mapping = file.mapping;
    x.charge(Cost.SYSCALL);
    if (mapping.nrPages() > 0) {
      long last = file.baseBytes + file.usedBytes - 1;
      parts.cache().dontneed(x, mapping, file.baseBytes, last);
    }
  }

  private void issue(Exec x) {
    IoUnit unit = free.pollLast();
    JobFile file = files.length == 0 ? null : files[sequence.fileIndex()];
    sequence.issued(x.nowNs() - epochNs);
    long arrival = sequence.arrivalNs();
    long startNs = arrival < 0 ? x.nowNs() : epochNs + arrival;
    unit.prepare(control.nextNumber(), sequence, file, startNs);
    inFlight++;
    queuedCount++;
    if (unit.direction().transfers()) {
      issuedIos++;
    }
    x.then(queued);
    engine.queue(x, unit);
  }

  private void queued(Exec x) {
    x.then(reap);
    if (queuedCount >= queue.submitBatch()) {
      queuedCount = 0;
      engine.commit(x);
    }
  }

  private void reap(Exec x) {
    if (inFlight == 0 || !free.isEmpty() && !reapsAlways) {
      x.then(think);
      return;
    }
    x.then(free.isEmpty() ? reapMore : think);
    awaitSome(x);
  }

  private void reapMore(Exec x) {
    if (inFlight > queue.lowWater() && inFlight > 0) {
      x.then(reapMore);
      awaitSome(x);
    } else {
      x.then(think);
    }
  }

  private void awaitSome(Exec x) {
    int min = Math.max(1, Math.min(queue.completeMin(), inFlight));
    int max = Math.max(min, Math.min(queue.completeMax(), inFlight));
    queuedCount = 0;
    engine.await(x, min, max);
  }

  /** Waits for all that is in flight. */
  private void drain(Exec x) {
    if (inFlight > 0) {
      x.then(drain);
      queuedCount = 0;
      engine.await(x, 1, inFlight);
    }
  }

  // What the engine tells.

  /** A unit is in the kernel, or on its way. */
  void submitted(Exec x, IoUnit unit) {
    if (isMeasured(unit)) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.IO_SUBMIT,
              reportedName,
              unit.number(),
              unit.direction().ordinal(),
              unit.offset(),
              unit.length(),
              unit.startNs());
    }
  }

  /** fio forgets what happened in ramp time, and leaves closing fsyncs out of its totals. */
  private boolean isMeasured(IoUnit unit) {
    return unit.startNs() >= measuredNs && !unit.isClosing();
  }

  /** A unit has completed and the job knows; it may be used again from here on. */
  void completed(Exec x, IoUnit unit) {
    long result = unit.result();
    long bytes = unit.direction().transfers() ? Math.max(0, result) : 0;
    if (isMeasured(unit)) {
      machine
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.IO_COMPLETE,
              reportedName,
              unit.number(),
              unit.direction().ordinal(),
              bytes,
              Math.max(0, -result));
    }
    completedBytes += bytes;
    if (unit.direction().transfers()) {
      completedIos++;
    }
    if (result < 0 && failure.isEmpty()) {
      failure = "ended by error " + -result + " (" + nameOf(-result) + ") of " + unit;
    }
    inFlight--;
    free.addLast(unit);
  }

  private static String nameOf(long errno) {
    return switch ((int) errno) {
      case Errno.EIO -> "EIO";
      case Errno.EAGAIN -> "EAGAIN";
      case Errno.ENOMEM -> "ENOMEM";
      case Errno.EBUSY -> "EBUSY";
      case Errno.EINVAL -> "EINVAL";
      case Errno.ENOSPC -> "ENOSPC";
      case Errno.EOPNOTSUPP -> "EOPNOTSUPP";
      default -> "errno";
    };
  }

  // Pauses.

  private void think(Exec x) {
    x.then(next);
    if (sequence.direction().transfers() && pauses.isDue(x.nowNs(), issuedIos, completedIos)) {
      x.then(thinkIdle);
      drain(x);
    }
  }

  private void thinkIdle(Exec x) {
    pausedSinceNs = x.nowNs();
    x.then(thinkSleep);
    if (pauses.spinNs() > 0) {
      x.chargeUser(pauses.spinNs());
    }
  }

  private void thinkSleep(Exec x) {
    x.then(thought);
    long until = Math.min(endNs, x.nowNs() + pauses.sleepNs());
    if (!stopped && until > x.nowNs()) {
      sleepUntil(x, until);
    }
  }

  private void thought(Exec x) {
    sequence.paused(x.nowNs() - pausedSinceNs);
    pauses.ended(x.nowNs(), issuedIos, completedIos);
  }

  private void sleepUntil(Exec x, long timeNs) {
    sleeping = true;
    sleepEvent = machine.events().schedule(timeNs, slept, 0);
    x.block();
  }

  /** Takes what completes until then. */
  private void awaitUntil(Exec x, long timeNs) {
    sleeping = true;
    sleepEvent = machine.events().schedule(timeNs, expired, 0);
    x.then(awaited);
    queuedCount = 0;
    engine.await(x, 1, inFlight);
  }

  private void expired(long unused) {
    sleeping = false;
    engine.interrupt();
  }

  private void awaited(Exec x) {
    if (sleeping) {
      machine.events().cancel(sleepEvent);
      sleeping = false;
    }
  }

  private void slept(long unused) {
    sleeping = false;
    task.wake();
  }

  private void end(Exec x) {
    if (job.sync().endSyncfs() && failure.isEmpty() && synced < control.files().size()) {
      x.charge(synced == 0 ? machine.costNs(Cost.SYSCALL) : 0);
      x.then(end);
      parts.cache().fsync(x, new OpenFile(control.files().get(synced++).mapping));
      return;
    }
    x.then(ended);
    engine.close(x);
  }

  private void ended(Exec x) {
    machine
        .trace()
        .emit(x.nowNs(), x.cpu().id(), Tracepoint.SCHED_PROCESS_EXIT, task.id(), taskName);
    control.ended(this);
  }

  @Override
  public String toString() {
    return job.name();
  }
}
