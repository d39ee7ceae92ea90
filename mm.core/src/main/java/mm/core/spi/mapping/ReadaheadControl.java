package mm.core.spi.mapping;

import mm.core.AddressSpace;
import mm.core.FolioStore;

/**
 * The folios that one call of {@link AddressSpaceOperations#readahead} is to read: a run without
 * holes, each locked, in the page cache and not up to date. Models {@code struct
 * readahead_control}. Valid until the last folio was taken; reused after that.
 */
public final class ReadaheadControl {
  private final FolioStore folios;
  private AddressSpace mapping;
  private long index;
  private long end;
  private boolean dropbehind;
  private boolean readFolio;

  /** Makes a control without folios. */
  public ReadaheadControl(FolioStore folios) {
    this.folios = folios;
  }

  /**
   * Names the run. Called by the page cache.
   *
   * @param start first page
   * @param nrPages how many, at least 1
   */
  public ReadaheadControl begin(
      AddressSpace mapping, long start, long nrPages, boolean dropbehind) {
    this.mapping = mapping;
    this.index = start;
    this.end = start + nrPages;
    this.dropbehind = dropbehind;
    readFolio = false;
    return this;
  }

  /** Says that the run is a single folio for which a reader waits. Called by the page cache. */
  public ReadaheadControl asReadFolio() {
    readFolio = true;
    return this;
  }

  /**
   * Takes the next folio; 0 if none is left. The file system sees to it that {@link
   * mm.core.PageCache#endRead} is called for each, once, in any context, which also unlocks it. The
   * lock keeps the folio in place: no reference comes with it. Models {@code readahead_folio}.
   */
  public int nextFolio() {
    if (index >= end) {
      return 0;
    }
    int folio = mapping.pages().load(index);
    index += folios.nrPages(folio);
    return folio;
  }

  /** The first page not taken yet. */
  public long index() {
    return index;
  }

  /** Pages not taken yet. */
  public long nrPages() {
    return end - index;
  }

  /**
   * Whether this is {@code read_folio}: no readahead, but one folio that a reader is to wait for.
   */
  public boolean isReadFolio() {
    return readFolio;
  }

  /** Whether the folios are dropped after the read that asked for them. */
  public boolean dropbehind() {
    return dropbehind;
  }
}
