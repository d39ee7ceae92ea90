package fs.iomap.erofs;

import java.util.Arrays;
import mm.core.FolioStore;
import mm.core.PageCache;
import sim.kernel.Exec;

/**
 * The locked folios of a request, in the order of the file, and of how many clusters each still
 * waits for ({@code z_erofs_onlinefolio_split}, {@code z_erofs_onlinefolio_end}).
 */
final class FolioParts {
  private static final int PAGE_SHIFT = 12;

  private final PageCache cache;
  private final FolioStore store;
  private int[] folios = new int[32];

  /** First page of each: a folio may be gone when it has been ended. */
  private long[] pages = new long[32];

  private int[] parts = new int[32];
  private boolean[] bad = new boolean[32];
  private int count;
  private int open;

  FolioParts(PageCache cache) {
    this.cache = cache;
    store = cache.folios();
  }

  void clear() {
    count = 0;
    open = 0;
  }

  int count() {
    return count;
  }

  /** Folios that have not been ended. */
  int open() {
    return open;
  }

  /** Adds a folio behind the others. */
  void append(ErofsFile file, int folio) {
    grow();
    set(file, count, folio);
    count++;
  }

  /** Adds a folio before the others. */
  void prepend(ErofsFile file, int folio) {
    grow();
    System.arraycopy(folios, 0, folios, 1, count);
    System.arraycopy(pages, 0, pages, 1, count);
    System.arraycopy(parts, 0, parts, 1, count);
    System.arraycopy(bad, 0, bad, 1, count);
    set(file, 0, folio);
    count++;
  }

  private void grow() {
    if (count == folios.length) {
      folios = Arrays.copyOf(folios, count * 2);
      pages = Arrays.copyOf(pages, count * 2);
      parts = Arrays.copyOf(parts, count * 2);
      bad = Arrays.copyOf(bad, count * 2);
    }
  }

  private void set(ErofsFile file, int place, int folio) {
    long first = store.index(folio);
    long end = Math.min(first + store.nrPages(folio) << PAGE_SHIFT, file.mapping().sizeBytes());
    folios[place] = folio;
    pages[place] = first;
    parts[place] = (int) (file.clusterAt(end - 1) - file.clusterAt(first << PAGE_SHIFT)) + 1;
    bad[place] = false;
    open++;
  }

  /** A cluster has been decompressed, or could not be: ends the folios that waited for it alone. */
  void clusterEnded(Exec x, ErofsFile file, long cluster, boolean ok) {
    long endPage = (file.end(cluster) - 1 >> PAGE_SHIFT) + 1;
    for (int place = at(file.start(cluster) >> PAGE_SHIFT);
        place < count && pages[place] < endPage;
        place++) {
      bad[place] |= !ok;
      parts[place]--;
      if (parts[place] == 0) {
        open--;
        cache.endRead(x, folios[place], !bad[place]);
      }
    }
  }

  /** The place of the folio that a page is in, or else of the first one behind it. */
  private int at(long page) {
    int found = Arrays.binarySearch(pages, 0, count, page);
    if (found >= 0) {
      return found;
    }
    int next = -found - 1;
    // The one before it may reach the page; if it doesn't, it has no part in the cluster.
    return next > 0 && reaches(next - 1, page) ? next - 1 : next;
  }

  private boolean reaches(int place, long page) {
    return parts[place] > 0 && page < pages[place] + store.nrPages(folios[place]);
  }
}
