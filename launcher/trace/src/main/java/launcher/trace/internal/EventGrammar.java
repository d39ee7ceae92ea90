package launcher.trace.internal;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import launcher.trace.event.EventField;
import launcher.trace.event.EventKind;
import launcher.trace.internal.FieldSpec.Type;

/**
 * How the fields of each kernel event stand in its line; the {@code print fmt} of an event is in
 * its {@code format} file below tracing/events.
 *
 * <p>A field is its key, a sign for its type, {@code ?} if a line may do without it, and {@code
 * >name} where the field is not called like its key. {@code ~} is a space in a key.
 */
final class EventGrammar {
  /**
   * Signs: none for a number, # to the base of 16, .. a range, @ a device, & a backing device, $ a
   * word, % a task's name, * the rest of the line.
   */
  private static final String TABLE =
      """
      writeback_dirty_folio,
      folio_wait_writeback: bdi& ino index
      writeback_mark_inode_dirty,
      writeback_dirty_inode_start,
      writeback_dirty_inode: bdi& ino state$? flags$?
      writeback_write_inode_start,
      writeback_write_inode: bdi& ino sync_mode? cgroup_ino?
      writeback_queue,
      writeback_exec,
      writeback_start,
      writeback_written,
      writeback_wait: bdi& nr_pages sync_mode? kupdate? range_cyclic? background? reason$?
          cgroup_ino? ino? offset?
      writeback_pages_written: >nr_pages
      writeback_wake_background,
      writeback_bdi_register: bdi& cgroup_ino?
      writeback_queue_io: bdi& older? age? enqueue reason$? cgroup_ino?
      writeback_single_inode_start,
      writeback_single_inode: bdi& ino state$? dirtied_when? age? index? to_write? wrote?
          cgroup_ino?
      writeback_sb_inodes_requeue: bdi& ino state$? dirtied_when? age? cgroup_ino?
      wbc_writepage: bdi& towrt>to_write skip?>pages_skipped mode?>sync_mode kupd?>kupdate
          bgrd?>background cyclic?>range_cyclic start?>range_start end?>range_end cgroup_ino?
      balance_dirty_pages: bdi& limit? setpoint? dirty? wb_setpoint? bdi_setpoint?>wb_setpoint
          wb_dirty? bdi_dirty?>wb_dirty dirty_ratelimit? task_ratelimit? dirtied?
          dirtied_pause? paused? pause period? think? cgroup_ino?
      bdi_dirty_ratelimit: bdi& write_bw awrite_bw? dirty_rate? dirty_ratelimit?
          task_ratelimit? balanced_dirty_ratelimit? cgroup_ino?
      global_dirty_state: dirty writeback? bg_thresh? thresh? limit? dirtied? written?
      mm_filemap_add_to_page_cache,
      mm_filemap_delete_from_page_cache: dev@>device ino# pfn? ofs>offset order?
      mm_filemap_get_pages,
      mm_filemap_map_pages: dev@>device ino# ofs..>offset
      mm_filemap_fault: dev@>device ino# ofs>offset
      filemap_set_wb_err,
      file_check_and_advance_wb_err: dev@>device ino#
      workqueue_queue_work: work~struct#>work function$ workqueue$? req_cpu? cpu?
      workqueue_activate_work,
      workqueue_execute_start,
      workqueue_execute_end: work~struct#>work function$?
      irq_handler_entry: irq name*?
      irq_handler_exit: irq ret$?
      softirq_raise,
      softirq_entry,
      softirq_exit: vec action$?
      sched_switch: prev_comm% prev_pid prev_prio prev_state$ next_comm% next_pid next_prio?
      sched_wakeup,
      sched_wakeup_new,
      sched_waking: comm% pid prio? target_cpu?>cpu
      sched_migrate_task: comm% pid prio? orig_cpu? dest_cpu?
      call_function_entry,
      call_function_exit,
      call_function_single_entry,
      call_function_single_exit: vector>vec
      ipi_send_cpu: cpu callback$?>function
      iomap_writeback_folio: dev@>device ino size? offset length
      iomap_add_to_ioend: dev@>device ino pos len>length addr? offset? length?>map_length
          type$?
      iomap_dio_rw_begin: dev@>device ino size? offset length flags$?
      iomap_dio_complete: dev@>device ino size? offset? flags$? error?>result ret?>result
      xfs_unwritten_convert,
      xfs_setfilesize: dev@>device ino isize?>size pos? offset?>pos bytecount?>length
          count?>length
      xfs_file_buffered_read,
      xfs_file_buffered_write,
      xfs_file_direct_read,
      xfs_file_direct_write: dev@>device ino disize?>size size? pos? offset?>pos
          bytecount?>length count?>length
      xfs_file_fsync: dev@>device ino
      ext4_writepages: dev@>device ino nr_to_write pages_skipped? range_start? range_end?
          sync_mode? for_kupdate?>kupdate range_cyclic?
      ext4_writepages_result: dev@>device ino ret?>result pages_written? pages_skipped?
          sync_mode?
      ext4_da_write_pages_extent: dev@>device ino lblk len>length flags$?
      ext4_write_begin,
      ext4_da_write_begin: dev@>device ino pos len>length flags$?
      ext4_sync_file_enter: dev@>device ino datasync?
      ext4_sync_file_exit: dev@>device ino ret?>result
      jbd2_start_commit,
      jbd2_end_commit: dev@>device transaction sync?
      erofs_readahead: dev@>device nid>ino start>index nrpage>pages
      erofs_map_blocks_enter: dev@>device nid>ino la>logical llen?>logical_length flags$?
      erofs_map_blocks_exit: dev@>device nid>ino flags$? la>logical pa?>physical
          llen?>logical_length plen?>physical_length ret?>result
      page_cache_ra_unbounded: dev@>device ino# index nr_to_read lookahead_size?
      page_cache_ra_order: dev@>device ino# index order? size?>ra_size async_size? ra_pages?
      page_cache_sync_ra,
      page_cache_async_ra: dev@>device ino# index req_count? order? size?>ra_size async_size?
          ra_pages? prev_pos?
      mm_vmscan_lru_shrink_inactive: nid nr_scanned nr_reclaimed nr_dirty? nr_writeback?
          priority? flags$?
      mm_vmscan_memcg_reclaim_begin,
      mm_vmscan_direct_reclaim_begin: order
      mm_vmscan_memcg_reclaim_end,
      mm_vmscan_direct_reclaim_end: nr_reclaimed
      mm_vmscan_kswapd_wake: nid order?
      mm_vmscan_kswapd_sleep: nid
      tlb_flush: pages reason*?
      """;

