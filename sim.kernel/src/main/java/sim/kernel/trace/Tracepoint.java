package sim.kernel.trace;

import java.util.List;

/**
 * Every kind of trace event. Kernel events have the kernel's subsystem, name and field names;
 * deferlab's own have the subsystem {@code deferlab}. At most six fields; a field whose name ends
 * in {@code _name} holds an id of the trace's name table. {@code rwbs} holds up to eight ASCII
 * letters, the first in the lowest byte; {@code sector} and {@code nr_sector} count 512 bytes.
 *
 * <p>To add one, add a constant. A digest depends on names and fields and not on the order here, so
 * that changes no digest of a run that does not emit it.
 */
public enum Tracepoint {
  /** A task was created; {@code kthread} is 1 for a kernel thread. */
  TASK_NEWTASK("task", "task_newtask", "pid", "comm_name", "kthread"),
  /** A CPU switched tasks; pid 0 is idle. */
  SCHED_SWITCH("sched", "sched_switch", "prev_pid", "next_pid"),
  /** A task became runnable. */
  SCHED_WAKEUP("sched", "sched_wakeup", "pid", "target_cpu"),
  /** A task inherits the priority of one that waits for its lock, or gives it back. */
  SCHED_PI_SETPRIO("sched", "sched_pi_setprio", "pid", "oldprio", "newprio"),
  /** A task of a job has done all that it was to do, and exits. */
  SCHED_PROCESS_EXIT("sched", "sched_process_exit", "pid", "comm_name"),
  /** An item was queued on a kthread worker. */
  SCHED_KTHREAD_WORK_QUEUE_WORK(
      "sched", "sched_kthread_work_queue_work", "function_name", "worker"),
  /** A kthread worker began an item. */
  SCHED_KTHREAD_WORK_EXECUTE_START(
      "sched", "sched_kthread_work_execute_start", "function_name", "worker"),
  /** A hard interrupt was entered. */
  IRQ_HANDLER_ENTRY("irq", "irq_handler_entry", "irq"),
  /** A hard interrupt was left. */
  IRQ_HANDLER_EXIT("irq", "irq_handler_exit", "irq"),
  /** A softirq became pending. */
  SOFTIRQ_RAISE("irq", "softirq_raise", "vec"),
  /** A softirq's handler began. */
  SOFTIRQ_ENTRY("irq", "softirq_entry", "vec"),
  /** A softirq's handler ended. */
  SOFTIRQ_EXIT("irq", "softirq_exit", "vec"),
  /** An IPI was sent. */
  IPI_SEND_CPU("ipi", "ipi_send_cpu", "cpu", "vector"),
  /** A CPU hotplug callback began. */
  CPUHP_ENTER("cpuhp", "cpuhp_enter", "cpu", "idx", "fun_name"),
  /** A CPU hotplug callback ended. */
  CPUHP_EXIT("cpuhp", "cpuhp_exit", "cpu", "idx", "ret"),
  /** A timer of the wheel ran. */
  TIMER_EXPIRE("timer", "timer_expire_entry", "expires"),
  /** An item was queued on a workqueue; {@code work} is its number. */
  WORKQUEUE_QUEUE_WORK("workqueue", "workqueue_queue_work", "function_name", "cpu", "work"),
  /** A worker began an item. */
  WORKQUEUE_EXECUTE_START("workqueue", "workqueue_execute_start", "function_name", "pid", "work"),
  /** A worker ended an item. */
  WORKQUEUE_EXECUTE_END("workqueue", "workqueue_execute_end", "function_name", "pid", "work"),
  /** A folio entered the page cache. */
  MM_FILEMAP_ADD_TO_PAGE_CACHE(
      "filemap", "mm_filemap_add_to_page_cache", "pfn", "i_ino", "index", "order"),
  /** A folio left the page cache. */
  MM_FILEMAP_DELETE_FROM_PAGE_CACHE(
      "filemap", "mm_filemap_delete_from_page_cache", "pfn", "i_ino", "index", "order"),
  /** A clean folio became dirty. */
  WRITEBACK_DIRTY_FOLIO("writeback", "writeback_dirty_folio", "ino", "index"),
  /** A task waited for a folio's writeback. */
  FOLIO_WAIT_WRITEBACK("writeback", "folio_wait_writeback", "ino", "index"),
  /** A flusher began a work item. */
  WRITEBACK_START("writeback", "writeback_start", "nr_pages", "sync_mode", "reason"),
  /** A flusher ended a work item. */
  WRITEBACK_WRITTEN("writeback", "writeback_written", "nr_pages", "sync_mode", "reason"),
  /**
   * A writer was looked at above the free run; {@code pause} in milliseconds, as the kernel prints
   * it: what it is made to wait, 0 or less if it is let go.
   */
  BALANCE_DIRTY_PAGES(
      "writeback", "balance_dirty_pages", "limit", "dirty", "dirtied", "pause", "task_ratelimit"),
  /** The global dirty state, whenever it is looked at. */
  GLOBAL_DIRTY_STATE(
      "writeback",
      "global_dirty_state",
      "nr_dirty",
      "nr_writeback",
      "background_thresh",
      "dirty_thresh"),
  /** A bio was submitted. */
  BLOCK_BIO_QUEUE("block", "block_bio_queue", "dev", "sector", "nr_sector", "rwbs", "pid", "bio"),
  /** A bio was merged into a request from behind. */
  BLOCK_BIO_BACKMERGE("block", "block_bio_backmerge", "dev", "sector", "nr_sector", "rwbs"),
  /** A bio was split. */
  BLOCK_SPLIT("block", "block_split", "dev", "sector", "new_sector", "rwbs"),
  /** A plug was flushed. */
  BLOCK_UNPLUG("block", "block_unplug", "pid", "nr_rq"),
  /** A request was handed to the device. */
  BLOCK_RQ_ISSUE("block", "block_rq_issue", "dev", "sector", "nr_sector", "rwbs", "pid"),
  /** The device has completed a request. */
  BLOCK_RQ_COMPLETE("block", "block_rq_complete", "dev", "sector", "nr_sector", "error", "rwbs"),
  /** A bio has completed; fires before its end_io is deferred. */
  BLOCK_BIO_COMPLETE(
      "block", "block_bio_complete", "dev", "sector", "nr_sector", "error", "rwbs", "bio"),
  /**
   * A simulated I/O was submitted by its task: job, I/O, direction, offset, bytes, virtual start.
   */
  IO_SUBMIT("deferlab", "io_submit", "job_name", "io", "dir", "offset", "bytes", "start_ns"),
  /** Dirty blocks joined an ioend; {@code type} is 2 for written blocks, 3 for unwritten ones. */
  IOMAP_ADD_TO_IOEND("iomap", "iomap_add_to_ioend", "dev", "ino", "pos", "dirty_len", "type"),
  /** A simulated I/O completed as its task sees it. */
  IO_COMPLETE("deferlab", "io_complete", "job_name", "io", "dir", "bytes", "error"),
  /** A bio's end was deferred by a completion policy. */
  BIO_DEFER("deferlab", "bio_defer", "bio"),
  /** A bio's end_io ran. */
  BIO_END("deferlab", "bio_end", "bio", "context", "deferred_ns", "error"),
  /** Dropbehind removed folios: pages. */
  FOLIO_DROP("deferlab", "folio_drop", "pages"),
  /** Dropbehind left folios cached: pages, reason as {@code DropOutcome} numbers it. */
  FOLIO_KEEP("deferlab", "folio_keep", "pages", "reason"),
  /**
   * Page cache levels after a change of a whole batch, or when nothing of a file is under writeback
   * any longer: pages cached, dirty, under writeback.
   */
  CACHE_LEVEL("deferlab", "cache_level", "cached", "dirty", "writeback"),
  /** A task begins to reclaim for itself: its machine is short of pages. */
  MM_VMSCAN_DIRECT_RECLAIM_BEGIN("vmscan", "mm_vmscan_direct_reclaim_begin", "order"),
  /** A task begins to reclaim for itself: its group is at the limit. */
  MM_VMSCAN_MEMCG_RECLAIM_BEGIN("vmscan", "mm_vmscan_memcg_reclaim_begin", "order"),
  /** Reclaim is done with a cluster of an inactive list. */
  MM_VMSCAN_LRU_SHRINK_INACTIVE(
      "vmscan",
      "mm_vmscan_lru_shrink_inactive",
      "nid",
      "nr_scanned",
      "nr_reclaimed",
      "nr_dirty",
      "nr_writeback",
      "priority"),
  /** Reclaim freed pages: pages, who (0 kswapd, 1 direct, 2 memcg). */
  RECLAIM("deferlab", "reclaim", "pages", "who"),
  /** What a memory control group has in pages, at the end of a run. */
  MEMCG_STAT(
      "deferlab",
      "memcg_stat",
      "group_name",
      "cached",
      "dirty",
      "writeback",
      "mapped",
      "refaulted"),
  /** The most pages that a group had at once, and how often a charge met its limit. */
  MEMCG_USAGE("deferlab", "memcg_usage", "group_name", "max_usage", "failcnt"),
  /** Pages that reclaim had evicted came back: pages, whether they are active at once. */
  WORKINGSET_REFAULT("deferlab", "workingset_refault", "pages", "activated"),
  /** TLBs were flushed: target CPUs, folios covered. */
  TLB_FLUSH("tlb", "tlb_flush", "reason", "pages", "cpus"),
  /** A CPU's time by kind, at the end of a run. */
  CPU_TIME("deferlab", "cpu_time", "kind", "ns"),
  /** A context rule was broken. */
  COMPLAINT("deferlab", "complaint", "rule", "context"),
  /** A policy came into use: family, id, bios or folios handed over. */
  POLICY_USE("deferlab", "policy_use", "family_name", "id_name", "handed_over"),
  /** The run was suspended (1) or resumed (0) because a policy left or came back. */
  RUN_SUSPEND("deferlab", "run_suspend", "suspended", "family_name"),
  /** A transaction sleeps until the journal has the space that it needs, bytes. */
  XFS_LOG_GRANT_SLEEP("xfs", "xfs_log_grant_sleep", "pid", "unit_res", "space_left"),
  /** A transaction that slept has its space; it slept for {@code delay_ns}. */
  XFS_LOG_GRANT_WAKE("xfs", "xfs_log_grant_wake", "pid", "unit_res", "delay_ns"),
  /** Readahead of a compressed file begins. */
  EROFS_READAHEAD("erofs", "erofs_readahead", "dev", "ino", "start", "nrpage"),
  /** A worker begins to decompress what an interrupt left to it {@code delay_ns} ago. */
  EROFS_KICKOFF("erofs", "z_erofs_kickoff", "nr_folios", "delay_ns"),
  /** A bio's end_io asked to be called again in a task: the bio_end before this was none. */
  BIO_END_AGAIN("deferlab", "bio_end_again", "bio", "error"),
  /** A request is to be issued again. */
  BLOCK_RQ_REQUEUE("block", "block_rq_requeue", "dev", "sector", "nr_sector", "rwbs"),
  /**
   * A request was not answered in time; action 0: its completion was found, 1: abort, 2: reset, 3:
   * failed.
   */
  RQ_TIMEOUT("deferlab", "rq_timeout", "dev", "sector", "nr_sector", "rwbs", "action"),
  /** ext4 was asked to write a file's dirty folios. */
  EXT4_WRITEPAGES(
      "ext4",
      "ext4_writepages",
      "dev",
      "ino",
      "nr_to_write",
      "range_start",
      "range_end",
      "sync_mode"),
  /** The journal's task begins to commit a transaction: it takes no more handles. */
  JBD2_START_COMMIT("jbd2", "jbd2_start_commit", "dev", "transaction", "blocks"),
  /** A transaction is on the device. */
  JBD2_END_COMMIT("jbd2", "jbd2_end_commit", "dev", "transaction", "blocks"),
  /** Writeback throttling took its limits down or up: places for background, normal, all writes. */
  WBT_STEP("wbt", "wbt_step", "dev", "step", "window", "bg", "normal", "max");

