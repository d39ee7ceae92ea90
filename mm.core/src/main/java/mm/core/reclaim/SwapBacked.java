package mm.core.reclaim;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** What a mapping does whose pages are backed by swap: anonymous memory and shmem. */
public final class SwapBacked implements AddressSpaceOperations {
  private final PageCache cache;
  private final FolioStore folios;
  private final Swap swap;
  private final Swap.Kind kind;

  /** The slot of each page; 0 for none. */
  private final int[] slots;

  SwapBacked(PageCache cache, Swap swap, Swap.Kind kind, int pages) {
    this.cache = cache;
    folios = cache.folios();
    this.swap = swap;
    this.kind = kind;
    slots = new int[pages];
  }

  /** Whether this is anonymous memory. */
  public boolean isAnon() {
    return kind == Swap.Kind.ANON;
  }

  /** Whether a page has a slot. */
  boolean hasSlot(int folio) {
    return slots[(int) folios.index(folio)] != 0;
  }

  /**
   * Gives a folio a slot and puts it into the swap cache: {@code folio_alloc_swap}.
   *
   * @return false if swap is full
   */
  boolean allocSlot(int folio) {
    int slot = swap.alloc();
    if (slot == 0) {
      return false;
    }
    slots[(int) folios.index(folio)] = slot;
    folios.set(folio, FolioFlag.SWAPCACHE);
    cache.countSwapCache(folio, isAnon(), 1);
    return true;
  }

  /** A folio becomes dirty: what its slot holds is old. Called by the page cache. */
  public void dirtied(int folio) {
    freeSlot(folio);
  }

  /** Takes its slot from a folio, and it out of the swap cache: {@code folio_free_swap}. */
  public void freeSlot(int folio) {
    int index = (int) folios.index(folio);
    if (slots[index] != 0 && !folios.test(folio, FolioFlag.WRITEBACK)) {
      swap.free(slots[index]);
      slots[index] = 0;
      folios.clear(folio, FolioFlag.SWAPCACHE);
      cache.countSwapCache(folio, isAnon(), -1);
    }
  }

  /** Forgets a page that is nowhere but in its slot: it is zero when it is used next. */
  public void forgetSwapped(AddressSpace mapping, long index) {
    if (mapping.pages().load(index) == 0 && slots[(int) index] != 0) {
      swap.free(slots[(int) index]);
      slots[(int) index] = 0;
    }
  }

  /**
   * Begins the write-out of a locked, dirty folio that no page table maps.
   *
   * @return false if swap is full
   */
  boolean write(Exec x, int folio) {
    if (!hasSlot(folio) && !allocSlot(folio)) {
      return false;
    }
    cache.clearDirtyForIo(x, folio);
    folios.set(folio, FolioFlag.RECLAIM);
    cache.startWriteback(x, folio);
    swap.writer().write(x, folio, slots[(int) folios.index(folio)]);
    return true;
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    x.setResult(0);
    for (int folio = rac.nextFolio(); folio != 0; folio = rac.nextFolio()) {
      if (hasSlot(folio)) {
        folios.set(folio, FolioFlag.SWAPCACHE);
        cache.countSwapCache(folio, isAnon(), 1);
        swap.writer().read(x, folio, slots[(int) folios.index(folio)]);
      } else {
        cache.endRead(x, folio, true);
      }
    }
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(0);
  }

  @Override
  public void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    cache.markUptodate(folio);
    cache.markStoredTo(x, folio);
  }

  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    x.setResult(0);
  }

  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    x.setResult(0);
  }

  @Override
  public boolean releaseFolio(Exec x, int folio) {
    return true;
  }
}
