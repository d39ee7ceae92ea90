package mm.core.spi.mapping;

/**
 * What one call of {@link AddressSpaceOperations#writepages} is to write, and what came of it.
 * Models {@code struct writeback_control}. Reused: whoever owns one sets it up again with {@link
 * #begin} for each call.
 */
public final class WritebackControl {
  private long nrToWrite;
  private long pagesSkipped;
  private long rangeStart;
  private long rangeEnd;
  private SyncMode syncMode = SyncMode.NONE;
  private WritebackReason reason = WritebackReason.SYNC;
  private boolean forKupdate;
  private boolean forBackground;
  private boolean forSync;
  private boolean rangeCyclic;
  private boolean taggedWritepages;

  /** Makes a control that says nothing yet; {@link #begin} comes next. */
  public WritebackControl() {}

  /**
   * Starts over: the whole file, no budget, no flag set.
   *
   * @param mode whether folios may be left out
   * @param why for the trace
   * @return this
   */
  public WritebackControl begin(SyncMode mode, WritebackReason why) {
    nrToWrite = Long.MAX_VALUE;
    pagesSkipped = 0;
    rangeStart = 0;
    rangeEnd = Long.MAX_VALUE;
    syncMode = mode;
    reason = why;
    forKupdate = false;
    forBackground = false;
    forSync = false;
    rangeCyclic = false;
    taggedWritepages = false;
    return this;
  }

  /** Pages still to be written; may fall below 0, as the last folio counts whole. */
  public long nrToWrite() {
    return nrToWrite;
  }

  /** Sets the budget, in pages. */
  public WritebackControl withNrToWrite(long pages) {
    nrToWrite = pages;
    return this;
  }

  /** Takes written pages off the budget, unless there is none. */
  public void subtract(long pages) {
    nrToWrite -= pages;
  }

  /** Pages that were met dirty and left so. */
  public long pagesSkipped() {
    return pagesSkipped;
  }

  /** Counts pages left dirty. Models {@code folio_redirty_for_writepage}'s part. */
  public void addSkipped(long pages) {
    pagesSkipped += pages;
  }

  /** First byte of the range. */
  public long rangeStart() {
    return rangeStart;
  }

  /** Last byte of the range, included; Long.MAX_VALUE for the end of the file. */
  public long rangeEnd() {
    return rangeEnd;
  }

  /** Sets the range, in bytes, both ends included. */
  public WritebackControl withRange(long start, long end) {
    rangeStart = start;
    rangeEnd = end;
    return this;
  }

  /** Whether folios may be left out. */
  public SyncMode syncMode() {
    return syncMode;
  }

  /** Why. */
  public WritebackReason reason() {
    return reason;
  }

  /** Whether old data is being written because it is old. */
  public boolean forKupdate() {
    return forKupdate;
  }

  /** Sets {@link #forKupdate}. */
  public WritebackControl withForKupdate(boolean set) {
    forKupdate = set;
    return this;
  }

  /** Whether this goes on until the background threshold is reached. */
  public boolean forBackground() {
    return forBackground;
  }

  /** Sets {@link #forBackground}. */
  public WritebackControl withForBackground(boolean set) {
    forBackground = set;
    return this;
  }

  /** Whether {@code sync} asks. */
  public boolean forSync() {
    return forSync;
  }

  /** Sets {@link #forSync}. */
  public WritebackControl withForSync(boolean set) {
    forSync = set;
    return this;
  }

  /** Whether to go on where the mapping's last cyclic writeback stopped, and not at the start. */
  public boolean rangeCyclic() {
    return rangeCyclic;
  }

  /** Sets {@link #rangeCyclic}. */
  public WritebackControl withRangeCyclic(boolean set) {
    rangeCyclic = set;
    return this;
  }

  /** Whether folios are tagged TOWRITE first although the mode is {@link SyncMode#NONE}. */
  public boolean taggedWritepages() {
    return taggedWritepages;
  }

  /** Sets {@link #taggedWritepages}. */
  public WritebackControl withTaggedWritepages(boolean set) {
    taggedWritepages = set;
    return this;
  }
}
