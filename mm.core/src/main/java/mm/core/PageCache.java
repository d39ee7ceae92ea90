package mm.core;

import java.util.Objects;
import mm.core.file.FileCalls;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.mmap.FolioMaps;
import mm.core.reclaim.EvictionSlot;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.Memory;
import mm.core.reclaim.MemorySettings;
import mm.core.reclaim.Swap;
import mm.core.reclaim.SwapWriter;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.writeback.BackingDevice;
import mm.core.writeback.VmSettings;
import mm.core.writeback.Writeback;
import mm.core.writeback.WritebackSlot;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.Mutex;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

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
  private final Memory memory;
  private final Writeback writeback;
  private final FolioWaits waits;
  private final FolioStates states;
  private final Dropbehind dropbehind;
  private final FolioSplit split;
  private final FrozenFolios frozen;
  private final FolioMaps maps;
  private final EvictionSlot evictionSlot;
  private final WritebackSlot writebackSlot;
  private final FileCalls calls;
  private Swap swap;
  private ReadaheadOrder readaheadOrder = ReadaheadOrder.OF_FILE;
  private final LockClass inodeLocks = new LockClass("i_rwsem");
  private final LockClass spinLocks = new LockClass("i_lock");
  private final LockClass treeLocks = new LockClass("i_pages");

  /** An empty page cache. */
  public PageCache(Machine machine, MemorySettings memory, VmSettings settings) {
    this.machine = Objects.requireNonNull(machine, "machine");
    this.memory = new Memory(this, Objects.requireNonNull(memory, "memory"));
    writeback = new Writeback(this, Objects.requireNonNull(settings, "settings"));
    waits = new FolioWaits(this);
    states = new FolioStates(this);
    split = new FolioSplit(this);
    frozen = new FrozenFolios(this);
    dropbehind = new Dropbehind(this);
    evictionSlot = new EvictionSlot(this);
    maps = new FolioMaps(this);
    writebackSlot = new WritebackSlot(this);
    calls = new FileCalls(this);
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

  /** Memory, its groups and reclaim. */
  public Memory memory() {
    return memory;
  }

  /** Dirty state beyond folios: devices, flushers, throttling. */
  public Writeback writeback() {
    return writeback;
  }

  /** Who maps which folios. */
  public FolioMaps mapped() {
    return maps;
  }

  /** The eviction policy in use. */
  public EvictionSlot evictionSlot() {
    return evictionSlot;
  }

  /** The writeback policy in use. */
  public WritebackSlot writebackSlot() {
    return writebackSlot;
  }

  /** The dropbehind policy in use. */
  public DropbehindSlot dropbehindSlot() {
    return dropbehind.slot();
  }

  FolioWaits waits() {
    return waits;
  }

  FolioStates states() {
    return states;
  }

  Dropbehind dropbehind() {
    return dropbehind;
  }

  /** Makes a device that files can be on. */
  public BackingDevice newBackingDevice(String name) {
    return writeback.newDevice(name);
  }

  /** Makes the swap area, of that many pages. Called once, if there is to be one. */
  public Swap newSwap(int pages, SwapWriter writer) {
    if (swap != null) {
      throw new IllegalStateException("page cache: there is a swap area already; it has one");
    }
    swap = new Swap(this, newBackingDevice("swap"), writer, pages);
    return swap;
  }

  /** The swap area; null for none. */
  public Swap swap() {
    return swap;
  }

  /** A folio goes into the swap cache (1) or out of it (-1). Called by the swap area. */
  public void countSwapCache(int folio, boolean anon, int sign) {
    states.countSwapCache(folio, anon, sign);
  }

  /** Makes the empty mapping of an inode on a device. */
  public AddressSpace newMapping(
      long ino, BackingDevice device, AddressSpaceOperations operations) {
    AddressSpace mapping = mappings.create(ino);
    mapping.attach(
        Objects.requireNonNull(operations, "operations"),
        Objects.requireNonNull(device, "device"),
        new Mutex(inodeLocks),
        new SpinLock(spinLocks),
        new SpinLock(treeLocks));
    return mapping;
  }

  // Folio lock and references.

  /** Locks a folio. A step function: the next step holds the lock. Models {@code folio_lock}. */
  public void lock(Exec x, int folio) {
    waits.lock(x, folio);
  }

  /** Locks a folio if that is possible at once; in any context. */
  public boolean trylock(int folio) {
    return folios.trylock(folio);
  }

  /** Unlocks a folio and wakes who waits for it; in any context. */
  public void unlock(Exec x, int folio) {
    waits.unlock(x, folio);
  }

  /**
   * Waits until whoever holds a folio's lock has unlocked it. A step function; the caller holds a
   * reference. Models {@code folio_put_wait_locked}.
   */
  public void waitUnlocked(Exec x, int folio) {
    waits.waitUnlocked(x, folio);
  }

  /**
   * Waits until a folio is not under writeback. A step function; the caller holds the folio lock or
   * a reference. Models {@code folio_wait_writeback}.
   */
  public void waitWriteback(Exec x, int folio) {
    waits.waitWriteback(x, folio);
  }

  /** Drops a reference, and frees the folio and its memory if it was the last. */
  public void put(int folio) {
    if (folios.putTestzero(folio)) {
      if (folios.test(folio, FolioFlag.LRU)) {
        lru.del(folio);
      }
      free(folio);
    }
  }

  private static final FolioFlag ACTIVE_OR_UNEVICTABLE = FolioFlag.ACTIVE.or(FolioFlag.UNEVICTABLE);

  private void free(int folio) {
    evictionSlot.freed(folio);
    memory.frames().freed(folio);
    if (folios.test(folio, FolioFlag.BUFFERS)) {
      memory.unchargeObjects(folios.memcg(folio), BUFFER_HEAD_BYTES * folios.nrPages(folio));
    }
    memory.uncharge(folios.memcg(folio), folios.nrPages(folio));
    folios.free(folio);
  }

  // Folio state.

  /** {@code sizeof(struct buffer_head)} and the pointer to who is charged for it. */
  private static final long BUFFER_HEAD_BYTES = 104 + 8;

  /**
   * A folio gets a buffer head for each page, unless it has them: its group is charged for them
   * until it is freed. In the current step. Models {@code folio_alloc_buffers} of blocks of a page.
   */
  public void attachBuffers(Exec x, int folio) {
    if (!folios.testSet(folio, FolioFlag.BUFFERS)) {
      memory.chargeObjects(x, folios.memcg(folio), BUFFER_HEAD_BYTES * folios.nrPages(folio));
    }
  }

  /** Sets UPTODATE. */
  public void markUptodate(int folio) {
    folios.set(folio, FolioFlag.UPTODATE);
  }

  /**
   * Makes a locked folio dirty, with all that is counted, and its inode too. In task context; ends
   * in this step and charges {@link Cost#FOLIO_DIRTY}. Models {@code filemap_dirty_folio}, which
   * leaves a readahead marker where it is.
   *
   * @return whether it was clean
   */
  public boolean markDirty(Exec x, int folio) {
    return states.markDirty(x, folio);
  }

  /**
   * As {@link #markDirty}, of a folio that was stored to through a mapping: it is neither to be
   * reclaimed soon nor a readahead marker any more. Models {@code folio_mark_dirty}.
   */
  public boolean markStoredTo(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.RECLAIM)) {
      folios.clear(folio, FolioFlag.RECLAIM);
    }
    return states.markDirty(x, folio);
  }

  /**
   * Takes the dirty state off a locked folio that is about to be written. Models {@code
   * folio_clear_dirty_for_io}; the TOWRITE and DIRTY marks follow in {@link #startWriteback}. Done
   * already for folios that {@link mm.core.writeback.FolioWriteback} hands out.
   *
   * @return whether it was dirty
   */
  public boolean clearDirtyForIo(Exec x, int folio) {
    return states.clearDirtyForIo(x, folio);
  }

  /**
   * Puts a locked folio that could not be written back among the dirty ones. Models {@code
   * folio_redirty_for_writepage}; the caller also tells its {@code WritebackControl} with {@code
   * addSkipped}.
   */
  public void redirtyForWritepage(Exec x, int folio) {
    states.markDirty(x, folio);
  }

  /** Puts a locked folio under writeback. Models {@code folio_start_writeback}. */
  public void startWriteback(Exec x, int folio) {
    frozen.requireNone(x, "I/O was started");
    evictionSlot.writeOutBegins(x, folio);
    states.startWriteback(x, folio);
  }

  /**
   * Ends a folio's writeback: first the state, the counts and the waiters, then dropbehind in a
   * step of its own. A step function, in any context; never sleeps outside task context. Charges
   * {@link Cost#FOLIO_END_WRITEBACK}, and {@link Cost#FOLIO_DROP} if it drops the folio. Models
   * {@code folio_end_writeback}.
   */
  public void endWriteback(Exec x, int folio) {
    states.endWriteback(x, folio);
    if (folios.test(folio, FolioFlag.DROPBEHIND)) {
      dropbehind.afterWriteback(x, folio);
    }
  }

  /**
   * Ends the read of a locked folio: UPTODATE if it went well, and unlocks. In any context; ends in
   * this step and charges {@link Cost#FOLIO_END_READ}. Models {@code folio_end_read}.
   */
  public void endRead(Exec x, int folio, boolean ok) {
    x.charge(Cost.FOLIO_END_READ);
    if (ok) {
      markUptodate(folio);
    }
    unlock(x, folio);
  }

  /**
   * Records a failed write, for fsync to report. Models {@code mapping_set_error}.
   *
   * @param errno above 0
   */
  public void setMappingError(AddressSpace mapping, int errno) {
    mapping.writebackErrors().record(errno);
  }

  /** A look-up that wants the folio for good: it is no longer dropped behind. */
  public void clearDropbehind(Exec x, AddressSpace mapping, int folio) {
    states.clearDropbehind(x, mapping, folio);
  }

  /**
   * A folio was used: once makes it REFERENCED, twice active; a dropbehind folio is left as it is.
   * Models {@code folio_mark_accessed}.
   */
  public void markAccessed(int folio) {
    if (folios.test(folio, FolioFlag.DROPBEHIND)) {
      return;
    }
    if (!folios.testSet(folio, FolioFlag.REFERENCED)) {
      return;
    }
    if (folios.test(folio, FolioFlag.LRU) && !folios.test(folio, ACTIVE_OR_UNEVICTABLE)) {
      lru.activate(folio);
      folios.clear(folio, FolioFlag.REFERENCED);
      memory.workingset().activated(folio);
    }
  }

  /**
   * Puts a new, locked folio into a mapping, where there must be none. The memory must have been
   * charged in this step ({@link Memory#tryCharge}). The caller gets a reference, and charges
   * {@link Cost#FOLIO_ADD}. Models {@code filemap_add_folio}.
   */
  public int addFolio(Exec x, AddressSpace mapping, long index, int order, Memcg memcg) {
    return states.add(x, mapping, index, order, memcg);
  }

  /**
   * As {@link #addFolio}, for a page that is about to be overwritten: it is new, whether it was
   * evicted before or not. Models {@code __GFP_WRITE}.
   */
  public int addFolioToWrite(Exec x, AddressSpace mapping, long index, int order, Memcg memcg) {
    memory.workingset().forget(mapping, index, index + (1L << order) - 1);
    return addFolio(x, mapping, index, order, memcg);
  }

  /**
   * Splits a large, locked, unmapped folio so that page {@code index} becomes a folio by itself and
   * all other pages stay in folios as large as they can be. The caller's lock and reference stay
   * with {@code folio}, which has the first part; the others are unlocked. Models {@code
   * folio_split} to order 0; charges {@link Cost#FOLIO_ADD_PAGE} for each page.
   *
   * @return false if it could not be split: it is under writeback or isolated, somebody else refers
   *     to it, or the file system keeps its private state; nothing has changed then
   */
  public boolean split(Exec x, AddressSpace mapping, int folio, long index) {
    return split.split(x, mapping, folio, index);
  }

  /**
   * Says where readahead has the size of its folios from; {@link ReadaheadOrder#OF_FILE} at first.
   */
  public void useReadaheadOrder(ReadaheadOrder kind) {
    readaheadOrder = Objects.requireNonNull(kind, "kind");
  }

  /** Where readahead has the size of its folios from. */
  public ReadaheadOrder readaheadOrder() {
    return readaheadOrder;
  }

  /** Says what becomes of dropbehind at a split; {@link SplitDropbehind#KEPT} at first. */
  public void useSplitDropbehind(SplitDropbehind kind) {
    split.use(kind);
  }

  /**
   * Takes a locked, clean, unmapped folio without private state out of the page cache. The caller
   * holds a reference.
   */
  public void removeFolio(Exec x, AddressSpace mapping, int folio) {
    states.remove(x, mapping, folio);
  }

  /**
   * Takes all references of a folio away if there are {@code expected} of them: until {@link
   * #unfreeze} or {@link #removeFrozen} each look-up that meets it spins. So the task may not
   * sleep, start I/O or wait for a TLB flush meanwhile; a complaint says so if it does. Models
   * {@code folio_ref_freeze}.
   */
  public boolean freeze(Exec x, int folio, int expected) {
    return frozen.begin(x, folio, expected);
  }

  /** Gives a frozen folio its references back. Models {@code folio_ref_unfreeze}. */
  public void unfreeze(Exec x, int folio, int count) {
    frozen.end(x, folio);
    folios.unfreeze(folio, count);
  }

  /** A task is about to do what takes long: a complaint if it has a folio frozen. */
  public void requireNothingFrozen(Exec x, String what) {
    frozen.requireNone(x, what);
  }

  /**
   * Takes a folio that reclaim has locked and frozen out of the page cache, where no look-up meets
   * it any more, and unlocks it; {@link #freeRemoved} ends it. Models {@code __remove_mapping}.
   */
  public void removeFrozen(Exec x, AddressSpace mapping, int folio) {
    states.leave(x, mapping, folio);
    frozen.end(x, folio);
    folios.unlock(folio);
  }

  /** Frees the memory of a folio after {@link #removeFrozen}: {@code free_unref_folios}. */
  public void freeRemoved(int folio) {
    free(folio);
  }

  /** Throws away that a locked folio is dirty: {@code folio_cancel_dirty}. */
  public void cancelDirty(Exec x, AddressSpace mapping, int folio) {
    states.cancelDirty(x, mapping, folio);
  }

  /**
   * Takes a locked, unmapped folio out of the page cache unless it is dirty or the file system
   * keeps it. The caller holds a reference. Models the end of {@code folio_unmap_invalidate}.
   */
  public boolean invalidateFolio(Exec x, AddressSpace mapping, int folio) {
    return dropbehind.invalidate(x, mapping, folio);
  }

  /**
   * Drops a folio that a read was done with, if it was made for that read. A step function, which
   * puts the caller's reference. Models {@code filemap_end_dropbehind_read}.
   */
  public void endDropbehindRead(Exec x, int folio) {
    dropbehind.afterRead(x, folio);
  }

  /** Pages of folios that dropbehind came to, by what became of them. */
  public long dropbehindPages(DropOutcome outcome) {
    return dropbehind.pages(outcome);
  }

  // Calls of a task.

  /**
   * {@code write} through the page cache. A step function; its result is the bytes written or a
   * negative errno. Includes throttling and what O_SYNC or DONTCACHE ask for at the end; not the
   * system call's own cost.
   */
  public void write(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    calls.write(x, file, pos, countBytes, flags);
  }

  /**
   * {@code read} through the page cache. A step function; its result is the bytes read, 0 at the
   * end of the file, or a negative errno.
   */
  public void read(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    calls.read(x, file, pos, countBytes, flags);
  }

  /** {@code fsync} of a whole file. A step function; its result is 0 or a negative errno. */
  public void fsync(Exec x, OpenFile file) {
    calls.fsync(x, file, 0, Long.MAX_VALUE, false);
  }

  /** {@code fdatasync} of a whole file. A step function; its result is 0 or a negative errno. */
  public void fdatasync(Exec x, OpenFile file) {
    calls.fsync(x, file, 0, Long.MAX_VALUE, true);
  }

  /**
   * {@code sync_file_range}. A step function; its result is 0 or a negative errno.
   *
   * @param countBytes 0 for the rest of the file
   * @param flags 1 waits before, 2 writes, 4 waits after
   */
  public void syncFileRange(Exec x, OpenFile file, long pos, long countBytes, int flags) {
    calls.syncFileRange(x, file, pos, countBytes, flags);
  }

  /**
   * Writes a range out without waiting for it. A step function; its result is 0 or a negative
   * errno. Models {@code filemap_flush_range}.
   */
  public void flushRange(Exec x, AddressSpace mapping, long pos, long countBytes) {
    calls.flushRange(x, mapping, pos, pos + countBytes - 1);
  }

  /** As {@link #flushRange}, until that many pages have been submitted. */
  public void flushRangeUpTo(Exec x, AddressSpace mapping, long pos, long countBytes, long pages) {
    calls.flushRangeUpTo(x, mapping, pos, pos + countBytes - 1, pages);
  }

  /**
   * Waits for the writeback of a range, as {@code filemap_fdatawait_range}; reports no errors. A
   * step function.
   *
   * @param end last byte, included
   */
  public void fdatawait(Exec x, AddressSpace mapping, long start, long end) {
    calls.fdatawait(x, mapping, start, end);
  }

  /**
   * Writes a range out and waits for it, as {@code filemap_write_and_wait_range}: what O_DIRECT
   * does before it goes to the device. A step function; its result is 0 or a negative errno.
   *
   * @param end last byte, included
   */
  public void writeAndWait(Exec x, AddressSpace mapping, long start, long end) {
    calls.writeAndWait(x, mapping, start, end);
  }

  /**
   * Removes the folios of a range, as {@code invalidate_inode_pages2_range}: after a direct write.
   * A step function; its result is 0, or -EBUSY if a folio had to stay.
   *
   * @param end last byte, included
   */
  public void invalidate(Exec x, AddressSpace mapping, long start, long end) {
    calls.invalidate(x, mapping, start, end);
  }

  /**
   * {@code POSIX_FADV_DONTNEED}: starts writeback of a range, then removes its clean, unmapped and
   * unlocked folios. A step function; its result is 0.
   *
   * @param end last byte, included
   */
  public void dontneed(Exec x, AddressSpace mapping, long start, long end) {
    calls.dontneed(x, mapping, start, end);
  }

  /** Cuts a file to a size; what lies behind is thrown away, dirty or not. A step function. */
  public void truncate(Exec x, AddressSpace mapping, long sizeBytes) {
    calls.truncate(x, mapping, sizeBytes);
  }

  /**
   * Emits the levels of cached, dirty and writeback pages; called after a whole batch of changes.
   */
  public void traceLevel(Exec x) {
    machine
        .trace()
        .emit(
            x.nowNs(),
            x.cpu().id(),
            Tracepoint.CACHE_LEVEL,
            stats.get(NodeStat.FILE_PAGES),
            stats.get(NodeStat.FILE_DIRTY),
            stats.get(NodeStat.WRITEBACK));
  }

  /**
   * Checks every count against the folios that it counts, and every folio against its tree, in time
   * that grows with the page cache. For tests, and for the end of a run, when no task is in a call.
   *
   * @throws IllegalStateException that names the first that differs
   */
  public void verify() {
    new PageCacheAudit(this).verify();
  }

  /**
   * As {@link #verify}, as far as it holds between any two events: levels, marks, and that a
   * flusher knows of every dirty folio.
   */
  public void verifyLevels() {
    new PageCacheAudit(this).verifyLevels();
  }
}
