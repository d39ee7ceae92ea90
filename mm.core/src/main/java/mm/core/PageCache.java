package mm.core;

import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import sim.kernel.Exec;
import sim.kernel.Machine;

/**
 * The page cache of one run, on its machine. Everything about files that are cached goes through
 * here: file systems lock folios and say when I/O has begun and ended; tasks read, write and sync.
 *
 * <p>A step function says so: it may name steps and sleep, and what follows must have been named
 * with {@link Exec#then} before. All others end in the current step and can be called anywhere that
 * their text allows.
 */
public final class PageCache {
  private final Machine machine;
  private final FolioStore folios = new FolioStore();
  private final AddressSpaces mappings = new AddressSpaces(folios);
  private final LruLists lru = new LruLists(folios);
  private final NodeStats stats = new NodeStats();

  /** An empty page cache. */
  public PageCache(Machine machine, MemorySettings memory, VmSettings settings) {
    this.machine = machine;
  }

  // Parts.

  /** The machine of this run. */
  public Machine machine() {
    return machine;
  }

  /** All folios. */
  public FolioStore folios() {
    return folios;
  }

  /** All mappings. */
  public AddressSpaces mappings() {
    return mappings;
  }

  /** All LRU lists. */
  public LruLists lru() {
    return lru;
  }

  /** Page counts of the node. */
  public NodeStats stats() {
    return stats;
  }

  /** Makes a device that files can be on. */
  public BackingDevice newBackingDevice(String name) {
    throw new UnsupportedOperationException();
  }

  /** Makes the empty mapping of an inode on a device. */
  public AddressSpace newMapping(
      long ino, BackingDevice device, AddressSpaceOperations operations) {
    throw new UnsupportedOperationException();
  }

  // Folio lock.

  /** Locks a folio. A step function: the next step holds the lock. Models {@code folio_lock}. */
  public void lock(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /** Locks a folio if that is possible at once; in any context. */
  public boolean trylock(int folio) {
    return folios.trylock(folio);
  }

  /** Unlocks a folio and wakes who waits for it; in any context. */
  public void unlock(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits until a folio is not under writeback. A step function; the caller holds the folio lock or
   * a reference. Models {@code folio_wait_writeback}.
   */
  public void waitWriteback(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  // Folio state.

  /** Sets UPTODATE. */
  public void markUptodate(int folio) {
    folios.set(folio, FolioFlag.UPTODATE);
  }

  /**
   * Makes a locked folio dirty, with all that is counted, and its inode too. In task context; ends
   * in this step. Models {@code filemap_dirty_folio}.
   *
   * @return whether it was clean
   */
  public boolean markDirty(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /**
   * Takes the dirty state off a locked folio that is about to be written. Models {@code
   * folio_clear_dirty_for_io}; the TOWRITE and DIRTY marks follow in {@link #startWriteback}.
   *
   * @return whether it was dirty
   */
  public boolean clearDirtyForIo(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /** Puts a locked folio that could not be written back among the dirty ones. */
  public void redirtyForWritepage(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /** Puts a locked folio under writeback. Models {@code folio_start_writeback}. */
  public void startWriteback(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends a folio's writeback: first the state, the counts and the waiters, then dropbehind. A step
   * function, in any context; never sleeps outside task context. Models {@code
   * folio_end_writeback}.
   */
  public void endWriteback(Exec x, int folio) {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends the read of a locked folio: UPTODATE if it went well, and unlocks. In any context; ends in
   * this step. Models {@code folio_end_read}.
   */
  public void endRead(Exec x, int folio, boolean ok) {
    throw new UnsupportedOperationException();
  }

  /** Records a failed write, for fsync to report. Models {@code mapping_set_error}. */
  public void setMappingError(AddressSpace mapping, int errno) {
    mapping.writebackErrors().record(errno);
  }

  // Calls of a task.

  /**
   * {@code write} through the page cache. A step function; its result is the bytes written or a
   * negative errno. Includes throttling and what O_SYNC or DONTCACHE ask for at the end; not the
   * system call's own cost.
   */
  public void write(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    throw new UnsupportedOperationException();
  }

  /** {@code read} through the page cache. A step function; its result is bytes, or negative. */
  public void read(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    throw new UnsupportedOperationException();
  }

  /** {@code fsync} of a whole file. A step function; its result is 0 or a negative errno. */
  public void fsync(Exec x, OpenFile file) {
    throw new UnsupportedOperationException();
  }

  /** {@code fdatasync} of a whole file. A step function; its result is 0 or a negative errno. */
  public void fdatasync(Exec x, OpenFile file) {
    throw new UnsupportedOperationException();
  }

  /** {@code sync_file_range}: flags as in its manual page. A step function. */
  public void syncFileRange(Exec x, OpenFile file, long pos, long countBytes, int flags) {
    throw new UnsupportedOperationException();
  }

  /** Writes a range out without waiting for it. A step function; {@code filemap_flush_range}. */
  public void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Waits for the writeback of a range, as {@code filemap_fdatawait_range}. A step function.
   *
   * @param end last byte, included
   */
  public void fdatawait(Exec x, AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }

  /**
   * Writes a range out and waits for it, as {@code filemap_write_and_wait_range}. A step function;
   * what O_DIRECT does before it goes to the device. Its result is 0 or a negative errno.
   *
   * @param end last byte, included
   */
  public void writeAndWait(Exec x, AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }

  /**
   * Removes clean folios of a range, as {@code invalidate_inode_pages2_range}: after a direct
   * write. A step function; its result is 0 or -EBUSY.
   *
   * @param end last byte, included
   */
  public void invalidate(Exec x, AddressSpace mapping, long start, long end) {
    throw new UnsupportedOperationException();
  }
}
