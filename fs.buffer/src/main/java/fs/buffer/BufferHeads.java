package fs.buffer;

import java.util.Arrays;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import sim.kernel.Exec;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.SpinLock;
import sim.kernel.wait.BitWaitTable;

/**
 * The buffer heads of one file system or block device. A folio has 4096 / block size of them for
 * each of its pages, in a ring that is its private state.
 *
 * <p>A buffer is an {@code int} above 0: those of one folio follow each other, and the folio's
 * private handle is the first of them. The state is in primitive arrays; freed rings are used
 * again, each for a folio of the size that it was made for.
 */
final class BufferHeads {
  private static final int PAGE_BYTES = 4096;

  /** Folios' uptodate locks are hashed on as many; the kernel has one in each buffer. */
  private static final int LOCKS = 256;

  private static final int FREE = -1;

  private final FolioStore folios;
  private final BitWaitTable waiters = new BitWaitTable();
  private final SpinLock[] uptodateLocks = new SpinLock[LOCKS];
  private final int blockSizeBytes;
  private final int perPage;

  // By buffer.
  private byte[] state = new byte[64];
  private byte[] refs = new byte[64];
  private long[] block = new long[64];

  /**
   * By page of buffers, that is, by buffer / perPage: the folio; below 0 where the ring is free,
   * and then of its first page the inverse of the ring of that size that was freed before.
   */
  private int[] folioOrNext = new int[64];

  /** First page of the ring that was freed last, by order of its folio; 0 for none. */
  private final int[] freeRing = new int[FolioStore.ORDER_MAX + 1];

  private int freshPage = 1;
  private int ringsInUse;

  BufferHeads(FolioStore folios, int blockSizeBytes) {
    this.folios = folios;
    this.blockSizeBytes = blockSizeBytes;
    this.perPage = PAGE_BYTES / blockSizeBytes;
    LockClass lockClass = new LockClass("b_uptodate_lock");
    Arrays.setAll(uptodateLocks, i -> new SpinLock(lockClass));
  }

  int blockSizeBytes() {
    return blockSizeBytes;
  }

  /** How many buffers the folio has or would have. */
  int countOf(int folio) {
    return perPage << folios.order(folio);
  }

  /**
   * How many of the folio's buffers a pass over them meets that a single page has not. What a pass
   * over those of a page costs is in the costs of submission and end.
   */
  int furtherOf(int folio) {
    return perPage * (folios.nrPages(folio) - 1);
  }

  /** Folios that have buffers. */
  int ringsInUse() {
    return ringsInUse;
  }

  /** The folio's first buffer; 0 if it has none. */
  int firstOf(int folio) {
    return folios.privateHandle(folio);
  }

  /** The buffer that begins {@code offsetBytes} from its folio's start. */
  int at(int folio, int offsetBytes) {
    return firstOf(folio) + offsetBytes / blockSizeBytes;
  }

  int folioOf(int buffer) {
    return folioOrNext[buffer / perPage];
  }

  /** Where the buffer begins in its folio, bytes. */
  int offsetBytes(int buffer) {
    return (buffer - firstOf(folioOf(buffer))) * blockSizeBytes;
  }

  /**
   * Models {@code create_empty_buffers}: up to date and dirty as the folio is; returns the first.
   */
  int attach(int folio) {
    int order = folios.order(folio);
    int page = freeRing[order];
    if (page == 0) {
      page = freshPages(1 << order);
    } else {
      freeRing[order] = ~folioOrNext[page];
    }
    Arrays.fill(folioOrNext, page, page + (1 << order), folio);
    int first = page * perPage;
    int bits = folios.test(folio, FolioFlag.UPTODATE) ? BufferFlag.UPTODATE : 0;
    bits |= folios.test(folio, FolioFlag.DIRTY) ? BufferFlag.DIRTY : 0;
    Arrays.fill(state, first, first + (perPage << order), (byte) bits);
    folios.attachPrivate(folio, first);
    ringsInUse++;
    return first;
  }

  private int freshPages(int count) {
    int page = freshPage;
    freshPage += count;
    if (freshPage > folioOrNext.length) {
      folioOrNext = Arrays.copyOf(folioOrNext, Integer.highestOneBit(freshPage) * 2);
    }
    if (freshPage * perPage > state.length) {
      state = Arrays.copyOf(state, Integer.highestOneBit(freshPage * perPage) * 2);
      refs = Arrays.copyOf(refs, state.length);
      block = Arrays.copyOf(block, state.length);
    }
    return page;
  }

