package mm.core.mmap;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import mm.core.ReadAdvice;
import mm.core.reclaim.SwapBacked;
import mm.core.reclaim.Tlbs;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * Which processes map which folios, and the changes of their page tables. Models mm/rmap.c for
 * files: an entry is found through the parts of the file that are mapped. A large folio has an
 * entry, a map and a reference for each page that was faulted in; it counts as mapped whole with
 * the first, as a kernel without counts by page has it ({@code CONFIG_NO_PAGE_MAPCOUNT}).
 */
public final class FolioMaps {
  private final PageCache cache;
  private final FolioStore folios;
  private final long[] protectCpus;
  private final StaleStores staleStores;
  private final LazyFree lazyFree;
  private int vmasMade;

  /** Called by the page cache. */
  public FolioMaps(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    protectCpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
    staleStores = new StaleStores(cache);
    lazyFree = new LazyFree(cache);
  }

  /** Maps a part of a file, without entries yet: {@code mmap}. */
  public Vma map(Mm mm, AddressSpace mapping, long firstIndex, int pages) {
    Vma vma = new Vma(++vmasMade, mm, mapping, firstIndex, pages);
    List<Vma> vmas = mapping.vmas();
    if (vmas == null) {
      vmas = new ArrayList<>(2);
      mapping.setVmas(vmas);
    }
    vmas.add(vma);
    return vma;
  }

  /** Takes a mapping away with its entries; the caller's task pays for them: {@code munmap}. */
  public void unmap(Exec x, Vma vma) {
    int slot = vma.nextPresent(0);
    // Ends because each turn removes the entry that it found.
    while (slot >= 0) {
      long index = vma.firstIndex() + slot;
      removeEntry(x, vma, vma.mapping().pages().load(index), index);
      slot = vma.nextPresent(slot);
    }
    vma.mapping().vmas().remove(vma);
  }

  /** Installs the entry of a locked, uptodate folio's first page. */
  public void install(Vma vma, int folio, boolean forWrite) {
    install(vma, folio, folios.index(folio), forWrite);
  }

  /** Installs the entry of page {@code index} of a locked, uptodate folio: the end of a fault. */
  public void install(Vma vma, int folio, long index, boolean forWrite) {
    if (!vma.isPresent(index)) {
      if (!folios.mapped(folio)) {
        count(folio, folios.nrPages(folio));
      }
      folios.map(folio);
    }
    vma.install(index, forWrite);
    if (vma.isLocked()) {
      lock(folio);
    }
  }

  /** A fault's end: as {@link #install}, and the CPU that took it reads the first page's entry. */
  public void installAndLoad(Exec x, Vma vma, int folio, boolean forWrite) {
    installAndLoad(x, vma, folio, folios.index(folio), forWrite);
  }

  /** A fault's end: as {@link #install}, and the CPU that took it reads the entry. */
  public void installAndLoad(Exec x, Vma vma, int folio, long index, boolean forWrite) {
    install(vma, folio, index, forWrite);
    vma.mm().ranOn(x.cpu().id());
    cache.evictionSlot().tlbs().load(x, vma, index, folio, forWrite);
  }

  private void count(int folio, long pages) {
    SwapBacked memory = cache.mappings().of(folio).swapBacked();
    boolean anon = memory != null && memory.isAnon();
    count(folio, anon ? NodeStat.ANON_MAPPED : NodeStat.FILE_MAPPED, pages);
  }

  private void count(int folio, NodeStat stat, long pages) {
    cache.stats().add(stat, pages);
    int memcg = folios.memcg(folio);
    if (memcg != 0) {
      cache.memory().memcg(memcg).stats().add(stat, pages);
    }
  }

  /**
   * Removes a folio from every page table, and adds the CPUs that may still know it to {@code
   * flushCpus}. Models {@code try_to_unmap}.
   *
   * @return whether an entry let a CPU store
   */
  public boolean unmapFolio(Exec x, int folio, long[] flushCpus) {
    AddressSpace mapping = cache.mappings().of(folio);
    if (mapping == null || mapping.vmas() == null) {
      return false;
    }
    boolean writable = false;
    long first = folios.index(folio);
    long end = first + folios.nrPages(folio);
    List<Vma> vmas = mapping.vmas();
    for (int i = 0; i < vmas.size(); i++) {
      Vma vma = vmas.get(i);
      long index = vma.nextPresent(first, end);
      while (index >= 0) {
        writable |= vma.isWritable(index);
        removeEntry(x, vma, folio, index);
        vma.mm().addCpusTo(flushCpus);
        index = vma.nextPresent(index + 1, end);
      }
    }
    return writable;
  }

  private void removeEntry(Exec x, Vma vma, int folio, long index) {
    x.charge(Cost.FOLIO_UNMAP);
    vma.remove(index);
    folios.unmap(folio);
    if (vma.isLocked()) {
      unlockUnlessLockedElsewhere(folio);
    }
    if (!folios.mapped(folio)) {
      count(folio, -folios.nrPages(folio));
    }
  }

  /**
   * Keeps the pages of a mapping in memory, those that are there and those that will be: {@code
   * mlock}. In task context; ends in the current step. The caller faults the pages in.
   */
  public void mlock(Vma vma) {
    vma.setLocked(true);
    int slot = vma.nextPresent(0);
    while (slot >= 0) {
      lock(vma.mapping().pages().load(vma.firstIndex() + slot));
      slot = vma.nextPresent(slot + 1);
    }
  }

