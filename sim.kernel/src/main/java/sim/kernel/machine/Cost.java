package sim.kernel.machine;

/**
 * Every duration that simulated code charges, with its default in nanoseconds.
 *
 * <p>The key is the constant's name in lower case with hyphens ({@code worker-wakeup}); scenarios
 * and machine profiles use it. Defaults are engineering figures for a 2.5 to 4 GHz server core;
 * {@code docs/model.md} says where each comes from.
 */
public enum Cost {
  /** Entry of a hard interrupt, up to its handler's first instruction. */
  HARDIRQ_ENTRY(300),
  /** Return from a hard interrupt. */
  HARDIRQ_EXIT(300),
  /** From a softirq's raise to its handler, at interrupt exit. */
  SOFTIRQ_ENTRY(300),
  /** The tick's own work, beyond entry and exit. */
  TICK(500),
  /** From sending a single-function or reschedule IPI to its arrival. */
  IPI(1_500),
  /** The sender's share of an IPI. */
  IPI_SEND(200),
  /** Switch from one task to another on a busy CPU. */
  CONTEXT_SWITCH(1_300),
  /** From a wake-up to the task's first instruction, if its CPU was idle. */
  WORKER_WAKEUP(6_000),
  /**
   * What a CPU at rest takes on top to leave its idle state when another CPU wakes a task on it.
   */
  IDLE_EXIT(0),
  /** The waker's share of {@code try_to_wake_up}. */
  WAKE(150),
  /** {@code queue_work}'s fast path. */
  QUEUE_WORK(250),
  /** Creation of a kernel worker thread. */
  WORKER_CREATE(30_000),
  /** Uncontended lock and unlock of a spinlock. */
  SPINLOCK(40),
  /** From a contended spinlock's release to its next owner. */
  SPINLOCK_HANDOFF(60),
  /** System call entry and exit. */
  SYSCALL(150),
  /** A job's own work to make up one I/O and to account for it, in user mode. */
  USER_IO(250),
  /** Copy of 4 KiB between user and kernel memory. */
  PAGE_COPY(400),
  /** Allocation of an order-0 folio, its insertion in the page cache and on the LRU. */
  FOLIO_ADD(900),
  /** Each further page of a large folio's allocation and insertion. */
  FOLIO_ADD_PAGE(60),
  /** Each further page of a large folio's removal from the page cache, its freeing included. */
  FOLIO_FREE_PAGE(23),
  /**
   * A page that is allocated or reclaimed after its {@code struct page} has left the last-level
   * cache: what the allocation or the reclaim waits for memory.
   */
  PAGE_COLD(0),
  /** The first touch of a page frame that the hypervisor has not backed yet. */
  PAGE_FIRST_TOUCH(0),
  /** The part of an insertion, removal or state change that a mapping's lock is held for. */
  FOLIO_TREE_HOLD(100),
  /** Look-up of a folio in the page cache. */
  FOLIO_LOOKUP(60),
  /** First dirtying of a clean folio. */
  FOLIO_DIRTY(300),
  /**
   * One call of {@code do_writepages}, whatever it finds: from the end of a write's dirtying over
   * {@code wbc_attach_fdatawrite_inode} and the plug to the first look for a folio.
   */
  WRITEPAGES(0),
  /** Per-folio share of writeback submission. */
  FOLIO_WRITEBACK(400),
  /** {@code folio_end_writeback}. */
  FOLIO_END_WRITEBACK(300),
  /** End of read of a folio. */
  FOLIO_END_READ(150),
  /** Removal and free of an unmapped folio by dropbehind. */
  FOLIO_DROP(700),
  /** Reclaim of one clean folio. */
  FOLIO_RECLAIM(600),
  /** Building and submitting a bio. */
  BIO_SUBMIT(1_000),
  /** Block layer and driver share of a completion, per bio. */
  BIO_COMPLETE(300),
  /** The end of a direct write in its work item, what that wakes included. */
  DIO_COMPLETE(1_000),
  /** One look at a device's completion queue by a polling task. */
  BIO_POLL(250),
  /** Issue of one request to the device. */
  REQUEST_ISSUE(400),
  /** Telling a virtio device that rests of a request: an exit to the hypervisor. */
  VIRTQUEUE_KICK(0),
  /** Adding a bio to a per-CPU completion list. */
  BIO_DEFER(80),
  /** Adding a folio to a dropbehind batch, the section of its lock. */
  FOLIO_DEFER(80),
  /** A buffer head's share of submission. */
  BUFFER_SUBMIT(150),
  /** A buffer head's share of completion. */
  BUFFER_END(120),
  /** Building an ioend. */
  IOEND_BUILD(250),
  /** A file system's block mapping call. */
  BLOCK_MAP(500),
  /** A file system's allocation of blocks for a delayed allocation, its transaction included. */
  BLOCK_ALLOC(10_000),
  /** ext4's reservation of a block for a delayed allocation, and the making of its buffer head. */
  BLOCK_RESERVE(0),
  /** A block's share of ext4's writeback: its state, and its place in a bio. */
  BUFFER_ADD(70),
  /** A look at one buffer head of a folio, in a loop over all of them. */
  BUFFER_SCAN(4),
  /** ext4's allocation of an extent for a delayed allocation. */
  EXTENT_ALLOC(4_000),
  /** ext4's conversion of an unwritten extent at the end of its writeback. */
  EXTENT_CONVERT(5_000),
  /** Start and stop of a handle of ext4's journal, and its share of the blocks' bookkeeping. */
  JOURNAL_HANDLE(1_500),
  /** A file system transaction at I/O completion (size update, unwritten conversion). */
  FS_TRANSACTION(60_000),
  /** Decompression of LZ4, each 4 KiB that come out of it. */
  DECOMPRESS(1_500),
  /** Verification of 4 KiB against a hash tree, as dm-verity does: SHA-256. */
  VERITY_BLOCK(2_000),
  /** Protection information of 4 KiB, made or verified: CRC T10 DIF. */
  INTEGRITY(400),
  /** One state's callback of a CPU hotplug operation. */
  HOTPLUG_CALLBACK(20_000),
  /** Local flush of one TLB entry. */
  TLB_FLUSH_LOCAL(150),
  /** Remote TLB shoot-down, the part that does not depend on the number of targets. */
  TLB_SHOOTDOWN(3_000),
  /** Remote TLB shoot-down, each target CPU. */
  TLB_SHOOTDOWN_CPU(150),
  /** A page fault: exception entry and exit, look-up of the VMA, page-table entry. */
  PAGE_FAULT(600),
  /** Unmapping one folio from one page table. */
  FOLIO_UNMAP(250);

  private final long defaultNs;
  private final String key;

  Cost(long defaultNs) {
    this.defaultNs = defaultNs;
    this.key = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Nanoseconds charged unless the machine profile says otherwise. */
  public long defaultNs() {
    return defaultNs;
  }

  /** Name in scenarios and profiles. */
  public String key() {
    return key;
  }
}
