package mm.core.file;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.ReadaheadOrder;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Brings folios into the page cache ahead of a reader. Models mm/readahead.c: {@link
 * ReadaheadState} says which window, this fills it ({@code page_cache_ra_order}, {@code
 * page_cache_ra_unbounded}) and hands each run of new folios to the file system ({@code
 * read_pages}).
 */
final class Readahead {
  /** {@code force_page_cache_ra} reads pieces of 2 MiB. */
  private static final long FORCED_PIECE_PAGES = 512;

  /** Before 6.17 a window of less had single pages. */
  private static final int SIZE_OF_LARGE_MIN = 4;

  private final PageCache cache;
  private final FolioStore folios;
  private final ReadaheadControl control;
  private final Step fill = this::fill;
  private final Step reclaimed = this::reclaimed;
  private final Step runSubmitted = this::runSubmitted;

  private AddressSpace mapping;
  private Memcg memcg;
  private boolean dropbehind;

  // What is being filled: the next page, where it ends, the page that gets the marker.
  private long next;
  private long end;
  private long marker;

  /** First page of the run that was not handed to the file system yet. */
  private long runStart;

  // The window, while it is filled with folios of up to 2^order pages.
  private boolean large;
  private int order;
  private long windowEnd;
  private long windowAsync;

  /** What a forced read has to bring behind {@link #end}. */
  private long forcedLeft;

  private boolean outOfMemory;

  /** A reader waits for just this folio; a window may be cut short when memory is. */
  private boolean mustHave;

  private int singleFolio;

  Readahead(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    control = new ReadaheadControl(folios);
  }

  void set(AddressSpace of, Memcg charged, boolean drop) {
    mapping = of;
    memcg = charged;
    dropbehind = drop;
  }

  /** The reader found nothing at {@code index}: {@code page_cache_sync_ra}. A step function. */
  void sync(Exec x, OpenFile file, long index, long request) {
    ReadaheadState ra = file.readahead();
    if (ra.pagesMax == 0) {
      force(x, ra, index, 1);
    } else if (file.isRandom()) {
      force(x, ra, index, request);
    } else if (ra.miss(mapping, folios, index, request)) {
      window(x, ra);
    } else {
      begin();
      pages(x, index, request, 0);
    }
  }

  /**
   * The reader came to a marked folio: {@code page_cache_async_ra}. A step function.
   *
   * @param request pages that are still wanted from the folio on
   */
  void async(Exec x, OpenFile file, int folio, long request) {
    ReadaheadState ra = file.readahead();
    if (ra.pagesMax == 0 || folios.test(folio, FolioFlag.WRITEBACK)) {
      return;
    }
    folios.clear(folio, FolioFlag.READAHEAD);
    if (ra.marker(
        mapping, folios.index(folio), folios.nrPages(folio), request, cache.readaheadOrder())) {
      window(x, ra);
    }
  }

  /** {@code force_page_cache_ra}: what is asked for, and no more. */
  private void force(Exec x, ReadaheadState ra, long index, long request) {
    long pages = Math.min(request, ra.forcedMax(mapping));
    long piece = Math.min(pages, FORCED_PIECE_PAGES);
    begin();
    forcedLeft = pages - piece;
    pages(x, index, piece, 0);
  }

  /** A single folio for a reader that got none by readahead. A step function. */
  void single(Exec x, long index) {
    begin();
    mustHave = true;
    pages(x, index, 1, 0);
  }

  /** The folio that {@link #single} has added, with a reference; 0 if it has added none. */
  int takeSingle() {
    int folio = singleFolio;
    singleFolio = 0;
    return folio;
  }

  private void begin() {
    mustHave = false;
    outOfMemory = false;
    large = false;
    forcedLeft = 0;
  }

  private long filePages() {
    return mapping.sizeBytes() + MemorySettings.PAGE_BYTES - 1 >> MemorySettings.PAGE_SHIFT;
  }

  /** Reads a window: {@code page_cache_ra_order}. A step function. */
  void window(Exec x, ReadaheadState ra) {
    begin();
    if (mapping.orderMax() == 0) {
      ra.order = 0;
      pages(x, ra.start, ra.size, ra.asyncSize);
      return;
    }
    ra.order = FolioOrders.ofWindow(mapping, wantedOrder(ra), ra.size);
    large = true;
    order = ra.order;
    windowEnd = ra.start + ra.size;
    windowAsync = ra.asyncSize;
    next = ra.start;
    end = Math.min(windowEnd, filePages());
    marker = windowEnd - windowAsync;
    runStart = next;
    fill(x);
  }