  /** Takes {@link #mlock} back: {@code munlock}. */
  public void munlock(Vma vma) {
    vma.setLocked(false);
    int slot = vma.nextPresent(0);
    while (slot >= 0) {
      unlockUnlessLockedElsewhere(vma.mapping().pages().load(vma.firstIndex() + slot));
      slot = vma.nextPresent(slot + 1);
    }
  }

  /** {@code mlock_folio}; one that reclaim has isolated gets to its list when it is put back. */
  private void lock(int folio) {
    if (folios.testSet(folio, FolioFlag.MLOCKED)) {
      return;
    }
    count(folio, NodeStat.MLOCK, folios.nrPages(folio));
    if (folios.test(folio, FolioFlag.LRU)) {
      cache.lru().del(folio);
      folios.clear(folio, FolioFlag.ACTIVE);
      folios.set(folio, FolioFlag.UNEVICTABLE);
      cache.lru().add(folio);
    }
  }

  /** {@code munlock_folio}: the folio may be reclaimed when no locked mapping has it any more. */
  private void unlockUnlessLockedElsewhere(int folio) {
    long first = folios.index(folio);
    for (Vma vma : cache.mappings().of(folio).vmas()) {
      if (vma.isLocked() && vma.nextPresent(first, first + folios.nrPages(folio)) >= 0) {
        return;
      }
    }
    if (!folios.testClear(folio, FolioFlag.MLOCKED)) {
      return;
    }
    count(folio, NodeStat.MLOCK, -folios.nrPages(folio));
    boolean onList = folios.test(folio, FolioFlag.LRU);
    if (onList) {
      cache.lru().del(folio);
    }
    folios.clear(folio, FolioFlag.UNEVICTABLE);
    if (onList) {
      cache.lru().add(folio);
    }
  }

  /**
   * Gives up the content of a mapping's pages from {@code first} to before {@code end}: {@code
   * MADV_FREE}. Pages that somebody else has locked, mapped or under writeback stay as they are. In
   * task context; ends in the current step.
   *
   * @param vma of anonymous memory; else IllegalArgumentException, for EINVAL
   */
  public void lazyFree(Exec x, Vma vma, long first, long end) {
    SwapBacked memory = vma.mapping().swapBacked();
    if (memory == null || !memory.isAnon()) {
      throw new IllegalArgumentException(
          "lazyFree: inode "
              + vma.mapping().hostInode()
              + " is no anonymous memory; it must be, as nothing else can be given up");
    }
    lazyFree.advise(x, vma, first, end);
  }

  /**
   * How many entries of the folio were used since the last call: {@code folio_referenced}. Those of
   * mappings that are read in order or at random tell nothing ({@code vma_has_recency}).
   */
  public int testClearReferenced(int folio) {
    AddressSpace mapping = cache.mappings().of(folio);
    int referenced = 0;
    if (mapping != null && mapping.vmas() != null) {
      long first = folios.index(folio);
      long end = first + folios.nrPages(folio);
      for (Vma vma : mapping.vmas()) {
        long index = vma.advice() == ReadAdvice.NORMAL ? vma.nextPresent(first, end) : -1;
        while (index >= 0) {
          referenced += vma.testClearYoung(index) ? 1 : 0;
          index = vma.nextPresent(index + 1, end);
        }
      }
    }
    return referenced;
  }

  /** Makes the next store to a folio fault, so that it is seen: {@code folio_mkclean}. */
  public void writeProtect(Exec x, AddressSpace mapping, int folio) {
    long first = folios.index(folio);
    long end = first + folios.nrPages(folio);
    boolean flush = false;
    for (Vma vma : mapping.vmas()) {
      long index = vma.nextPresent(first, end);
      while (index >= 0) {
        if (vma.isWritable(index)) {
          vma.protect(index);
          // At once: the caller starts I/O in this step, where a kernel has waited for the flush.
          cache.evictionSlot().tlbs().forgetPage(vma, index);
          vma.mm().addCpusTo(protectCpus);
          x.charge(Cost.FOLIO_UNMAP);
          flush = true;
        }
        index = vma.nextPresent(index + 1, end);
      }
    }
    if (flush) {
      cache.evictionSlot().tlbs().flushPage(x, protectCpus);
    }
  }

  /**
   * A load or store that needs no fault: what the TLB of this CPU knows decides, and after it the
   * page table, which alone notes that the page is used. An entry that was removed from the page
   * table and not flushed yet still serves; a store through it that nothing will write back is
   * reported.
   *
   * @return false if it has to fault
   */
  public boolean access(Exec x, Vma vma, long index, boolean store) {
    Tlbs tlbs = cache.evictionSlot().tlbs();
    boolean allowed = store ? vma.isWritable(index) : vma.isPresent(index);
    int known = tlbs.lookup(x, vma, index, store);
    if (known == 0 && !allowed) {
      return false;
    }
    if (known == 0) {
      vma.mm().ranOn(x.cpu().id());
      tlbs.load(x, vma, index, vma.mapping().pages().load(index), store);
      vma.touch(index);
    } else if (store && (!allowed || vma.mapping().pages().load(index) != known)) {
      staleStores.store(x, vma, index, known);
    }
    return true;
  }

  /** Stores that went through an entry that was no longer in a page table. */
  public StaleStores staleStores() {
    return staleStores;
  }
}