  /** Names that events had in older kernels. */
  private static final Map<String, EventKind> FORMER =
      Map.of(
          "writeback_dirty_page", EventKind.WRITEBACK_DIRTY_FOLIO,
          "wait_on_page_writeback", EventKind.FOLIO_WAIT_WRITEBACK,
          "iomap_writepage", EventKind.IOMAP_WRITEBACK_FOLIO,
          "iomap_writepage_map", EventKind.IOMAP_ADD_TO_IOEND);

  private static final Map<EventKind, FieldSpec[]> SPECS = parse();
  private static final Map<String, EventKind> NAMES = names();

  private EventGrammar() {}

  /** The kind of an event; OTHER if it has none of its own. */
  static EventKind kind(String eventName) {
    return NAMES.getOrDefault(eventName, EventKind.OTHER);
  }

  /** The fields of a kind, in the order in which they stand; none for OTHER. */
  static FieldSpec[] fields(EventKind kind) {
    return SPECS.getOrDefault(kind, new FieldSpec[0]);
  }

  private static Map<String, EventKind> names() {
    Map<String, EventKind> names = new HashMap<>(FORMER);
    for (EventKind kind : EventKind.values()) {
      if (kind != EventKind.OTHER) {
        names.put(kind.eventName(), kind);
      }
    }
    return names;
  }

  private static Map<EventKind, FieldSpec[]> parse() {
    Map<EventKind, FieldSpec[]> specs = new EnumMap<>(EventKind.class);
    for (String row : TABLE.replaceAll("\\n +", " ").replace(",\n", ",").split("\n")) {
      int colon = row.indexOf(':');
      List<FieldSpec> fields = new ArrayList<>();
      for (String word : row.substring(colon + 1).trim().split(" ")) {
        fields.add(field(word));
      }
      for (String name : row.substring(0, colon).split(",")) {
        EventKind kind = EventKind.valueOf(name.toUpperCase(Locale.ROOT));
        specs.put(kind, fields.toArray(new FieldSpec[0]));
      }
    }
    return specs;
  }

  private static FieldSpec field(String word) {
    int arrow = word.indexOf('>');
    String left = arrow < 0 ? word : word.substring(0, arrow);
    boolean optional = left.endsWith("?");
    left = optional ? left.substring(0, left.length() - 1) : left;
    int key = 0;
    while (key < left.length() && "#.@&$%*".indexOf(left.charAt(key)) < 0) {
      key++;
    }
    Type type =
        switch (left.substring(key)) {
          case "" -> Type.NUMBER;
          case "#" -> Type.HEX;
          case ".." -> Type.RANGE;
          case "@" -> Type.DEVICE;
          case "&" -> Type.BDI;
          case "$" -> Type.WORD;
          case "%" -> Type.TASK;
          case "*" -> Type.REST;
          default -> throw new IllegalStateException(word + ": no type has this sign");
        };
    String name = arrow < 0 ? left.substring(0, key) : word.substring(arrow + 1);
    EventField field = EventField.valueOf(name.toUpperCase(Locale.ROOT));
    FieldSpec spec = FieldSpec.of(field, left.substring(0, key).replace('~', ' '), type);
    return optional ? spec.orNone() : spec;
  }
}
