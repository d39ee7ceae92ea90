package launcher.trace.event;

/**
 * A field of a kernel event, named as in the event's text. Counts and numbers are as printed; the
 * unit is told where it is not the obvious one. Absent fields are {@link KernelEvent#ABSENT}.
 */
public enum EventField {
  /** Device, packed by {@link DeviceNumber}; of a bdi whose name is a pair, that pair. */
  DEVICE,
  /** Text: name of the backing device. */
  BDI,
  /** Inode number. */
  INO,
  /** Page index in the file. */
  INDEX,
  /** Page frame number. */
  PFN,
  /** Byte offset in the file: of mm_filemap_*, iomap_* and xfs_*. */
  OFFSET,
  /** Last byte of a range that begins at OFFSET. */
  OFFSET_END,
  /** Bytes, of iomap_* and xfs_*; blocks in ext4_da_write_pages_extent. */
  LENGTH,
  /** Bytes that the mapping covers: of iomap_add_to_ioend. */
  MAP_LENGTH,
  /** Size of the file in bytes. */
  SIZE,
  /** Folio order; absent before folios. */
  ORDER,
  /** Byte position of a mapping or of a write. */
  POS,
  /** Byte address on the device. */
  ADDR,
  /** Text: type of an extent. */
  TYPE,
  /** First logical block. */
  LBLK,
  /** Pages: asked for in writeback_*, written in writeback_pages_written; may be negative. */
  NR_PAGES,
  /** Pages that a call may still write. */
  NR_TO_WRITE,
  /** Pages written. */
  PAGES_WRITTEN,
  /** Pages skipped. */
  PAGES_SKIPPED,
  /** First byte of a range, or -1. */
  RANGE_START,
  /** Last byte of a range. */
  RANGE_END,
  /** 1 if somebody waits for the writeback. */
  SYNC_MODE,
  /** 1 for periodic writeback. */
  KUPDATE,
  /** 1 if writeback goes on where it was. */
  RANGE_CYCLIC,
  /** 1 for background writeback. */
  BACKGROUND,
  /** Text: why writeback began, or why a TLB was flushed. */
  REASON,
  /** Inode number of the control group. */
  CGROUP_INO,
  /** Text: flags of an inode's state. */
  STATE,
  /** Text: flags of a call. */
  FLAGS,
  /** Jiffies when the inode became dirty. */
  DIRTIED_WHEN,
  /** Seconds, or milliseconds in writeback_queue_io. */
  AGE,
  /** Jiffies. */
  OLDER,
  /** Inodes put into the queue. */
  ENQUEUE,
  /** Pages that an inode's writeback may still write. */
  TO_WRITE,
  /** Pages that an inode's writeback wrote. */
  WROTE,
  /** Pages. */
  LIMIT,
  /** Pages. */
  SETPOINT,
  /** Pages. */
  DIRTY,
  /** Pages. */
  WB_SETPOINT,
  /** Pages. */
  WB_DIRTY,
  /** KiB a second. */
  DIRTY_RATELIMIT,
  /** KiB a second. */
  TASK_RATELIMIT,
  /** Pages. */
  DIRTIED,
  /** Pages. */
  DIRTIED_PAUSE,
  /** Milliseconds that the task has slept in this call. */
  PAUSED,
  /** Milliseconds that the task sleeps now. */
  PAUSE,
  /** Milliseconds. */
  PERIOD,
  /** Milliseconds. */
  THINK,
  /** KiB a second. */
  WRITE_BW,
  /** KiB a second. */
  AWRITE_BW,
  /** KiB a second. */
  DIRTY_RATE,
  /** KiB a second. */
  BALANCED_DIRTY_RATELIMIT,
  /** Pages. */
  WRITEBACK,
  /** Pages. */
  BG_THRESH,
  /** Pages. */
  THRESH,
  /** Pages. */
  WRITTEN,
  /** Address of a work item, which tells items apart. */
  WORK,
  /** Text: a function's name. */
  FUNCTION,
  /** Text: a workqueue's name. */
  WORKQUEUE,
  /** CPU that was asked for; the number of possible CPUs or more for none. */
  REQ_CPU,
  /** CPU: of a work item, or the target of a wake-up or an IPI. */
  CPU,
  /** Number of an interrupt. */
  IRQ,
  /** Text: name of an interrupt's owner. */
  NAME,
  /** Text: handled or unhandled. */
  RET,
  /** Number of a softirq or of an interrupt vector. */
  VEC,
  /** Text: name of a softirq. */
  ACTION,
  /** Text: task that leaves the CPU. */
  PREV_COMM,
  /** Its pid. */
  PREV_PID,
  /** Its priority. */
  PREV_PRIO,
  /** Text: its state. */
  PREV_STATE,
  /** Text: task that comes. */
  NEXT_COMM,
  /** Its pid. */
  NEXT_PID,
  /** Its priority. */
  NEXT_PRIO,
  /** Text: task that the event is about. */
  COMM,
  /** Its pid. */
  PID,
  /** Its priority. */
  PRIO,
  /** CPU that a task leaves. */
  ORIG_CPU,
  /** CPU that a task goes to. */
  DEST_CPU,
  /** Number of a transaction. */
  TRANSACTION,
  /** 1 if somebody waits for a commit. */
  SYNC,
  /** 1 if only data have to be synced. */
  DATASYNC,
  /** Pages asked for by the reader. */
  REQ_COUNT,
  /** Pages of a read-ahead window. */
  RA_SIZE,
  /** Pages of a window's asynchronous part. */
  ASYNC_SIZE,
  /** Pages that the device's read-ahead may have. */
  RA_PAGES,
  /** Pages to read. */
  NR_TO_READ,
  /** Pages of look-ahead. */
  LOOKAHEAD_SIZE,
  /** Byte position of the last read, or -1. */
  PREV_POS,
  /** Pages. */
  PAGES,
  /** Pages looked at by reclaim. */
  NR_SCANNED,
  /** Pages reclaimed. */
  NR_RECLAIMED,
  /** Dirty pages that reclaim met. */
  NR_DIRTY,
  /** Pages under writeback that reclaim met. */
  NR_WRITEBACK,
  /** Priority of reclaim. */
  PRIORITY,
  /** Memory node. */
  NID,
  /** Logical byte address in a compressed file. */
  LOGICAL,
  /** Physical byte address of compressed data. */
  PHYSICAL,
  /** Bytes uncompressed. */
  LOGICAL_LENGTH,
  /** Bytes compressed. */
  PHYSICAL_LENGTH,
  /** Result of a call. */
  RESULT
}
