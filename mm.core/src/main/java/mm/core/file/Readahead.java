package mm.core.file;

import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * Brings folios into the page cache ahead of a reader. Models mm/readahead.c: a window that doubles
 * while reads are sequential, and a marker in it that starts the next one before the reader has
 * come to its end. Where the mapping allows it, folios grow fourfold with each window that the
 * marker starts.
 */
final class Readahead {
  /** {@code min_ra_size}: windows of fewer pages have folios of one page. */
  private static final long LARGE_WINDOW_PAGES = 4;

  /** How much the order grows from window to window. */
  private static final int ORDER_STEP = 2;

  private final PageCache cache;
  private final FolioStore folios;
  private final ReadaheadControl control;
  private final Step fill = this::fill;
  private final Step reclaimed = this::reclaimed;
  private final Step runSubmitted = this::runSubmitted;

  private AddressSpace mapping;
  private Memcg memcg;
  private boolean dropbehind;

  // The window being filled: what is next, where it ends, where the marker goes.
  private long next;
  private long end;

  /** A first page of a folio: large folios are in windows that are marked at their start only. */
  private long marker;

  private long runStart;

  /** Largest order of this window's folios; 0 once one did not fit ({@code do_page_cache_ra}). */
  private int order;

  private boolean outOfMemory;

  /** A reader waits for just this folio; a window may be cut short when memory is. */
  private boolean mustHave;

  Readahead(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
    control = new ReadaheadControl(folios);
  }

  private static long roundUpPowerOfTwo(long value) {
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }

  /** The first window of a sequential stream. */
  static long initialSize(long request, long max) {
    long size = roundUpPowerOfTwo(request);
    if (size <= max / 32) {
      return size * 4;
    }
    return size <= max / 4 ? size * 2 : max;
  }

  /** The window after one of {@code size}. */
  static long nextSize(long size, long max) {
    if (size < max / 16) {
      return size * 4;
    }
    return size <= max / 2 ? size * 2 : max;
  }

  private static long maxPages(AddressSpace mapping, long request) {
    long max = mapping.device().readaheadPages();
    long io = mapping.device().ioPages();
    return request > max && io > max ? Math.min(request, io) : max;
  }

  void set(AddressSpace of, Memcg charged, boolean drop) {
    mapping = of;
    memcg = charged;
    dropbehind = drop;
  }

  /** The reader found nothing at {@code index}: {@code page_cache_sync_ra}. A step function. */
  void sync(Exec x, OpenFile file, long index, long request) {
    boolean off = mapping.device().readaheadPages() == 0;
    if (off || file.isRandom()) {
      submit(x, index, off ? 1 : request, 0);
      return;
    }
    file.raOrder = 0;
    long max = maxPages(mapping, request);
    boolean sequential = index == 0 || index - file.raPrevious <= 1 && index >= file.raPrevious;
    if (sequential || request > max) {
      long size = initialSize(request, max);
      window(x, file, index, size, size > request ? size - request : size / 2);
      return;
    }
    long history = cachedBefore(index, max);
    if (history <= request) {
      submit(x, index, request, 0);
      return;
    }
    long size = Math.min((history >= index ? 2 * history : history) + request, max);
    window(x, file, index, size, 1);
  }

  /** How many pages before {@code index} are cached without a hole, up to {@code max}. */
  private long cachedBefore(long index, long max) {
    long count = 0;
    while (count < max && count < index && mapping.pages().load(index - 1 - count) != 0) {
      count++;
    }
    return count;
  }

  /** The reader came to the marker: {@code page_cache_async_ra}. A step function. */
  void async(Exec x, OpenFile file, int folio, long request) {
    if (mapping.device().readaheadPages() == 0 || folios.test(folio, FolioFlag.WRITEBACK)) {
      return;
    }
    long max = maxPages(mapping, request);
    folios.clear(folio, FolioFlag.READAHEAD);
    long index = folios.index(folio);
    file.raOrder += ORDER_STEP;
    if (index == file.raStart + file.raSize - file.raAsyncSize) {
      long size = nextSize(file.raSize, max);
      window(x, file, file.raStart + file.raSize, size, size);
      return;
    }
    // The marker of somebody else's window: go on where the cached pages end.
    long start = index + 1;
    while (start - index <= max && mapping.pages().load(start) != 0) {
      start++;
    }
    if (start - index <= max) {
      long size = nextSize(start - index + request, max);
      window(x, file, start, size, size);
    }
  }

