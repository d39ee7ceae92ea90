package fs.iomap.erofs;

/** Who decompresses what was read if the last bio of a request ended in atomic context. */
public enum DecompressionTask {
  /** {@code erofs_worker}: {@code WQ_UNBOUND}, {@code WQ_HIGHPRI}, one item for each CPU. */
  UNBOUND_WORKQUEUE,
  /** {@code CONFIG_EROFS_FS_PCPU_KTHREAD}: a fair thread of the CPU; without one, the workqueue. */
  CPU_KTHREAD,
  /** {@code CONFIG_EROFS_FS_PCPU_KTHREAD_HIPRI}: the same threads with SCHED_FIFO priority 1. */
  CPU_RT_KTHREAD
}
