package mm.core.mmap;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.FolioStore;
import mm.core.NodeStat;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * Which processes map which folios, and the changes of their page tables. Models mm/rmap.c for
 * files: an entry is found through the parts of the file that are mapped. Folios of one page.
 */
public final class FolioMaps {
  private final PageCache cache;
  private final FolioStore folios;
  private final long[] protectCpus;

  /** Called by the page cache. */
  public FolioMaps(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    protectCpus = new long[(cache.machine().cpuCount() + 63) >>> 6];
  }

  /** Maps a part of a file, without entries yet: {@code mmap}. */
  public Vma map(Mm mm, AddressSpace mapping, long firstIndex, int pages) {
    Vma vma = new Vma(mm, mapping, firstIndex, pages);
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

  /** Installs the entry of a locked, uptodate folio: the end of a fault. */
  public void install(Vma vma, int folio, boolean forWrite) {
    long index = folios.index(folio);
    if (!vma.isPresent(index)) {
      if (!folios.mapped(folio)) {
        count(folio, folios.nrPages(folio));
      }
      folios.map(folio);
    }
    vma.install(index, forWrite);
  }

  private void count(int folio, long pages) {
    cache.stats().add(NodeStat.FILE_MAPPED, pages);
    int memcg = folios.memcg(folio);
    if (memcg != 0) {
      cache.memory().memcg(memcg).stats().add(NodeStat.FILE_MAPPED, pages);
    }
  }

  /**
   * Removes a folio from every page table, and adds the CPUs that may still know it to {@code
   * flushCpus}. Models {@code try_to_unmap}.
   */
  public void unmapFolio(Exec x, int folio, long[] flushCpus) {
    AddressSpace mapping = cache.mappings().of(folio);
    if (mapping == null || mapping.vmas() == null) {
      return;
    }
    long index = folios.index(folio);
    List<Vma> vmas = mapping.vmas();
    for (int i = 0; i < vmas.size(); i++) {
      Vma vma = vmas.get(i);
      if (vma.isPresent(index)) {
        removeEntry(x, vma, folio, index);
        vma.mm().addCpusTo(flushCpus);
      }
    }
  }

  private void removeEntry(Exec x, Vma vma, int folio, long index) {
    x.charge(Cost.FOLIO_UNMAP);
    vma.remove(index);
    folios.unmap(folio);
    if (!folios.mapped(folio)) {
      count(folio, -folios.nrPages(folio));
    }
  }

  /** How many entries of the folio were used since the last call: {@code folio_referenced}. */
  public int testClearReferenced(int folio) {
    AddressSpace mapping = cache.mappings().of(folio);
    int referenced = 0;
    if (mapping != null && mapping.vmas() != null) {
      long index = folios.index(folio);
      for (Vma vma : mapping.vmas()) {
        if (vma.isPresent(index) && vma.testClearYoung(index)) {
          referenced++;
        }
      }
    }
    return referenced;
  }

  /** Makes the next store to a folio fault, so that it is seen: {@code folio_mkclean}. */
  public void writeProtect(Exec x, AddressSpace mapping, int folio) {
    long index = folios.index(folio);
    boolean flush = false;
    for (Vma vma : mapping.vmas()) {
      if (vma.isWritable(index)) {
        vma.protect(index);
        vma.mm().addCpusTo(protectCpus);
        x.charge(Cost.FOLIO_UNMAP);
        flush = true;
      }
    }
    if (flush) {
      cache.evictionSlot().tlbs().flush(x, protectCpus, 1);
    }
  }

  /** A load or store without a fault: the entry has been used. */
  public void touch(Vma vma, long index) {
    vma.touch(index);
  }
}
