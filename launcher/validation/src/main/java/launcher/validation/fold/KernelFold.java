package launcher.validation.fold;

import java.util.EnumSet;
import java.util.Set;
import sim.kernel.trace.TraceSink;
import sim.kernel.trace.Tracepoint;

/**
 * Counts the events of a trace by task class, device and context, as the measurements of a real
 * kernel do. Allocates only when a task, a CPU or a name is new.
 */
public final class KernelFold implements TraceSink {
  /** Reasons of {@code writeback_start}, by number. */
  static final String[] WRITEBACK_REASONS = {
    "background",
    "vmscan",
    "sync",
    "periodic",
    "laptop_timer",
    "fs_free_space",
    "forker_thread",
    "foreign_flush",
    "dontcache"
  };

  private static final long SECOND_NS = 1_000_000_000L;

  /** Of an inode without a number: none of a job's files. */
  private static final long NO_INODE = 0;

  private final Observation observation;
  private final String afterJob;
  private boolean isBefore;
  private final CpuContexts contexts = new CpuContexts();
  private final BlockCounts block = new BlockCounts();
  private final CacheCounts cache = new CacheCounts();
  private final CacheLooks looks;
  private final GroupCounts groups = new GroupCounts();
  private final WorkCounts work = new WorkCounts();
  private final ThrottleCounts throttle = new ThrottleCounts();
  private final long[] events = new long[Tracepoint.values().length];
  private final long[] writebackStarts = new long[WRITEBACK_REASONS.length];
  private final long[] ioendTypes = new long[8];
  private final TransferCurve[] curves = {new TransferCurve(), new TransferCurve()};

  private long firstIoNs = Long.MAX_VALUE;
  private long firstExitNs;
  private long lastExitNs;

  /** Tasks of jobs that have not exited; the trace ends some time after the last one. */
  private int running;

  private long traceEndNs = Long.MAX_VALUE;

  /**
   * A fold of nothing so far.
   *
   * @param observation when a measurement looks at what is there
   */
  public KernelFold(Observation observation) {
    this.observation = observation;
    afterJob = observation.afterJob();
    isBefore = !afterJob.isEmpty();
    looks = new CacheLooks(cache, observation);
  }

  @Override
  public Set<Tracepoint> interest() {
    return EnumSet.of(
        Tracepoint.TASK_NEWTASK,
        Tracepoint.SCHED_SWITCH,
        Tracepoint.SCHED_PROCESS_EXIT,
        Tracepoint.IRQ_HANDLER_ENTRY,
        Tracepoint.IRQ_HANDLER_EXIT,
        Tracepoint.SOFTIRQ_ENTRY,
        Tracepoint.SOFTIRQ_EXIT,
        Tracepoint.WORKQUEUE_QUEUE_WORK,
        Tracepoint.WORKQUEUE_EXECUTE_START,
        Tracepoint.WORKQUEUE_EXECUTE_END,
        Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE,
        Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE,
        Tracepoint.CACHE_LEVEL,
        Tracepoint.WRITEBACK_START,
        Tracepoint.BALANCE_DIRTY_PAGES,
        Tracepoint.BLOCK_BIO_QUEUE,
        Tracepoint.BLOCK_BIO_BACKMERGE,
        Tracepoint.BLOCK_SPLIT,
        Tracepoint.BLOCK_RQ_ISSUE,
        Tracepoint.BLOCK_RQ_COMPLETE,
        Tracepoint.BLOCK_BIO_COMPLETE,
        Tracepoint.IOMAP_ADD_TO_IOEND,
        Tracepoint.EXT4_WRITEPAGES,
        Tracepoint.JBD2_END_COMMIT,
        Tracepoint.EROFS_READAHEAD,
        Tracepoint.MM_VMSCAN_DIRECT_RECLAIM_BEGIN,
        Tracepoint.MM_VMSCAN_MEMCG_RECLAIM_BEGIN,
        Tracepoint.MM_VMSCAN_LRU_SHRINK_INACTIVE,
        Tracepoint.MEMCG_STAT,
        Tracepoint.MEMCG_USAGE,
        Tracepoint.IO_SUBMIT,
        Tracepoint.IO_COMPLETE);
  }

