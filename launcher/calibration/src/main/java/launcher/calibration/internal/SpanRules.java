package launcher.calibration.internal;

import java.util.List;
import java.util.Set;
import sim.kernel.machine.Cost;

/**
 * What each cost is fitted to. The order matters: a rule takes off the costs that rules before it
 * have fitted.
 */
final class SpanRules {
  private static final Set<String> NONE = Set.of();
  private static final Set<String> QUEUEING =
      Set.of("block_getrq", "block_plug", "block_unplug", "block_rq_insert");

  static final List<SpanRule> ALL =
      List.of(
          new SpanRule(
              Cost.SOFTIRQ_ENTRY,
              "softirq_raise",
              Set.of("irq_handler_exit"),
              "softirq_entry",
              Set.of(Cost.HARDIRQ_EXIT),
              "softirq_raise in an interrupt to softirq_entry at its exit"),
          new SpanRule(
              Cost.BIO_COMPLETE,
              "block_rq_complete",
              Set.of("workqueue_queue_work"),
              "block_rq_complete",
              Set.of(Cost.QUEUE_WORK),
              "one block_rq_complete that queues a work item to the next"),
          new SpanRule(
              Cost.FOLIO_END_WRITEBACK,
              "block_rq_complete",
              Set.of(),
              "block_rq_complete",
              Set.of(Cost.BIO_COMPLETE),
              "one block_rq_complete to the next in one softirq"),
          new SpanRule(
              Cost.DIO_COMPLETE,
              "workqueue_execute_start",
              Set.of("softirq_raise"),
              "workqueue_execute_end",
              Set.of(),
              "a work item that raises a softirq, from start to end"),
          new SpanRule(
              Cost.BIO_SUBMIT,
              "block_bio_queue",
              QUEUEING,
              "block_rq_issue",
              Set.of(),
              "block_bio_queue to block_rq_issue by the same task"),
          new SpanRule(
              Cost.BLOCK_MAP,
              "iomap_writeback_folio",
              Set.of(),
              "iomap_add_to_ioend",
              Set.of(),
              "iomap_writeback_folio to iomap_add_to_ioend"),
          new SpanRule(
              Cost.FOLIO_WRITEBACK,
              "iomap_add_to_ioend",
              Set.of(),
              "iomap_writeback_folio",
              Set.of(),
              "iomap_add_to_ioend to the next iomap_writeback_folio"),
          new SpanRule(
              Cost.WRITEPAGES,
              "writeback_dirty_folio",
              Set.of(),
              "iomap_writeback_folio",
              Set.of(Cost.FOLIO_WRITEBACK),
              "a DONTCACHE write's writeback_dirty_folio to iomap_writeback_folio"),
          new SpanRule(
              Cost.BLOCK_ALLOC,
              "ext4_da_write_pages_extent",
              Set.of(),
              "block_bio_queue",
              Set.of(),
              "ext4_da_write_pages_extent to block_bio_queue"),
          new SpanRule(
              Cost.FS_TRANSACTION,
              "xfs_unwritten_convert",
              Set.of(),
              "xfs_unwritten_convert",
              Set.of(Cost.FOLIO_END_WRITEBACK),
              "one xfs_unwritten_convert to the next"));

  private SpanRules() {}
}