  /** The most fields that an event can carry. */
  public static final int FIELDS_MAX = 6;

  private static final String NAMED = "_name";

  private final String subsystem;
  private final String event;
  private final List<String> fields;
  private final int fieldCount;

  Tracepoint(String subsystem, String event, String... fields) {
    if (fields.length > FIELDS_MAX) {
      throw new IllegalArgumentException(
          "Tracepoint "
              + event
              + ": it has "
              + fields.length
              + " fields; an event carries at most "
              + FIELDS_MAX);
    }
    this.subsystem = subsystem;
    this.event = event;
    this.fields = List.of(fields);
    this.fieldCount = fields.length;
  }

  /** Kernel subsystem, {@code deferlab} for our own. */
  public String subsystem() {
    return subsystem;
  }

  /** Event name, as tracefs shows it. */
  public String event() {
    return event;
  }

  /** Names of the fields, in the order in which they are emitted; at most six. */
  public List<String> fields() {
    return fields;
  }

  /** Number of {@link #fields}: how many values {@link Trace#emit} takes for this kind. */
  public int fieldCount() {
    return fieldCount;
  }

  /** Whether the values of a field are ids of the name table; fields count from 0. */
  public boolean isName(int field) {
    return fields.get(field).endsWith(NAMED);
  }

  /** This kind as one line, such as {@code block:block_unplug(pid,nr_rq)}. */
  String definition() {
    return subsystem + ":" + event + "(" + String.join(",", fields) + ")";
  }
}