  /**
   * Frees the folio's buffers unless one is busy: locked, dirty or held ({@code
   * try_to_free_buffers}).
   */
  boolean tryToFree(int folio) {
    int first = firstOf(folio);
    int end = first + countOf(folio);
    for (int b = first; b < end; b++) {
      if (refs[b] != 0 || test(b, BufferFlag.DIRTY | BufferFlag.LOCK)) {
        return false;
      }
    }
    folios.detachPrivate(folio);
    int order = folios.order(folio);
    int page = first / perPage;
    Arrays.fill(folioOrNext, page, page + (1 << order), FREE);
    folioOrNext[page] = ~freeRing[order];
    freeRing[order] = page;
    ringsInUse--;
    return true;
  }

  boolean test(int buffer, int flags) {
    return (state[buffer] & flags) != 0;
  }

  void set(int buffer, int flags) {
    state[buffer] |= (byte) flags;
  }

  void clear(int buffer, int flags) {
    state[buffer] &= (byte) ~flags;
  }

  boolean testClear(int buffer, int flags) {
    boolean was = test(buffer, flags);
    clear(buffer, flags);
    return was;
  }

  /** Clears flags of all buffers of the folio. */
  void clearAll(int folio, int flags) {
    int first = firstOf(folio);
    int end = first + countOf(folio);
    for (int b = first; b < end; b++) {
      clear(b, flags);
    }
  }

  /** Whether any buffer of the folio has one of the flags. */
  boolean any(int folio, int flags) {
    int first = firstOf(folio);
    int end = first + countOf(folio);
    for (int b = first; b < end; b++) {
      if (test(b, flags)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The next buffer of the ring that has one of the flags, as a walk that begins behind {@code
   * buffer} finds it; {@code buffer} itself if no other has.
   */
  int nextWith(int buffer, int flags) {
    int folio = folioOf(buffer);
    int first = firstOf(folio);
    int end = first + countOf(folio);
    int at = buffer;
    do {
      at = at + 1 == end ? first : at + 1;
    } while (at != buffer && !test(at, flags));
    return at;
  }

  /** Whether all buffers of the folio have all of the flags. */
  boolean all(int folio, int flags) {
    int first = firstOf(folio);
    int end = first + countOf(folio);
    for (int b = first; b < end; b++) {
      if ((state[b] & flags) != flags) {
        return false;
      }
    }
    return true;
  }

  /** Device block; meaningless unless MAPPED. */
  long block(int buffer) {
    return block[buffer];
  }

  void map(int buffer, long deviceBlock) {
    block[buffer] = deviceBlock;
    set(buffer, BufferFlag.MAPPED);
  }

  /** {@code get_bh}: a held buffer keeps its folio's buffers from being freed. */
  void hold(int buffer) {
    refs[buffer]++;
  }

  /** {@code put_bh}. */
  void release(int buffer) {
    if (refs[buffer] == 0) {
      throw new IllegalStateException("buffer " + buffer + ": put_bh; it must be held");
    }
    refs[buffer]--;
  }

  boolean trylock(int buffer) {
    if (test(buffer, BufferFlag.LOCK)) {
      return false;
    }
    set(buffer, BufferFlag.LOCK);
    return true;
  }

  /** Sleeps until the lock was released; the caller tries again. Task context only. */
  void sleepForLock(Exec x, int buffer) {
    set(buffer, BufferFlag.WAITERS);
    waiters.sleep(x, buffer);
  }

  /** {@code unlock_buffer}; in any context. */
  void unlock(Exec x, int buffer) {
    if (!testClear(buffer, BufferFlag.LOCK)) {
      throw new IllegalStateException("buffer " + buffer + ": unlock; it must be locked");
    }
    if (testClear(buffer, BufferFlag.WAITERS)) {
      waiters.wake(x, buffer, Integer.MAX_VALUE);
    }
  }

  /** The lock under which a folio's ring is scanned at the end of I/O. */
  SpinLock uptodateLock(int folio) {
    return uptodateLocks[folio & LOCKS - 1];
  }

  /**
   * Checks that no buffer is locked or under I/O, and that none is dirty in a clean folio.
   *
   * @throws IllegalStateException that names the first that is
   */
  void verifyIdle() {
    int busy =
        BufferFlag.LOCK | BufferFlag.WAITERS | BufferFlag.ASYNC_READ | BufferFlag.ASYNC_WRITE;
    int rings = 0;
    for (int page = 1; page < freshPage; page++) {
      int folio = folioOrNext[page];
      if (folio < 0) {
        continue;
      }
      rings += firstOf(folio) == page * perPage ? 1 : 0;
      int wrong = folios.test(folio, FolioFlag.DIRTY) ? busy : busy | BufferFlag.DIRTY;
      for (int b = page * perPage; b < (page + 1) * perPage; b++) {
        if (test(b, wrong) || refs[b] != 0) {
          throw new IllegalStateException(
              folios.describe(folio) + ": buffer " + b + " has state " + state[b] + " when idle");
        }
      }
    }
    if (rings != ringsInUse) {
      throw new IllegalStateException(
          "buffers: rings in use are " + rings + "; counted are " + ringsInUse);
    }
  }
}
