package mm.core.writeback;

/**
 * What the page cache knows about a device that files are on. Models {@code struct
 * backing_dev_info}. Made by {@link mm.core.PageCache#newBackingDevice}.
 */
public final class BackingDevice {
  /** Readahead window of a device that says nothing else: 128 KiB. */
  public static final int READAHEAD_PAGES_DEFAULT = 32;

  private final String name;
  private int readaheadPages = READAHEAD_PAGES_DEFAULT;
  private boolean stableWrites;

  BackingDevice(String name) {
    this.name = name;
  }

  /** Name, as in {@code /sys/class/bdi}. */
  public String name() {
    return name;
  }

  /** Largest readahead window, in pages: {@code read_ahead_kb} / 4. */
  public int readaheadPages() {
    return readaheadPages;
  }

  /** Sets the largest readahead window; 0 switches readahead off. */
  public void setReadaheadPages(int pages) {
    readaheadPages = pages;
  }

  /** Whether writers wait for a folio's writeback before they change it (checksums). */
  public boolean stableWrites() {
    return stableWrites;
  }

  /** Sets {@link #stableWrites}. */
  public void setStableWrites(boolean set) {
    stableWrites = set;
  }
}
