package mm.core;

import java.util.List;
import mm.core.mmap.Vma;
import mm.core.reclaim.ShadowEntries;
import mm.core.reclaim.SwapBacked;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.InodeWriteback;
import sim.kernel.lock.Mutex;
import sim.kernel.lock.SpinLock;

/**
 * The page cache of one inode: variable name {@code mapping}. Models {@code struct address_space}.
 *
 * <p>Made by {@link AddressSpaces}, which gives out the id that folios carry.
 */
public final class AddressSpace {
  private final int id;
  private final long hostInode;
  private final PageTree pages;
  private final ErrorSequence writebackErrors = new ErrorSequence();
  private long writebackIndex;
  private int orderMin;
  private int orderMax;
  private long sizeBytes;
  private AddressSpaceOperations operations;
  private InodeWriteback inode;
  private Mutex inodeLock;
  private SpinLock spinLock;
  private SpinLock treeLock;
  private boolean sharedWrites;
  private List<Vma> vmas;
  private SwapBacked swapBacked;
  private ShadowEntries shadows;

  AddressSpace(int id, long hostInode, PageTree pages) {
    this.id = id;
    this.hostInode = hostInode;
    this.pages = pages;
  }

  /** What {@link FolioStore#mapping} gives for its folios; above 0. */
  public int id() {
    return id;
  }

  /** Number of the inode whose content this is. */
  public long hostInode() {
    return hostInode;
  }

  /** The folios: {@code i_pages}. */
  public PageTree pages() {
    return pages;
  }

  /** Pages cached: {@code nrpages}. */
  public long nrPages() {
    return pages.pageCount();
  }

  /** Where cyclic writeback goes on: {@code writeback_index}, in pages. */
  public long writebackIndex() {
    return writebackIndex;
  }

  /** Sets where cyclic writeback goes on. */
  public void setWritebackIndex(long index) {
    if (index < 0) {
      throw new IllegalArgumentException(
          "mapping " + id + ": writeback index is " + index + "; it must be 0 or above");
    }
    writebackIndex = index;
  }

  /** The smallest order a folio of this mapping may have. */
  public int orderMin() {
    return orderMin;
  }

  /** The largest order a folio of this mapping may have; 0 at first: no large folios. */
  public int orderMax() {
    return orderMax;
  }

  /** Sets the orders allowed. Models {@code mapping_set_folio_order_range}. */
  public void setOrderRange(int min, int max) {
    if (min < 0 || max > FolioStore.ORDER_MAX || min > max) {
      throw new IllegalArgumentException(
          "mapping " + id + ": order range is " + min + " to " + max + "; it must lie in 0 to 9");
    }
    orderMin = min;
    orderMax = max;
  }

  /** Failed writes that fsync has to report: {@code wb_err}. */
  public ErrorSequence writebackErrors() {
    return writebackErrors;
  }

  /** Makes this the content of a file. Called once, by the page cache. */
  void attach(
      AddressSpaceOperations ops, BackingDevice device, Mutex mutex, SpinLock lock, SpinLock tree) {
    operations = ops;
    inode = new InodeWriteback(this, device);
    inodeLock = mutex;
    spinLock = lock;
    treeLock = tree;
  }

  /** The file system's operations; null for a mapping that only holds folios. */
  public AddressSpaceOperations operations() {
    return operations;
  }

  /** Its inode, as writeback sees it; null for a mapping that only holds folios. */
  public InodeWriteback inode() {
    return inode;
  }

  /** The device its file is on. */
  public BackingDevice device() {
    return inode.device();
  }

  /** {@code i_rwsem}, taken for a write; readers take nothing. */
  public Mutex inodeLock() {
    return inodeLock;
  }

  /** {@code i_lock}. */
  public SpinLock spinLock() {
    return spinLock;
  }

  /** The lock of {@code i_pages}. */
  public SpinLock treeLock() {
    return treeLock;
  }

  /** Whether writers don't exclude each other, as on a block device. */
  public boolean sharedWrites() {
    return sharedWrites;
  }

  /** Sets {@link #sharedWrites}. */
  public void setSharedWrites(boolean set) {
    sharedWrites = set;
  }

  /** The parts that processes have mapped, {@code i_mmap}; null for none. */
  public List<Vma> vmas() {
    return vmas;
  }

  /** Called by {@link mm.core.mmap.FolioMaps}. */
  public void setVmas(List<Vma> parts) {
    vmas = parts;
  }

  /** What it does as anonymous memory or shmem; null for a file. */
  public SwapBacked swapBacked() {
    return swapBacked;
  }

  /** Called by {@link mm.core.reclaim.Swap}. */
  public void setSwapBacked(SwapBacked memory) {
    swapBacked = memory;
  }

  /** What reclaim left in the place of folios; null for nothing yet. */
  public ShadowEntries shadows() {
    return shadows;
  }

  /** Called by {@link mm.core.reclaim.Workingset}. */
  public void setShadows(ShadowEntries entries) {
    shadows = entries;
  }

  /** Size of the file: {@code i_size}, in bytes. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** Sets the size of a file that is made or truncated; the folios beyond are the caller's. */
  public void setSizeBytes(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "mapping " + id + ": size is " + bytes + "; it must be 0 or above");
    }
    sizeBytes = bytes;
  }

  /** Makes the file at least that large; what a write does at its end. */
  public void extendTo(long bytes) {
    sizeBytes = Math.max(sizeBytes, bytes);
  }
}
