package launcher.validation.fold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import launcher.report.SummarySink;
import mm.core.spi.mapping.WritebackReason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

/** Each figure of a trace of a few lines, counted by hand. */
class KernelFoldTest {
  private static final long LOOP = 7L << 20;
  private static final long VIRTIO = 254L << 20;
  private static final int READ = 'R';
  private static final int WRITE = 'W' | 'S' << 8;
  private static final int FLUSH_WRITE = 'F' | 'W' << 8;
  private static final int FLUSH = 'F' | 'F' << 8;
  private static final int BLOCK = 4;
  private static final int JOB_PID = 1;
  private static final int WORKER_PID = 2;
  private static final int DAEMON_PID = 3;

  private final Trace trace = new Trace();
  private final KernelFold fold = new KernelFold(new Observation(1_000, 2_000, 5_000, 0, ""));
  private final SummarySink summary = new SummarySink();

  @BeforeEach
  void tasks() {
    trace.addSink(fold);
    trace.addSink(summary);
    newTask(JOB_PID, "job", false);
    newTask(WORKER_PID, "kworker/1:0", true);
    newTask(DAEMON_PID, "ksoftirqd/0", true);
  }

  private void newTask(int pid, String name, boolean kernel) {
    trace.emit(0, 0, Tracepoint.TASK_NEWTASK, pid, trace.name(name), kernel ? 1 : 0);
  }

  private void bio(long dev, int rwbs, int pid) {
    trace.emit(1, 0, Tracepoint.BLOCK_BIO_QUEUE, dev, 0, 8, rwbs, pid, 1);
  }

  private void switchTo(int cpu, int pid) {
    trace.emit(1, cpu, Tracepoint.SCHED_SWITCH, 0, pid);
  }

  private void completed(int cpu, long dev, int rwbs) {
    trace.emit(2, cpu, Tracepoint.BLOCK_RQ_COMPLETE, dev, 0, 8, 0, rwbs);
  }

  private double figure(String name) {
    FigureName figure = FigureNames.of(name).orElseThrow();
    return figure.value(new FoldedRun(fold, summary.summary(), 1_000)).orElse(Double.NaN);
  }

  @Test
  void biosAreCountedByDeviceOperationAndSubmitter() {
    bio(LOOP, WRITE, JOB_PID);
    bio(LOOP, FLUSH_WRITE, JOB_PID); // A write that flushes first is a write.
    bio(LOOP, FLUSH, JOB_PID);
    bio(LOOP, READ, JOB_PID);
    bio(LOOP, WRITE, WORKER_PID);
    bio(VIRTIO, WRITE, WORKER_PID);
    assertEquals(2, figure("bio|loop|W|fio"));
    assertEquals(1, figure("bio|loop|F|fio"));
    assertEquals(1, figure("bio|loop|R|fio"));
    assertEquals(1, figure("bio|loop|W|kworker"));
    assertEquals(1, figure("bio|virtio|W|kworker"));
    assertEquals(0, figure("bio|virtio|W|fio"));
  }

  @Test
  void aCompletionIsInTheContextOfItsCpu() {
    bio(LOOP, WRITE, JOB_PID);
    switchTo(0, JOB_PID);
    switchTo(1, DAEMON_PID);
    trace.emit(1, 0, Tracepoint.SOFTIRQ_ENTRY, BLOCK);
    completed(0, LOOP, WRITE); // At the exit of an interrupt of the job.
    completed(0, LOOP, WRITE);
    trace.emit(1, 0, Tracepoint.SOFTIRQ_EXIT, BLOCK);
    trace.emit(1, 1, Tracepoint.SOFTIRQ_ENTRY, BLOCK);
    completed(1, LOOP, WRITE); // By the daemon.
    trace.emit(1, 1, Tracepoint.SOFTIRQ_EXIT, BLOCK);
    trace.emit(1, 1, Tracepoint.IRQ_HANDLER_ENTRY, 9);
    completed(1, LOOP, READ); // In the interrupt itself.
    trace.emit(1, 1, Tracepoint.IRQ_HANDLER_EXIT, 9);
    completed(0, LOOP, WRITE); // In no interrupt.
    assertEquals(0.5, figure("complete_ctx_share|loop|W|softirq/on_irq_exit"));
    assertEquals(0.25, figure("complete_ctx_share|loop|W|softirq/ksoftirqd"));
    assertEquals(0.25, figure("complete_ctx_share|loop|W|task"));
    assertEquals(1, figure("complete_ctx_share|loop|R|hardirq"));
    assertEquals(Double.NaN, figure("complete_ctx_share|virtio|W|task"));
  }

