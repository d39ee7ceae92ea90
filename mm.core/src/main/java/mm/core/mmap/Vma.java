package mm.core.mmap;

import java.util.BitSet;
import mm.core.AddressSpace;
import mm.core.ReadAdvice;

/**
 * A part of a file that a process has mapped shared, with its page-table entries. Models {@code
 * struct vm_area_struct}. Made by {@link FolioMaps#map}.
 */
public final class Vma {
  private final int id;
  private final Mm mm;
  private final AddressSpace mapping;
  private final long firstIndex;
  private final int pages;
  private final BitSet present = new BitSet();
  private final BitSet writable = new BitSet();
  private final BitSet young = new BitSet();
  private boolean locked;
  private ReadAdvice advice = ReadAdvice.NORMAL;

  Vma(int id, Mm mm, AddressSpace mapping, long firstIndex, int pages) {
    if (firstIndex < 0 || pages < 1) {
      throw new IllegalArgumentException(
          "vma of "
              + mm
              + ": first index is "
              + firstIndex
              + " and pages "
              + pages
              + "; the index must be 0 or above, the pages above 0");
    }
    this.id = id;
    this.mm = mm;
    this.mapping = mapping;
    this.firstIndex = firstIndex;
    this.pages = pages;
  }

  /** Its number among the mappings of the run, in the order they were made. */
  public int id() {
    return id;
  }

  /** The process's address space. */
  public Mm mm() {
    return mm;
  }

  /** The file. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** The first page of the file that it maps. */
  public long firstIndex() {
    return firstIndex;
  }

  /** How many pages it maps. */
  public int pages() {
    return pages;
  }

  /** Whether a page-table entry maps this page of the file. */
  public boolean isPresent(long index) {
    return covers(index) && present.get(slot(index));
  }

  /** Whether a store to this page needs no fault. */
  public boolean isWritable(long index) {
    return covers(index) && writable.get(slot(index));
  }

  /** Whether its pages stay in memory: {@code VM_LOCKED}. */
  public boolean isLocked() {
    return locked;
  }

  /** How its pages will be read. */
  public ReadAdvice advice() {
    return advice;
  }

  /** Says how its pages will be read: {@code madvise}. */
  public void advise(ReadAdvice how) {
    advice = how;
  }

  void setLocked(boolean set) {
    locked = set;
  }

  boolean covers(long index) {
    return index >= firstIndex && index - firstIndex < pages;
  }

  private int slot(long index) {
    return (int) (index - firstIndex);
  }

  void install(long index, boolean forWrite) {
    present.set(slot(index));
    young.set(slot(index));
    if (forWrite) {
      writable.set(slot(index));
    }
  }

  void touch(long index) {
    young.set(slot(index));
  }

  /** Clears the accessed bit and says whether it was set. */
  boolean testClearYoung(long index) {
    boolean was = young.get(slot(index));
    young.clear(slot(index));
    return was;
  }

  void remove(long index) {
    present.clear(slot(index));
    writable.clear(slot(index));
    young.clear(slot(index));
  }

  void protect(long index) {
    writable.clear(slot(index));
  }

  /** First mapped page from {@code index} to before {@code end}; -1 for none. */
  long nextPresent(long index, long end) {
    int slot = present.nextSetBit((int) Math.max(0, Math.min(index - firstIndex, pages)));
    return slot < 0 || firstIndex + slot >= end ? -1 : firstIndex + slot;
  }

  int nextPresent(int slot) {
    return present.nextSetBit(slot);
  }
}