  private void window(Exec x, OpenFile file, long start, long size, long asyncSize) {
    file.raStart = start;
    file.raSize = size;
    file.raAsyncSize = asyncSize;
    file.raOrder =
        size < LARGE_WINDOW_PAGES ? 0 : FolioOrders.ofWindow(mapping, file.raOrder, size);
    mustHave = false;
    begin(x, start, size, asyncSize, file.raOrder);
  }

  /** A single folio for a reader that got none by readahead. A step function. */
  void single(Exec x, long index) {
    mustHave = true;
    begin(x, index, 1, 0, 0);
  }

  // Filling: runs of missing pages, each handed to the file system when it ends.

  private void submit(Exec x, long start, long pages, long asyncPages) {
    mustHave = false;
    begin(x, start, pages, asyncPages, 0);
  }

  private void begin(Exec x, long start, long pages, long asyncPages, int orderMax) {
    long filePages =
        (mapping.sizeBytes() + MemorySettings.PAGE_BYTES - 1) >> MemorySettings.PAGE_SHIFT;
    next = start;
    end = Math.min(start + pages, filePages);
    marker = asyncPages == 0 ? -1 : start + pages - asyncPages;
    runStart = start;
    order = orderMax;
    outOfMemory = false;
    fill(x);
  }

  private void fill(Exec x) {
    while (next < end && !outOfMemory) {
      int found = mapping.pages().load(next);
      if (found != 0) {
        order = 0;
        if (submitRun(x)) {
          return;
        }
        next = folios.index(found) + folios.nrPages(found);
        runStart = next;
        continue;
      }
      if (order > 0 && addLarge(x)) {
        continue;
      }
      if (!cache.memory().tryCharge(x, memcg, 1)) {
        if (submitRun(x)) {
          // First: what is locked and not being read might be all that could be reclaimed.
          return;
        }
        x.then(reclaimed);
        if (mustHave) {
          cache.memory().reclaimFor(x, memcg, 1);
        } else {
          cache.memory().reclaimOnceFor(x, memcg, 1);
        }
        return;
      }
      addFolio(x, 0);
    }
    submitRun(x);
  }

  /**
   * {@code page_cache_ra_order}, one turn of it: a folio as large as its index and the end of the
   * window allow. If there is no room or no memory for it, the rest is read by pages.
   */
  private boolean addLarge(Exec x) {
    int fits = FolioOrders.aligned(next, order);
    while (next + (1L << fits) > end) {
      fits--;
    }
    if (FolioOrders.free(mapping, next, fits) < fits
        || !cache.memory().tryCharge(x, memcg, 1 << fits)) {
      order = 0;
      return false;
    }
    addFolio(x, fits);
    return true;
  }

  /** Whether the last call ended because no memory could be had. */
  boolean outOfMemory() {
    return outOfMemory;
  }

  private void reclaimed(Exec x) {
    outOfMemory = x.result() < 0;
    fill(x);
  }

  private void addFolio(Exec x, int folioOrder) {
    int folio = cache.addFolio(x, mapping, next, folioOrder, memcg);
    int pages = 1 << folioOrder;
    x.charge(Cost.FOLIO_ADD);
    x.charge(Cost.FOLIO_ADD_PAGE, pages - 1);
    if (dropbehind) {
      folios.set(folio, FolioFlag.DROPBEHIND);
    }
    if (next == marker) {
      folios.set(folio, FolioFlag.READAHEAD);
    }
    next += pages;
    // Its lock keeps it in place until the read has ended.
    cache.put(folio);
  }

  /** Hands the run that ends before the next page to the file system; false if it is empty. */
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