  @Override
  public void name(int id, String name) {
    contexts.name(id, name);
  }

  @Override
  public void event(
      long timeNs, int cpu, Tracepoint type, long a, long b, long c, long d, long e, long f) {
    if (isBefore) {
      watch(cpu, type, a, b, c, d);
      return;
    }
    looks.before(timeNs);
    if (isOver(timeNs, type, c)) {
      watch(cpu, type, a, b, c, d);
      return;
    }
    events[type.ordinal()]++;
    switch (type) {
      case TASK_NEWTASK -> newTask((int) a, (int) b, c != 0);
      case SCHED_SWITCH -> contexts.switched(cpu, (int) b);
      case SCHED_PROCESS_EXIT -> exited(timeNs);
      case IRQ_HANDLER_ENTRY -> contexts.hardirq(cpu, 1);
      case IRQ_HANDLER_EXIT -> contexts.hardirq(cpu, -1);
      case SOFTIRQ_ENTRY -> contexts.softirq(cpu, 1);
      case SOFTIRQ_EXIT -> contexts.softirq(cpu, -1);
      case WORKQUEUE_QUEUE_WORK -> work.queued(timeNs, c);
      case WORKQUEUE_EXECUTE_START -> work.started(timeNs, (int) a, (int) b, c);
      case WORKQUEUE_EXECUTE_END -> work.ended(timeNs, (int) a, (int) b);
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> added(cpu, b, (int) d);
      case MM_FILEMAP_DELETE_FROM_PAGE_CACHE -> deleted(cpu, b, (int) d);
      case CACHE_LEVEL -> level(a, b, c);
      case WRITEBACK_START -> writebackStarts[(int) c]++;
      case BALANCE_DIRTY_PAGES -> throttle.balanced(a, b, d);
      case BLOCK_BIO_QUEUE -> block.bioQueued(timeNs, a, c, d, contexts.classOf((int) e), f);
      case BLOCK_BIO_BACKMERGE -> block.merged(a, d);
      case BLOCK_SPLIT -> block.split(a);
      case BLOCK_RQ_ISSUE -> block.requestIssued(timeNs, a, b, d, contexts.classOf((int) e));
      case BLOCK_RQ_COMPLETE -> block.requestCompleted(timeNs, a, b, c, e, contexts.context(cpu));
      case BLOCK_BIO_COMPLETE -> block.bioCompleted(timeNs, a, e, f);
      case IOMAP_ADD_TO_IOEND -> ioendTypes[(int) e]++;
      case IO_SUBMIT -> firstIoNs = Math.min(firstIoNs, f);
      case IO_COMPLETE -> transferred(timeNs, (int) c, d);
      case EXT4_WRITEPAGES,
          JBD2_END_COMMIT,
          EROFS_READAHEAD,
          MM_VMSCAN_DIRECT_RECLAIM_BEGIN,
          MM_VMSCAN_MEMCG_RECLAIM_BEGIN,
          MM_VMSCAN_LRU_SHRINK_INACTIVE -> {}
      case MEMCG_STAT -> groups.stat(b, c, d, e, f);
      case MEMCG_USAGE -> groups.usage(b, c);
      default -> throw new IllegalStateException("not asked for: " + type);
    }
  }

  @Override
  public void end(long timeNs) {
    looks.end();
  }

  /** Behind the trace's end, unless another job begins; groups are told at the end of a run. */
  private boolean isOver(long timeNs, Tracepoint type, long kernelThread) {
    return timeNs > traceEndNs
        && type != Tracepoint.MEMCG_STAT
        && type != Tracepoint.MEMCG_USAGE
        && (type != Tracepoint.TASK_NEWTASK || kernelThread != 0);
  }