  @Test
  void requestsAndMergesAreThoseOfTheUpperDevice() {
    bio(VIRTIO, WRITE, WORKER_PID);
    bio(LOOP, WRITE, JOB_PID);
    completed(0, VIRTIO, WRITE);
    completed(0, LOOP, WRITE);
    completed(0, LOOP, WRITE);
    completed(0, LOOP, READ);
    trace.emit(1, 0, Tracepoint.BLOCK_BIO_BACKMERGE, LOOP, 8, 8, WRITE);
    trace.emit(1, 0, Tracepoint.BLOCK_BIO_BACKMERGE, VIRTIO, 8, 8, WRITE);
    assertEquals(2, figure("dev_writes"));
    assertEquals(1, figure("dev_reads"));
    assertEquals(1, figure("dev_wmerge"));
  }

  @Test
  void biosAndRequestsAreTimedAndCountedByWhoIssues() {
    trace.emit(100, 0, Tracepoint.BLOCK_BIO_QUEUE, LOOP, 64, 16, WRITE, JOB_PID, 7);
    trace.emit(110, 0, Tracepoint.BLOCK_BIO_QUEUE, LOOP, 80, 8, WRITE, JOB_PID, 8);
    trace.emit(120, 0, Tracepoint.BLOCK_SPLIT, LOOP, 64, 72, WRITE);
    trace.emit(200, 0, Tracepoint.BLOCK_RQ_ISSUE, LOOP, 64, 24, WRITE, WORKER_PID);
    // A read of the same sector is another request; a write that had no room is the same.
    trace.emit(210, 0, Tracepoint.BLOCK_RQ_ISSUE, LOOP, 64, 8, READ, JOB_PID);
    trace.emit(250, 0, Tracepoint.BLOCK_RQ_ISSUE, LOOP, 64, 24, WRITE, JOB_PID);
    trace.emit(300, 0, Tracepoint.BLOCK_RQ_COMPLETE, LOOP, 64, 24, 0, WRITE);
    trace.emit(310, 0, Tracepoint.BLOCK_BIO_COMPLETE, LOOP, 64, 16, 0, WRITE, 7);
    trace.emit(320, 0, Tracepoint.BLOCK_BIO_COMPLETE, LOOP, 80, 8, 0, WRITE, 8);
    trace.emit(910, 0, Tracepoint.BLOCK_RQ_COMPLETE, LOOP, 64, 8, 0, READ);
    assertEquals(24, figure("bio_sectors|loop|W|fio"));
    assertEquals(210, figure("bio_queue_to_complete_mean|loop|W"));
    assertEquals(1, figure("rq_issued|loop|W"));
    assertEquals(1, figure("rq_issue_by|loop|W|kworker"));
    assertEquals(0, figure("rq_issue_by|loop|W|fio"));
    assertEquals(1, figure("rq_issue_by|loop|R|fio"));
    assertEquals(50, figure("rq_issue_to_complete_mean|loop|W"));
    assertEquals(700, figure("rq_issue_to_complete_max|loop|R"));
    assertEquals(Double.NaN, figure("rq_issue_to_complete_p99|virtio|W"));
    assertEquals(1, figure("merges|loop|split"));
    assertEquals(24, figure("dev_wsect"));
    assertEquals(24, figure("dev_mean_write_sectors"));
  }

  @Test
  void manySpansAreOpenAtOnce() {
    for (int i = 0; i < 1_000; i++) {
      trace.emit(i, 0, Tracepoint.BLOCK_BIO_QUEUE, LOOP, 0, 8, WRITE, JOB_PID, i * 64L);
    }
    // In another order, so that slots are freed in the middle of others'.
    for (int i = 0; i < 1_000; i++) {
      int bio = i * 7 % 1_000;
      trace.emit(5_000 + bio, 0, Tracepoint.BLOCK_BIO_COMPLETE, LOOP, 0, 8, 0, WRITE, bio * 64L);
    }
    assertEquals(5_000, figure("bio_queue_to_complete_min|loop|W"));
    assertEquals(5_000, figure("bio_queue_to_complete_max|loop|W"));
  }

