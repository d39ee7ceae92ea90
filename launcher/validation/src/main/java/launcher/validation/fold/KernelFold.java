package launcher.validation.fold;

import java.util.Arrays;
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
  private static final int DIRECTIONS = 2;

  /** Of an inode without a number: none of a job's files. */
  private static final long NO_INODE = 0;

  private final Observation observation;
  private final String afterJob;
  private boolean isBefore;
  private final CpuContexts contexts = new CpuContexts();
  private final BlockCounts block = new BlockCounts();
  private final CacheCounts cache = new CacheCounts();
  private final GroupCounts groups = new GroupCounts();
  private final long[] events = new long[Tracepoint.values().length];
  private final long[] writebackStarts = new long[WRITEBACK_REASONS.length];
  private final long[] ioendTypes = new long[8];
  private final long[][] bytesBySecond = new long[DIRECTIONS][16];
  private long[] executions = new long[64];
  private long pauses;
  private long pausedMs;

  private long firstIoNs = Long.MAX_VALUE;
  private long lastExitNs;
  private long nextSampleNs;
  private long peakDirty;
  private long exitAtNs = Long.MAX_VALUE;
  private long cachedAtExit;
  private long dirtyAtExit;

  /**
   * A fold of nothing so far.
   *
   * @param observation when a measurement looks at what is there
   */
  public KernelFold(Observation observation) {
    this.observation = observation;
    afterJob = observation.afterJob();
    isBefore = !afterJob.isEmpty();
    nextSampleNs = observation.sampleNs() == 0 ? Long.MAX_VALUE : observation.sampleNs();
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
        Tracepoint.WORKQUEUE_EXECUTE_START,
        Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE,
        Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE,
        Tracepoint.CACHE_LEVEL,
        Tracepoint.WRITEBACK_START,
        Tracepoint.BALANCE_DIRTY_PAGES,
        Tracepoint.BLOCK_BIO_QUEUE,
        Tracepoint.BLOCK_BIO_BACKMERGE,
        Tracepoint.BLOCK_RQ_COMPLETE,
        Tracepoint.IOMAP_ADD_TO_IOEND,
        Tracepoint.EXT4_WRITEPAGES,
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
      before(cpu, type, a, b, c, d);
      return;
    }
    if (timeNs > exitAtNs) {
      lookAtExit();
    }
    if (timeNs > nextSampleNs) {
      sample(timeNs);
    }
    events[type.ordinal()]++;
    switch (type) {
      case TASK_NEWTASK -> contexts.newTask((int) a, (int) b, c != 0);
      case SCHED_SWITCH -> contexts.switched(cpu, (int) b);
      case SCHED_PROCESS_EXIT -> exited(timeNs);
      case IRQ_HANDLER_ENTRY -> contexts.hardirq(cpu, 1);
      case IRQ_HANDLER_EXIT -> contexts.hardirq(cpu, -1);
      case SOFTIRQ_ENTRY -> contexts.softirq(cpu, 1);
      case SOFTIRQ_EXIT -> contexts.softirq(cpu, -1);
      case WORKQUEUE_EXECUTE_START -> executed((int) a);
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> added(cpu, b, (int) d);
      case MM_FILEMAP_DELETE_FROM_PAGE_CACHE -> deleted(cpu, b, (int) d);
      case CACHE_LEVEL -> level(a, b);
      case WRITEBACK_START -> writebackStarts[(int) c]++;
      case BALANCE_DIRTY_PAGES -> paused(d);
      case BLOCK_BIO_QUEUE -> block.bioQueued(a, d, contexts.classOf((int) e));
      case BLOCK_BIO_BACKMERGE -> block.merged(a, d);
      case BLOCK_RQ_COMPLETE -> block.requestCompleted(a, e, contexts.context(cpu));
      case IOMAP_ADD_TO_IOEND -> ioendTypes[(int) e]++;
      case IO_SUBMIT -> firstIoNs = Math.min(firstIoNs, f);
      case IO_COMPLETE -> transferred(timeNs, (int) c, d);
      case EXT4_WRITEPAGES -> {}
      case MEMCG_STAT -> groups.stat(b, c, d, e, f);
      case MEMCG_USAGE -> groups.usage(b, c);
      default -> throw new IllegalStateException("not asked for: " + type);
    }
  }

  @Override
  public void end(long timeNs) {
    if (exitAtNs != Long.MAX_VALUE) {
      lookAtExit();
    }
  }

  /** Before the trace begins: only what CPUs do and what there is. */
  private void before(int cpu, Tracepoint type, long a, long b, long c, long d) {
    switch (type) {
      case TASK_NEWTASK -> contexts.newTask((int) a, (int) b, c != 0);
      case SCHED_SWITCH -> contexts.switched(cpu, (int) b);
      case IRQ_HANDLER_ENTRY -> contexts.hardirq(cpu, 1);
      case IRQ_HANDLER_EXIT -> contexts.hardirq(cpu, -1);
      case SOFTIRQ_ENTRY -> contexts.softirq(cpu, 1);
      case SOFTIRQ_EXIT -> contexts.softirq(cpu, -1);
      case CACHE_LEVEL -> cache.level(a, b);
      case MM_FILEMAP_ADD_TO_PAGE_CACHE -> {
        if (b == NO_INODE) {
          cache.managed((int) d, 1, false);
        }
      }
      case MM_FILEMAP_DELETE_FROM_PAGE_CACHE -> {
        if (b == NO_INODE) {
          cache.managed((int) d, -1, false);
        }
      }
      case SCHED_PROCESS_EXIT -> isBefore = !contexts.nameOf((int) b).equals(afterJob);
      default -> {}
    }
  }

  private void added(int cpu, long inode, int order) {
    if (inode == NO_INODE) {
      cache.managed(order, 1, true);
    } else {
      cache.added(contexts.currentClass(cpu), order);
    }
  }

  private void deleted(int cpu, long inode, int order) {
    if (inode == NO_INODE) {
      cache.managed(order, -1, true);
    } else {
      cache.deleted(contexts.currentClass(cpu), order);
    }
  }

  private void exited(long timeNs) {
    lastExitNs = timeNs;
    exitAtNs = timeNs + observation.exitNs();
  }

  private void level(long cached, long dirty) {
    cache.level(cached, dirty);
    if (observation.sampleNs() == 0) {
      peakDirty = Math.max(peakDirty, dirty);
    }
  }

  /** What was there when a sampler looked, before this event. */
  private void sample(long timeNs) {
    peakDirty = Math.max(peakDirty, cache.dirtyPages());
    long periodNs = observation.sampleNs();
    nextSampleNs += (timeNs - nextSampleNs + periodNs - 1) / periodNs * periodNs;
  }

  private void lookAtExit() {
    exitAtNs = Long.MAX_VALUE;
    cachedAtExit = cache.cachedPages();
    dirtyAtExit = cache.dirtyPages();
  }

  private void executed(int function) {
    if (function >= executions.length) {
      executions = Arrays.copyOf(executions, Math.max(function + 1, executions.length * 2));
    }
    executions[function]++;
  }

  private void paused(long ms) {
    if (ms > 0) {
      pauses++;
      pausedMs += ms;
    }
  }

  private void transferred(long timeNs, int direction, long bytes) {
    if (direction >= DIRECTIONS) {
      return;
    }
    int second = (int) (timeNs / SECOND_NS);
    if (second >= bytesBySecond[direction].length) {
      bytesBySecond[direction] = Arrays.copyOf(bytesBySecond[direction], second * 2);
    }
    bytesBySecond[direction][second] += bytes;
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

  long cachedAtExit() {
    return cachedAtExit;
  }

  long dirtyAtExit() {
    return dirtyAtExit;
  }

  long peakDirty() {
    return peakDirty;
  }

  /**
   * From the first I/O to the end of the last job, its closing fsync included, as fio counts; 0 if
   * none has ended.
   */
  long runtimeNs() {
    return lastExitNs == 0 ? 0 : lastExitNs - firstIoNs;
  }

  long pauses() {
    return pauses;
  }

  long pausedMs() {
    return pausedMs;
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
  long bytesInSecond(int direction, int second) {
    long[] bytes = bytesBySecond[direction];
    return second < bytes.length ? bytes[second] : 0;
  }

  /** How often a work item of a function was executed. */
  long executions(String function) {
    for (int id = 0; id < Math.min(executions.length, contexts.nameCount()); id++) {
      if (contexts.nameOf(id).equals(function)) {
        return executions[id];
      }
    }
    return 0;
  }
}
