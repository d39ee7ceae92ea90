package mm.core.reclaim;

import java.util.Objects;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.writeback.BackingDevice;
import sim.kernel.Exec;

/**
 * The swap area of a run: its slots, and the memory that may go there. Models mm/swapfile.c and the
 * swap cache as far as reclaim needs them: a folio has a slot from {@code folio_alloc_swap} until
 * it is dirtied again; a page that is not in memory keeps it.
 *
 * <p>Made by {@link PageCache#newSwap}.
 */
public final class Swap {
  /** What swap-backed memory is. */
  public enum Kind {
    /** Anonymous memory of a process; its mapping stands for the anon_vma and the swap cache. */
    ANON,
    /** Shared memory. */
    SHMEM
  }

  private final PageCache cache;
  private final FolioStore folios;
  private final BackingDevice device;
  private final SwapWriter writer;
  private final int slots;
  private final int[] freeSlots;
  private int freeCount;

  /** Called by the page cache. */
  public Swap(PageCache cache, BackingDevice device, SwapWriter writer, int slots) {
    if (slots < 1) {
      throw new IllegalArgumentException("swap: slots is " + slots + "; it must be above 0");
    }
    this.cache = cache;
    folios = cache.folios();
    this.device = device;
    this.writer = Objects.requireNonNull(writer, "writer");
    this.slots = slots;
    freeSlots = new int[slots];
    // The lowest is given out first; slot 0 is the area's header.
    for (int i = 0; i < slots; i++) {
      freeSlots[i] = slots - i;
    }
    freeCount = slots;
    device.setReadaheadPages(0);
  }

  /** Slots in all. */
  public int slots() {
    return slots;
  }

  /** Slots that no page has. */
  public int freeSlots() {
    return freeCount;
  }

  /** Makes memory of that many pages, all zero, in no folio yet; mapped and accessed as a file. */
  public AddressSpace newMemory(Kind kind, long ino, int pages) {
    SwapBacked operations = new SwapBacked(cache, this, kind, pages);
    AddressSpace mapping = cache.newMapping(ino, device, operations);
    mapping.setSwapBacked(operations);
    mapping.setSizeBytes((long) pages << MemorySettings.PAGE_SHIFT);
    return mapping;
  }

  SwapWriter writer() {
    return writer;
  }

  /** A free slot, above 0; 0 if there is none. */
  int alloc() {
    return freeCount == 0 ? 0 : freeSlots[--freeCount];
  }

  void free(int slot) {
    freeSlots[freeCount++] = slot;
  }

  /**
   * Writes a page of shared memory out although nobody reclaims it, unless it is locked, mapped,
   * clean or under writeback. In task context; ends in the current step. Models {@code
   * shmem_writeout} as a driver's shrinker calls it.
   *
   * @return whether its write-out began
   */
  public boolean writeOut(Exec x, AddressSpace mapping, long index) {
    int folio = mapping.pages().load(index);
    if (folio == 0 || !cache.trylock(folio)) {
      return false;
    }
    boolean idle = !folios.mapped(folio) && !folios.test(folio, FolioFlag.WRITEBACK);
    boolean begun =
        idle && folios.test(folio, FolioFlag.DIRTY) && mapping.swapBacked().write(x, folio);
    cache.unlock(x, folio);
    return begun;
  }
}