  @Test
  void foliosAreCountedByTheTaskOfTheirCpu() {
    switchTo(0, JOB_PID);
    switchTo(1, WORKER_PID);
    trace.emit(1, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 1, 5, 0, 2);
    trace.emit(1, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 2, 5, 4, 0);
    trace.emit(1, 1, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 1, 5, 0, 2);
    switchTo(1, 0);
    trace.emit(1, 1, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 2, 5, 4, 0);
    assertEquals(2, figure("filemap|add|fio|folios"));
    assertEquals(5, figure("filemap|add|fio|pages"));
    assertEquals(1, figure("filemap|del|kworker|folios"));
    assertEquals(4, figure("filemap|del|kworker|pages"));
    assertEquals(1, figure("filemap|del|idle|pages"));
    assertEquals(1, figure("folio_add_order|2"));
    assertEquals(1, figure("folio_add_order|0"));
    assertEquals(0, figure("folio_add_order|9"));
  }

  @Test
  void whatIsLeftIsLookedAtAFixedTimeAfterTheLastExit() {
    trace.emit(10, 0, Tracepoint.CACHE_LEVEL, 100, 30, 0);
    trace.emit(20, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 1, 5, 0, 1);
    trace.emit(30, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job"));
    trace.emit(40, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job"));
    // 1 us after 40: still before the look. 1 ns later: behind it.
    trace.emit(1_040, 0, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 2, 5, 4, 0);
    trace.emit(1_041, 0, Tracepoint.CACHE_LEVEL, 0, 0, 0);
    trace.end(2_000);
    assertEquals(100 + 2 - 1, figure("resident_pages_at_exit"));
    assertEquals(0.101, figure("resident_share_at_exit"));
    assertEquals(102, figure("peak_resident_pages"));
    assertEquals(30, figure("dirty_pages_at_exit"));
    assertEquals(30, figure("peak_dirty_pages"));
  }

  @Test
  void behindTheTraceOnlyWhatThereIsIsLookedAt() {
    KernelFold longer = new KernelFold(new Observation(10, 50, 600_000_000, 0, ""));
    trace.addSink(longer);
    newTask(JOB_PID, "job", false);
    trace.emit(100, 0, Tracepoint.CACHE_LEVEL, 100, 30, 7);
    trace.emit(100, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job"));
    bio(LOOP, WRITE, JOB_PID);
    trace.emit(200, 0, Tracepoint.BLOCK_BIO_QUEUE, LOOP, 0, 8, WRITE, JOB_PID, 1); // Behind it.
    trace.emit(300, 0, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 2, 5, 4, 3);
    trace.emit(600_000_101L, 0, Tracepoint.CACHE_LEVEL, 0, 0, 0);
    trace.end(600_000_101L);
    FoldedRun run = new FoldedRun(longer, summary.summary(), 0);
    assertEquals(7, value(run, "writeback_pages_at_exit"));
    assertEquals(100 - 8, value(run, "resident_pages_after_0.6s"));
    assertEquals(30, value(run, "dirty_pages_after_0.6s"));
    assertEquals(0, value(run, "filemap|del|idle|pages"));
    assertEquals(1, value(run, "bio|loop|W|fio"));
    assertEquals(Double.NaN, figure("dirty_pages_after_0.6s"), "nobody looked then");
  }

  private static double value(FoldedRun run, String name) {
    return FigureNames.of(name).orElseThrow().of().applyAsDouble(run);
  }

  @Test
  void aSamplerSeesWhatIsDirtyWhenItLooks() {
    KernelFold sampler = new KernelFold(new Observation(0, 0, 0, 100, ""));
    trace.addSink(sampler);
    trace.emit(50, 0, Tracepoint.CACHE_LEVEL, 90, 90, 0);
    trace.emit(90, 0, Tracepoint.CACHE_LEVEL, 90, 40, 0); // The sample at 100 sees this.
    trace.emit(110, 0, Tracepoint.CACHE_LEVEL, 90, 80, 0);
    trace.emit(199, 0, Tracepoint.CACHE_LEVEL, 90, 10, 0); // Those at 200 and 300 see this.
    trace.emit(301, 0, Tracepoint.CACHE_LEVEL, 90, 70, 0); // The next is at 400.
    trace.emit(399, 0, Tracepoint.CACHE_LEVEL, 90, 0, 0);
    trace.emit(401, 0, Tracepoint.CACHE_LEVEL, 90, 0, 0);
    FoldedRun sampled = new FoldedRun(sampler, summary.summary(), 1_000);
    assertEquals(40, FigureNames.of("peak_dirty_pages").orElseThrow().of().applyAsDouble(sampled));
    assertEquals(90, figure("peak_dirty_pages"), "whenever it is");
  }

  @Test
  void whatCameBeforeTheTraceIsNotCounted() {
    KernelFold late = new KernelFold(new Observation(0, 0, 0, 0, "prepare"));
    trace.addSink(late);
    newTask(JOB_PID, "job", false);
    newTask(WORKER_PID, "kworker/1:0", true);
    newTask(9, "prepare", false);
    switchTo(0, WORKER_PID);
    bio(LOOP, WRITE, JOB_PID);
    trace.emit(3, 0, Tracepoint.CACHE_LEVEL, 50, 20, 0);
    trace.emit(4, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job")); // Not this one.
    bio(LOOP, WRITE, JOB_PID);
    trace.emit(5, 0, Tracepoint.SCHED_PROCESS_EXIT, 9, trace.name("prepare"));
    bio(LOOP, WRITE, JOB_PID);
    trace.emit(6, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 1, 5, 0, 0);
    trace.emit(7, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job"));
    trace.end(8);
    FoldedRun run = new FoldedRun(late, summary.summary(), 1_000);
    assertEquals(1, FigureNames.of("bio|loop|W|fio").orElseThrow().of().applyAsDouble(run));
    assertEquals(
        1, FigureNames.of("filemap|add|kworker|pages").orElseThrow().of().applyAsDouble(run));
    assertEquals(
        51, FigureNames.of("resident_pages_at_exit").orElseThrow().of().applyAsDouble(run));
  }

  @Test
  void foliosOfAnInodeWithoutANumberAreNotCounted() {
    KernelFold late = new KernelFold(new Observation(0, 0, 0, 0, "prepare"));
    trace.addSink(late);
    newTask(JOB_PID, "job", false);
    newTask(9, "prepare", false);
    switchTo(0, JOB_PID);
    trace.emit(1, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 1, 0, 0, 2);
    trace.emit(2, 0, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 2, 0, 7, 0);
    trace.emit(3, 0, Tracepoint.CACHE_LEVEL, 50, 0, 0);
    trace.emit(4, 0, Tracepoint.SCHED_PROCESS_EXIT, 9, trace.name("prepare"));
    trace.emit(5, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 3, 0, 8, 3);
    trace.emit(6, 0, Tracepoint.MM_FILEMAP_ADD_TO_PAGE_CACHE, 4, 5, 0, 1);
    trace.emit(7, 0, Tracepoint.MM_FILEMAP_DELETE_FROM_PAGE_CACHE, 5, 0, 9, 0);
    trace.emit(8, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, trace.name("job"));
    trace.end(9);
    FoldedRun run = new FoldedRun(late, summary.summary(), 1_000);
    // 50 at the level, 3 of which had no file, and 2 pages since.
    assertEquals(
        49, FigureNames.of("resident_pages_at_exit").orElseThrow().of().applyAsDouble(run));
    assertEquals(2, FigureNames.of("filemap|add|fio|pages").orElseThrow().of().applyAsDouble(run));
    assertEquals(0, FigureNames.of("filemap|del|fio|pages").orElseThrow().of().applyAsDouble(run));
  }

  @Test
  void fiosFiguresLeaveTheJobOutThatPrepares() {
    KernelFold late = new KernelFold(new Observation(0, 0, 0, 0, "prepare"));
    int prepare = trace.name("prepare");
    int job = trace.name("job");
    trace.emit(1_000, 0, Tracepoint.IO_SUBMIT, prepare, 1, 1, 0, 4096, 1_000);
    trace.emit(9_000, 0, Tracepoint.IO_COMPLETE, prepare, 1, 1, 4096, 0);
    trace.emit(10_000, 0, Tracepoint.IO_SUBMIT, job, 2, 1, 0, 4096, 10_000);
    trace.emit(12_000, 0, Tracepoint.IO_COMPLETE, job, 2, 1, 4096, 0);
    FoldedRun run = new FoldedRun(late, summary.summary(), 1_000);
    assertEquals(2_000, FigureNames.of("write.clat_mean").orElseThrow().of().applyAsDouble(run), 1);
    assertEquals(5_000, figure("write.clat_mean"), 1, "all jobs");
  }

  @Test
  void workIsCountedByItsFunction() {
    int conversion = trace.name("xfs_end_io");
    trace.emit(10, 0, Tracepoint.WORKQUEUE_QUEUE_WORK, conversion, 0, 1);
    trace.emit(40, 0, Tracepoint.WORKQUEUE_QUEUE_WORK, conversion, 0, 2);
    trace.emit(60, 0, Tracepoint.WORKQUEUE_QUEUE_WORK, conversion, 0, 2); // Again: from here.
    trace.emit(70, 0, Tracepoint.WORKQUEUE_EXECUTE_START, conversion, WORKER_PID, 2);
    trace.emit(75, 0, Tracepoint.WORKQUEUE_EXECUTE_END, conversion, WORKER_PID, 2);
    int writeback = trace.name("wb_workfn"); // Queued before the trace.
    trace.emit(80, 0, Tracepoint.WORKQUEUE_EXECUTE_START, writeback, WORKER_PID, 3);
    trace.emit(90, 0, Tracepoint.WORKQUEUE_EXECUTE_START, conversion, DAEMON_PID, 1);
    trace.emit(97, 0, Tracepoint.WORKQUEUE_EXECUTE_END, conversion, DAEMON_PID, 1);
    assertEquals(10, figure("work_queue_to_start_min|xfs_end_io"));
    assertEquals(80, figure("work_queue_to_start_max|xfs_end_io"));
    assertEquals(5 + 7, figure("work_busy_s|xfs_end_io"));
    assertEquals(Double.NaN, figure("work_queue_to_start_p50|wb_workfn"));
    assertEquals(1, figure("work_executions|wb_workfn"));
    assertEquals(2, figure("work_executions|xfs_end_io"));
    assertEquals(0, figure("work_executions|ext4_end_io_rsv_work"));
  }

  @Test
  void writebackIsTheUpperDevices() {
    bio(LOOP, WRITE, JOB_PID);
    int background = WritebackReason.BACKGROUND.ordinal();
    trace.emit(1, 0, Tracepoint.WRITEBACK_START, 1024, 0, background);
    trace.emit(1, 0, Tracepoint.WRITEBACK_START, 1024, 0, background);
    trace.emit(1, 0, Tracepoint.BALANCE_DIRTY_PAGES, 9, 8, 7, 12, 100);
    trace.emit(1, 0, Tracepoint.BALANCE_DIRTY_PAGES, 9, 8, 7, 0, 100); // No pause.
    trace.emit(1, 0, Tracepoint.BALANCE_DIRTY_PAGES, 9, 8, 7, 8, 100);
    assertEquals(2, figure("writeback_start|loop|background"));
    assertEquals(0, figure("writeback_start|loop|periodic"));
    assertEquals(0, figure("writeback_start|virtio|background"));
    assertEquals(2, figure("balance_dirty_pages_pauses|loop"));
    assertEquals(20e6, figure("balance_dirty_pages_pause_ms_sum|loop"));
    assertEquals(3, figure("balance_dirty_pages_n|loop"));
    assertEquals(8, figure("balance_dirty_pages_dirty_max|loop"));
    assertEquals(9, figure("balance_dirty_pages_limit|loop"));
    assertEquals(0, figure("balance_dirty_pages_pauses|virtio"));
  }

  @Test
  void theReasonsHaveTheNumbersOfTheModel() {
    for (WritebackReason reason : WritebackReason.values()) {
      assertEquals(reason.label(), KernelFold.WRITEBACK_REASONS[reason.ordinal()]);
    }
  }

  @Test
  void ioendsAndEventsAreCounted() {
    trace.emit(1, 0, Tracepoint.IOMAP_ADD_TO_IOEND, LOOP, 5, 0, 4096, 3);
    trace.emit(1, 0, Tracepoint.IOMAP_ADD_TO_IOEND, LOOP, 5, 4096, 4096, 3);
    trace.emit(1, 0, Tracepoint.IOMAP_ADD_TO_IOEND, LOOP, 5, 8192, 4096, 2);
    trace.emit(1, 0, Tracepoint.EXT4_WRITEPAGES, LOOP, 5, 1024, 0, 1 << 20, 0);
    assertEquals(2, figure("iomap_add_to_ioend|UNWRITTEN"));
    assertEquals(1, figure("iomap_add_to_ioend|MAPPED"));
    assertEquals(1, figure("event|ext4_writepages"));
  }

  @Test
  void groupsAreToldInBytes() {
    assertEquals(Double.NaN, figure("memcg_cache"), "without a group");
    trace.emit(9, -1, Tracepoint.MEMCG_STAT, trace.name("jobs"), 10, 3, 2, 1, 7);
    trace.emit(9, -1, Tracepoint.MEMCG_USAGE, trace.name("jobs"), 12, 5);
    assertEquals(10 * 4096, figure("memcg_cache"));
    assertEquals(3 * 4096, figure("memcg_dirty"));
    assertEquals(2 * 4096, figure("memcg_writeback"));
    assertEquals(4096, figure("memcg_mapped_file"));
    assertEquals(12 * 4096, figure("memcg_max_usage"));
    assertEquals(5, figure("memcg_failcnt"));
    assertEquals(7 * 4096, figure("memcg_workingset_refault_file"));
  }

  @Test
  void jobsAreToldAsFioDoes() {
    int job = trace.name("job");
    trace.emit(1_000, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 1_000);
    trace.emit(3_000, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4096, 0);
    trace.emit(3_000, 0, Tracepoint.IO_SUBMIT, job, 2, 1, 4096, 4096, 3_000);
    trace.emit(9_000, 0, Tracepoint.IO_COMPLETE, job, 2, 1, 4096, 0);
    // A closing fsync, which is no I/O of its own to fio, and counts.
    trace.emit(11_000, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, job);
    assertEquals(10_000, figure("write.runtime"));
    assertEquals(4_000, figure("write.clat_mean"));
    assertEquals(2_000, figure("write.clat_p50"), 2);
    assertEquals(8192 * 1e9 / 10_000, figure("write.throughput"), 1);
    assertEquals(Double.NaN, figure("read.clat_p50"));
    assertEquals(8192, figure("bytes_in_second|write|0"));
    assertEquals(0, figure("bytes_in_second|write|1"));
  }

  @Test
  void aCurveIsCutWhileAllJobsRun() {
    int job = trace.name("job");
    // From 10 to 18 ms: 6, 2, 3 and 1 in slices of 2 ms, and 100 after the first job has gone.
    long[] timesMs = {11, 13, 15, 17, 19};
    long[] counts = {6, 2, 3, 1, 100};
    trace.emit(10_000_000, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 10_000_000);
    for (int i = 0; i < counts.length; i++) {
      if (timesMs[i] > 18) {
        trace.emit(18_000_000, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, job);
      }
      trace.emit(timesMs[i] * 1_000_000, 0, Tracepoint.IO_COMPLETE, job, 1, 1, counts[i], 0);
    }
    trace.emit(20_000_000, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, job);
    assertEquals(1 / 3.0, figure("curve|write|4|slowest"), 1e-9);
    assertEquals(2, figure("curve|write|4|fastest"), 1e-9);
    // Squares of 3, 1, 0 and 2 are 14, over 4, whose root is over a mean of 3.
    assertEquals(Math.sqrt(14 / 4.0) / 3, figure("curve|write|4|variation"), 1e-9);
    assertEquals(1 / 6.0, figure("curve|write|4|late"), 1e-9);
    assertEquals(4 / 8.0, figure("curve|write|2|late"), 1e-9);
    assertEquals(Double.NaN, figure("curve|read|4|late"));
    assertEquals(Double.NaN, figure("curve|write|0|late"));
    assertTrue(FigureNames.of("curve|write|4|mean").isEmpty());
  }

  @Test
  void aSliceThatEndsInATenthOfAMillisecondHasItsShare() {
    int job = trace.name("job");
    trace.emit(0, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 0);
    trace.emit(40_000, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4, 0);
    trace.emit(120_000, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 6, 0);
    trace.emit(240_000, 0, Tracepoint.SCHED_PROCESS_EXIT, JOB_PID, job);
    // Four slices of 60 us: 2.4, 1.6 + 1.2, 3.6, 1.2.
    assertEquals(1.2 / 2.5, figure("curve|write|4|slowest"), 1e-9);
    assertEquals(3.6 / 2.5, figure("curve|write|4|fastest"), 1e-9);
    assertEquals(1.2 / 2.4, figure("curve|write|4|late"), 1e-9);
  }

  @Test
  void whatNobodyCountsIsNoName() {
    assertTrue(FigureNames.of("bio|loop|W").isEmpty());
    assertTrue(FigureNames.of("bio|floppy|W|fio").isEmpty());
    assertTrue(FigureNames.of("folio_add_order|large").isEmpty());
    assertTrue(FigureNames.of("event|no_such_event").isEmpty());
    assertTrue(FigureNames.of("no-such-figure").isEmpty());
  }
}
