package mm.core.file;

import java.util.ArrayDeque;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.spi.mapping.SyncMode;
import sim.kernel.Exec;

/**
 * The calls that tasks make on files. What {@link PageCache} offers of them ends here; each call in
 * progress has an object of its own, used again when it has ended.
 */
public final class FileCalls {
  private static final int SYNC_FILE_RANGE_WAIT_BEFORE = 1;
  private static final int SYNC_FILE_RANGE_WRITE = 2;
  private static final int SYNC_FILE_RANGE_WAIT_AFTER = 4;

  private final PageCache cache;
  private final ArrayDeque<BufferedWrite> writes = new ArrayDeque<>();
  private final ArrayDeque<BufferedRead> reads = new ArrayDeque<>();
  private final ArrayDeque<RangeSync> syncs = new ArrayDeque<>();
  private final ArrayDeque<RangeRemoval> removals = new ArrayDeque<>();

  /** Called by the page cache. */
  public FileCalls(PageCache cache) {
    this.cache = cache;
  }

  PageCache cache() {
    return cache;
  }

  /** {@link PageCache#write}. */
  public void write(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    BufferedWrite write = writes.pollLast();
    if (write == null) {
      write = new BufferedWrite(this);
    }
    write.begin(x, file, pos, countBytes, flags);
  }

  void ended(BufferedWrite write) {
    writes.addLast(write);
  }

  /** {@link PageCache#read}. */
  public void read(Exec x, OpenFile file, long pos, long countBytes, RwFlags flags) {
    BufferedRead read = reads.pollLast();
    if (read == null) {
      read = new BufferedRead(this);
    }
    read.begin(x, file, pos, countBytes, flags);
  }

  void ended(BufferedRead read) {
    reads.addLast(read);
  }

  private RangeSync sync(AddressSpace mapping, long start, long end) {
    RangeSync sync = syncs.pollLast();
    if (sync == null) {
      sync = new RangeSync(this);
    }
    return sync.over(mapping, start, end);
  }

  void ended(RangeSync sync) {
    syncs.addLast(sync);
  }

  /** {@code vfs_fsync_range}. */
  public void fsync(Exec x, OpenFile file, long start, long end, boolean dataOnly) {
    sync(file.mapping(), start, end)
        .writing(SyncMode.ALL)
        .waiting()
        .reporting(file)
        .fsync(dataOnly)
        .begin(x);
  }

  /** {@link PageCache#syncFileRange}. */
  public void syncFileRange(Exec x, OpenFile file, long pos, long countBytes, int flags) {
    long end = countBytes == 0 ? Long.MAX_VALUE : pos + countBytes - 1;
    RangeSync sync = sync(file.mapping(), pos, end);
    if ((flags & SYNC_FILE_RANGE_WAIT_BEFORE) != 0) {
      sync.waitingBefore();
    }
    if ((flags & SYNC_FILE_RANGE_WRITE) != 0) {
      boolean all =
          (flags & SYNC_FILE_RANGE_WAIT_BEFORE) != 0 && (flags & SYNC_FILE_RANGE_WAIT_AFTER) != 0;
      sync.writing(all ? SyncMode.ALL : SyncMode.NONE);
    }
    if ((flags & SYNC_FILE_RANGE_WAIT_AFTER) != 0) {
      sync.waiting();
    }
    if ((flags & (SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WAIT_AFTER)) != 0) {
      sync.reporting(file);
    }
    sync.begin(x);
  }

  /** {@link PageCache#flushRange}. */
  public void flushRange(Exec x, AddressSpace mapping, long start, long end) {
    sync(mapping, start, end).writing(SyncMode.NONE).begin(x);
  }

  /** {@link PageCache#flushRangeUpTo}. */
  public void flushRangeUpTo(Exec x, AddressSpace mapping, long start, long end, long pages) {
    sync(mapping, start, end).writing(SyncMode.NONE).upTo(pages).begin(x);
  }

  /** {@link PageCache#fdatawait}. */
  public void fdatawait(Exec x, AddressSpace mapping, long start, long end) {
    sync(mapping, start, end).waiting().begin(x);
  }

  /** {@link PageCache#writeAndWait}. */
  public void writeAndWait(Exec x, AddressSpace mapping, long start, long end) {
    sync(mapping, start, end).writing(SyncMode.ALL).waiting().begin(x);
  }

  private RangeRemoval removal(RangeRemoval.Kind kind, AddressSpace mapping) {
    RangeRemoval removal = removals.pollLast();
    if (removal == null) {
      removal = new RangeRemoval(this);
    }
    return removal.of(kind, mapping);
  }

  void ended(RangeRemoval removal) {
    removals.addLast(removal);
  }

  /** {@link PageCache#invalidate}. */
  public void invalidate(Exec x, AddressSpace mapping, long start, long end) {
    removal(RangeRemoval.Kind.INVALIDATE, mapping).begin(x, start, end);
  }

  /** {@link PageCache#dontneed}. */
  public void dontneed(Exec x, AddressSpace mapping, long start, long end) {
    RangeRemoval removal = removal(RangeRemoval.Kind.DONTNEED, mapping);
    removal.beginLater(x, start, end);
    flushRange(x, mapping, start, end);
  }

  /** {@link PageCache#truncate}. */
  public void truncate(Exec x, AddressSpace mapping, long sizeBytes) {
    mapping.setSizeBytes(sizeBytes);
    removal(RangeRemoval.Kind.TRUNCATE, mapping).begin(x, sizeBytes, Long.MAX_VALUE);
  }
}
