package mm.core.file;

import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.PageMark;
import mm.core.reclaim.MemorySettings;
import mm.core.spi.mapping.SyncMode;
import mm.core.spi.mapping.WritebackControl;
import mm.core.spi.mapping.WritebackReason;
import sim.kernel.Exec;
import sim.kernel.Step;

/**
 * Writes a range of a file, waits for it, reports errors and has the file system do its part, as
 * far as it is told to. Models {@code filemap_fdatawrite_range}, {@code __filemap_fdatawait_range},
 * {@code file_check_and_advance_wb_err} and {@code vfs_fsync_range}.
 */
final class RangeSync {
  private final FileCalls calls;
  private final PageCache cache;
  private final WritebackControl wbc = new WritebackControl();
  private final Step write = this::write;
  private final Step written = this::written;
  private final Step waitNext = this::waitNext;
  private final Step waitOver = this::waitOver;
  private final Step report = this::report;
  private final Step synced = this::synced;

  private AddressSpace mapping;
  private long start;
  private long end;
  private SyncMode writeMode;
  private long nrToWrite;
  private boolean waitsBefore;
  private boolean waitsAfter;
  private OpenFile file;
  private boolean callsFileSystem;
  private boolean dataOnly;

  private long index;
  private int waitingFor;
  private long error;

  RangeSync(FileCalls calls) {
    this.calls = calls;
    cache = calls.cache();
  }

  RangeSync over(AddressSpace of, long first, long last) {
    mapping = of;
    start = first;
    end = last;
    writeMode = null;
    nrToWrite = Long.MAX_VALUE;
    waitsBefore = false;
    waitsAfter = false;
    file = null;
    callsFileSystem = false;
    error = 0;
    return this;
  }

  RangeSync writing(SyncMode mode) {
    writeMode = mode;
    return this;
  }

  RangeSync upTo(long pages) {
    nrToWrite = pages;
    return this;
  }

  RangeSync waitingBefore() {
    waitsBefore = true;
    return this;
  }

  RangeSync waiting() {
    waitsAfter = true;
    return this;
  }

  RangeSync reporting(OpenFile to) {
    file = to;
    return this;
  }

  RangeSync fsync(boolean withoutMetadata) {
    callsFileSystem = true;
    dataOnly = withoutMetadata;
    return this;
  }

  void begin(Exec x) {
    x.then(write);
    if (waitsBefore) {
      beginWait(x);
    }
  }

  private void write(Exec x) {
    x.setResult(0);
    x.then(written);
    if (writeMode != null && mapping.pages().marked(PageMark.DIRTY)) {
      wbc.begin(writeMode, WritebackReason.SYNC).withRange(start, end).withNrToWrite(nrToWrite);
      cache.writeback().doWritepages(x, mapping, wbc);
    }
  }

  private void written(Exec x) {
    error = x.result();
    x.then(report);
    if (waitsAfter) {
      beginWait(x);
    }
  }

  // Waiting: the marked folios of the range, one after the other.

  private void beginWait(Exec x) {
    index = start >> MemorySettings.PAGE_SHIFT;
    x.then(waitNext);
  }

  private void waitNext(Exec x) {
    int folio =
        mapping.pages().nextMarked(PageMark.WRITEBACK, index, end >> MemorySettings.PAGE_SHIFT);
    if (folio == 0) {
      return;
    }
    index = cache.folios().index(folio) + cache.folios().nrPages(folio);
    waitingFor = folio;
    cache.folios().get(folio);
    x.then(waitOver);
    cache.waitWriteback(x, folio);
  }

  private void waitOver(Exec x) {
    cache.put(waitingFor);
    waitNext(x);
  }

  // The end.

  private void report(Exec x) {
    if (file != null) {
      int recorded = mapping.writebackErrors().check(file.errorSample);
      file.errorSample = mapping.writebackErrors().advance(file.errorSample);
      if (error == 0) {
        error = -recorded;
      }
    }
    if (callsFileSystem && error == 0) {
      x.then(synced);
      mapping.operations().fsync(x, mapping, dataOnly);
      return;
    }
    finish(x);
  }

  private void synced(Exec x) {
    error = x.result();
    finish(x);
  }

  private void finish(Exec x) {
    x.setResult(error);
    mapping = null;
    file = null;
    calls.ended(this);
  }
}