  /** Before the trace begins, and behind its end: only what CPUs do and what there is. */
  private void watch(int cpu, Tracepoint type, long a, long b, long c, long d) {
    switch (type) {
      case TASK_NEWTASK -> newTask((int) a, (int) b, c != 0);
      case SCHED_SWITCH -> contexts.switched(cpu, (int) b);
      case IRQ_HANDLER_ENTRY -> contexts.hardirq(cpu, 1);
      case IRQ_HANDLER_EXIT -> contexts.hardirq(cpu, -1);
      case SOFTIRQ_ENTRY -> contexts.softirq(cpu, 1);
      case SOFTIRQ_EXIT -> contexts.softirq(cpu, -1);
      case CACHE_LEVEL -> cache.level(a, b, c);
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> cache.uncounted(b == NO_INODE, (int) d, 1);
      case MM_FILEMAP_DELETE_FROM_PAGE_CACHE -> cache.uncounted(b == NO_INODE, (int) d, -1);
      case SCHED_PROCESS_EXIT -> {
        running--;
        isBefore &= !contexts.nameOf((int) b).equals(afterJob);
      }
      default -> {}
    }
  }

  private void newTask(int pid, int commName, boolean kernelThread) {
    contexts.newTask(pid, commName, kernelThread);
    if (!kernelThread) {
      running++;
      traceEndNs = Long.MAX_VALUE;
    }
  }

  private void added(int cpu, long inode, int order) {
    if (inode == NO_INODE) {
      cache.uncounted(true, order, 1);
    } else {
      cache.added(contexts.currentClass(cpu), order);
    }
    looks.changed();
  }

  private void deleted(int cpu, long inode, int order) {
    if (inode == NO_INODE) {
      cache.uncounted(true, order, -1);
    } else {
      cache.deleted(contexts.currentClass(cpu), order);
    }
  }

  private void exited(long timeNs) {
    firstExitNs = firstExitNs == 0 ? timeNs : firstExitNs;
    lastExitNs = timeNs;
    looks.exited(timeNs);
    if (--running <= 0) {
      traceEndNs = timeNs + observation.traceNs();
    }
  }

  private void level(long cached, long dirty, long writeback) {
    cache.level(cached, dirty, writeback);
    looks.changed();
  }

  private void transferred(long timeNs, int direction, long bytes) {
    if (direction < curves.length) {
      curves[direction].add(timeNs, bytes);
    }
  }

  BlockCounts block() {
    return block;
  }

  CacheCounts cache() {
    return cache;
  }

  GroupCounts groups() {
    return groups;
  }

  /** The job whose doings are not counted; empty if there is none. */
  String afterJob() {
    return afterJob;
  }

  CacheLooks looks() {
    return looks;
  }

  WorkCounts work() {
    return work;
  }

  ThrottleCounts throttle() {
    return throttle;
  }

  Observation observation() {
    return observation;
  }

  /**
   * From the first I/O to the end of the last job, its closing fsync included, as fio counts; 0 if
   * none has ended.
   */
  long runtimeNs() {
    return lastExitNs == 0 ? 0 : lastExitNs - firstIoNs;
  }

  long events(Tracepoint type) {
    return events[type.ordinal()];
  }

  long writebackStarts(int reason) {
    return writebackStarts[reason];
  }

  long addedToIoends(int type) {
    return ioendTypes[type];
  }

  /** Bytes read (0) or written (1) by all jobs in a second of virtual time, counted from 0. */
  double bytesInSecond(int direction, int second) {
    return curves[direction].between((double) second * SECOND_NS, (second + 1.0) * SECOND_NS);
  }

  /**
   * Shape of what was read (0) or written (1) while all jobs ran: from the first I/O to the exit of
   * the first job, in equal slices; NaN if there is nothing to be cut.
   */
  double curve(int direction, int slices, CurveShape shape) {
    return slices == 0 || firstExitNs <= firstIoNs
        ? Double.NaN
        : shape.of(curves[direction].slices(slices, firstIoNs, firstExitNs));
  }

  /** The id of a name in the trace; -1 if it has none of it. */
  int nameId(String name) {
    for (int id = 0; id < contexts.nameCount(); id++) {
      if (contexts.nameOf(id).equals(name)) {
        return id;
      }
    }
    return -1;
  }
}
