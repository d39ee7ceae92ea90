package mm.core.writeback;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import mm.core.reclaim.Memcg;

/**
 * What the page cache knows about a device that files are on. Models {@code struct
 * backing_dev_info}. Made by {@link mm.core.PageCache#newBackingDevice}.
 */
public final class BackingDevice {
  /** Readahead window of a device that says nothing else: 128 KiB. */
  public static final int READAHEAD_PAGES_DEFAULT = 32;

  /** {@code MIN_WRITEBACK_PAGES}: 4 MiB. */
  public static final int WRITEBACK_PAGES_MIN_DEFAULT = 1024;

  /** Largest I/O of a device that says nothing else: 1280 KiB. */
  public static final int IO_PAGES_DEFAULT = 320;

  private final Writeback writeback;
  private final String name;
  private final List<BdiWriteback> wbs = new ArrayList<>();

  /** The same by group; null where there is none. */
  private BdiWriteback[] byGroup = new BdiWriteback[1];

  private int readaheadPages = READAHEAD_PAGES_DEFAULT;
  private int ioPages = IO_PAGES_DEFAULT;
  private int writebackPagesMin = WRITEBACK_PAGES_MIN_DEFAULT;
  private boolean stableWrites;
  private boolean hasSlept;
  private long lastSleepTick;

  BackingDevice(Writeback writeback, String name) {
    this.writeback = writeback;
    this.name = name;
    wb(writeback.cache().memory().root());
  }

  /** Name, as in {@code /sys/class/bdi}. */
  public String name() {
    return name;
  }

  /**
   * Its bdi_writebacks: the root's first, then one for each group that has written to its files.
   */
  public List<BdiWriteback> wbs() {
    return Collections.unmodifiableList(wbs);
  }

  /** {@code wb_get_create}: the wb of a group, which is made when it is first asked for. */
  BdiWriteback wb(Memcg memcg) {
    int id = memcg.id();
    if (id >= byGroup.length) {
      byGroup = Arrays.copyOf(byGroup, id * 2);
    }
    if (byGroup[id] == null) {
      byGroup[id] = new BdiWriteback(writeback, this, memcg);
      wbs.add(byGroup[id]);
    }
    return byGroup[id];
  }

  /** {@code last_bdp_sleep}: a task pauses because of pages of this device. */
  void slept(long tick) {
    hasSlept = true;
    lastSleepTick = tick;
  }

  /** Whether a task has begun to pause because of pages of this device within the last second. */
  public boolean hasSleptRecently() {
    int hz = writeback.cache().machine().build().hz();
    return hasSlept && writeback.timers().jiffies() < lastSleepTick + hz;
  }

  /** Largest readahead window, in pages: {@code read_ahead_kb} / 4. */
  public int readaheadPages() {
    return readaheadPages;
  }

  /** Sets the largest readahead window; 0 switches readahead off. */
  public void setReadaheadPages(int pages) {
    if (pages < 0) {
      throw new IllegalArgumentException(
          name + ": readahead is " + pages + " pages; it must be 0 or above");
    }
    readaheadPages = pages;
  }

  /** Largest I/O, in pages; a larger read than the window is read in pieces of it. */
  public int ioPages() {
    return ioPages;
  }

  /** Sets the largest I/O: {@code max_sectors_kb} / 4. */
  public void setIoPages(int pages) {
    if (pages < 1) {
      throw new IllegalArgumentException(
          name + ": largest I/O is " + pages + " pages; it must be above 0");
    }
    ioPages = pages;
  }

  /** The unit of a flusher's chunks, in pages: {@code s_min_writeback_pages}. */
  public int writebackPagesMin() {
    return writebackPagesMin;
  }

  /** Sets the unit of a flusher's chunks, as zoned XFS does. */
  public void setWritebackPagesMin(int pages) {
    if (pages < 1) {
      throw new IllegalArgumentException(
          name + ": unit of writeback is " + pages + " pages; it must be above 0");
    }
    writebackPagesMin = pages;
  }

  /**
   * Says that the device is not new, and that nothing of it was dirty for longer than a period:
   * nobody arms its flusher's timer meanwhile, so that its next pass looks for old data, whatever
   * it was woken for.
   */
  public void wasCleanForAPeriod() {
    wbs.get(0).lastOldFlush = writeback.timers().jiffies() - writeback.periodTicks();
  }

  /** Whether writers wait for a folio's writeback before they change it (checksums). */
  public boolean stableWrites() {
    return stableWrites;
  }

  /** Sets {@link #stableWrites}. */
  public void setStableWrites(boolean set) {
    stableWrites = set;
  }

  @Override
  public String toString() {
    return name;
  }
}