  /** Before 6.17 the step was taken here, so that a first window had folios of four pages. */
  private int wantedOrder(ReadaheadState ra) {
    if (cache.readaheadOrder() == ReadaheadOrder.OF_FILE) {
      return ra.order;
    }
    return ra.size < SIZE_OF_LARGE_MIN ? 0 : Math.max(ra.order, ReadaheadState.ORDER_STEP);
  }

  /** Reads by pages: {@code do_page_cache_ra}. */
  private void pages(Exec x, long start, long count, long lookahead) {
    next = start;
    end = Math.min(start + count, filePages());
    // Counted from the end that the file sets; a page that is there already gets no marker.
    marker = lookahead <= end - start ? end - lookahead : -1;
    runStart = start;
    fill(x);
  }

  private void fill(Exec x) {
    while (next < end && !outOfMemory) {
      if (large) {
        if (!addLarge(x)) {
          return;
        }
        continue;
      }
      int found = mapping.pages().load(next);
      if (found != 0) {
        if (submitRun(x)) {
          return;
        }
        next = folios.index(found) + folios.nrPages(found);
        runStart = next;
      } else if (cache.memory().tryCharge(x, memcg, 1)) {
        addFolio(x, 0, marker);
      } else {
        reclaim(x, 1);
        return;
      }
    }
    if (!submitRun(x) && forcedLeft > 0 && !outOfMemory) {
      long piece = Math.min(forcedLeft, FORCED_PIECE_PAGES);
      forcedLeft -= piece;
      pages(x, end, piece, 0);
    }
  }

  /**
   * One turn of {@code page_cache_ra_order}: a folio as large as its index and the end of the
   * window allow. Where there is no room or no memory for it, the rest is read by pages.
   *
   * @return whether the next turn may follow in this step
   */
  private boolean addLarge(Exec x) {
    int fits = FolioOrders.aligned(next, order);
    while (next + (1L << fits) > end) {
      fits--;
    }
    if (!FolioOrders.isFree(mapping, next, fits)) {
      return byPages(x);
    }
    int pages = 1 << fits;
    if (cache.memory().tryCharge(x, memcg, pages)) {
      addFolio(x, fits, marker & -pages);
      return true;
    }
    if (!cache.memory().mayEnlarge(pages)) {
      return byPages(x);
    }
    reclaim(x, pages);
    return false;
  }

  /** {@code fallback}: what was added is submitted, what is left of the window comes by pages. */
  private boolean byPages(Exec x) {
    large = false;
    long lookahead = windowAsync;
    marker = lookahead <= end - next ? end - lookahead : -1;
    return !submitRun(x);
  }

  private void reclaim(Exec x, int pages) {
    x.then(reclaimed);
    if (mustHave) {
      cache.memory().reclaimFor(x, memcg, pages);
    } else {
      cache.memory().reclaimOnceFor(x, memcg, pages);
    }
  }

  private void reclaimed(Exec x) {
    if (x.result() >= 0) {
      fill(x);
    } else if (!large) {
      outOfMemory = true;
      fill(x);
    } else if (byPages(x)) {
      fill(x);
    }
  }

  /** Whether the last call ended because no memory could be had. */
  boolean outOfMemory() {
    return outOfMemory;
  }

  /** {@code ra_alloc_folio}. */
  private void addFolio(Exec x, int folioOrder, long marked) {
    int folio = cache.addFolio(x, mapping, next, folioOrder, memcg);
    int pages = 1 << folioOrder;
    x.charge(Cost.FOLIO_ADD);
    x.charge(Cost.FOLIO_ADD_PAGE, pages - 1);
    if (dropbehind) {
      folios.set(folio, FolioFlag.DROPBEHIND);
    }
    if (next == marked) {
      folios.set(folio, FolioFlag.READAHEAD);
    }
    next += pages;
    if (mustHave) {
      singleFolio = folio;
    } else {
      // Its lock keeps it in place until the read has ended.
      cache.put(folio);
    }
  }

  /** {@code read_pages}: hands the run before the next page over; false if it is empty. */
  private boolean submitRun(Exec x) {
    long pages = next - runStart;
    if (pages == 0) {
      return false;
    }
    control.begin(mapping, runStart, pages, dropbehind);
    if (mustHave) {
      control.asReadFolio();
    }
    runStart = next;
    x.then(fill);
    x.then(runSubmitted);
    cache.writeback().plug().start(x);
    mapping.operations().readahead(x, mapping, control);
    return true;
  }

  private void runSubmitted(Exec x) {
    cache.writeback().plug().finish(x);
  }
}
