package mm.core;

import java.util.Arrays;

/**
 * State below the folio, of folios that have more than one block: which blocks are up to date and
 * dirty, and how many bytes of I/O are pending ({@code struct iomap_folio_state}; of a ring of
 * buffer heads what these say together). Kept by a file system, one for each block size.
 *
 * <p>A state is a record of longs in a chunk, found by the handle that the folio keeps as its
 * private state. Record: pending bytes (write in the low half, read in the high), number of blocks,
 * then the two bitmaps. There is a size of record for each power of two of bitmap words.
 */
public final class FolioBlockStates {
  private static final int CHUNK_SHIFT = 8;
  private static final int CHUNK_RECORDS = 1 << CHUNK_SHIFT;

  /** Bitmaps of 1, 2, 4 ... 64 words: a folio of 2 MiB has at most 4096 blocks. */
  private static final int SIZES = 7;

  private static final int SIZE_BITS = 3;
  private static final int PENDING = 0;
  private static final int BLOCKS = 1;
  private static final int BITMAPS = 2;
  private static final long WRITE_MASK = 0xffff_ffffL;

  private final FolioStore folios;
  private final int blockSizeBytes;

  private final long[][][] chunks = new long[SIZES][4][];
  private final int[] fresh = new int[SIZES];

  /** Last freed record of each size, plus one; its BLOCKS word leads to the one freed before. */
  private final int[] freeHead = new int[SIZES];

  private int inUse;

  /**
   * States of the folios of one file system; none has one yet.
   *
   * @param folios where a folio keeps the handle of its state
   * @param blockSizeBytes 512 to 4096, a power of two
   */
  public FolioBlockStates(FolioStore folios, int blockSizeBytes) {
    this.folios = folios;
    this.blockSizeBytes = blockSizeBytes;
    Arrays.fill(fresh, 1);
  }

  /** How many folios have a state. */
  public int inUse() {
    return inUse;
  }

  /** How many blocks a folio has. */
  public int blocks(int folio) {
    return folios.nrPages(folio) * (4096 / blockSizeBytes);
  }

  /** Whether folios of this size need a state at all. */
  public boolean perBlock(int folio) {
    return blockSizeBytes < 4096 || folios.order(folio) > 0;
  }

  /** The folio's state; 0 if it has none. */
  public int of(int folio) {
    return folios.privateHandle(folio);
  }

  /**
   * Attaches a state ({@code ifs_alloc}): all blocks up to date or none, none dirty; its handle.
   */
  public int attach(int folio, boolean uptodate) {
    int blocks = blocks(folio);
    int words = (blocks + 63) >>> 6;
    int size = 31 - Integer.numberOfLeadingZeros(words);
    int index = freeHead[size];
    if (index == 0) {
      index = fresh[size]++;
      if (index >>> CHUNK_SHIFT == chunks[size].length) {
        chunks[size] = Arrays.copyOf(chunks[size], chunks[size].length * 2);
      }
      if (chunks[size][index >>> CHUNK_SHIFT] == null) {
        chunks[size][index >>> CHUNK_SHIFT] = new long[CHUNK_RECORDS * recordLongs(size)];
      }
    }
    int handle = index << SIZE_BITS | size;
    long[] chunk = chunk(handle);
    int base = base(handle);
    if (index == freeHead[size]) {
      freeHead[size] = (int) chunk[base + BLOCKS];
    }
    chunk[base + PENDING] = 0;
    chunk[base + BLOCKS] = blocks;
    Arrays.fill(chunk, base + BITMAPS, base + BITMAPS + 2 * words, 0);
    if (uptodate) {
      setBits(chunk, base + BITMAPS, 0, blocks);
    }
    folios.attachPrivate(folio, handle);
    inUse++;
    return handle;
  }

  /**
   * Detaches and frees the folio's state ({@code ifs_free}).
   *
   * @throws IllegalStateException if I/O is pending
   */
  public void detach(int folio) {
    int handle = folios.privateHandle(folio);
    long[] chunk = chunk(handle);
    int base = base(handle);
    if (chunk[base + PENDING] != 0) {
      throw new IllegalStateException(
          folios.describe(folio)
              + ": ifs_free with "
              + writePending(handle)
              + " bytes of writes and "
              + (chunk[base + PENDING] >>> 32)
              + " of reads pending; it must be 0");
    }
    folios.detachPrivate(folio);
    int size = handle & (1 << SIZE_BITS) - 1;
    chunk[base + BLOCKS] = freeHead[size];
    freeHead[size] = handle >>> SIZE_BITS;
    inUse--;
  }

  private static int recordLongs(int size) {
    return BITMAPS + (2 << size);
  }

  private long[] chunk(int handle) {
    return chunks[handle & (1 << SIZE_BITS) - 1][handle >>> SIZE_BITS + CHUNK_SHIFT];
  }

  private static int base(int handle) {
    return (handle >>> SIZE_BITS & CHUNK_RECORDS - 1) * recordLongs(handle & (1 << SIZE_BITS) - 1);
  }

  private static int words(long[] chunk, int base) {
    return (int) (chunk[base + BLOCKS] + 63 >>> 6);
  }

  // Pending bytes.

  /** Bytes under write. */
  public long writePending(int handle) {
    return chunk(handle)[base(handle) + PENDING] & WRITE_MASK;
  }

  /** Adds bytes under write; {@code bytes} may be below 0. Returns what is pending then. */
  public long addWritePending(int handle, long bytes) {
    long[] chunk = chunk(handle);
    int at = base(handle) + PENDING;
    long pending = (chunk[at] & WRITE_MASK) + bytes;
    if (pending < 0) {
      throw new IllegalStateException(
          "state of the blocks of a folio, "
              + handle
              + ": write bytes pending fall to "
              + pending
              + "; a block was completed twice");
    }
    chunk[at] = chunk[at] & ~WRITE_MASK | pending;
    return pending;
  }

  /** As {@link #addWritePending}, for reads. */
  public long addReadPending(int handle, long bytes) {
    long[] chunk = chunk(handle);
    int at = base(handle) + PENDING;
    long pending = (chunk[at] >>> 32) + bytes;
    if (pending < 0) {
      throw new IllegalStateException(
          "state of the blocks of a folio, "
              + handle
              + ": read bytes pending fall to "
              + pending
              + "; a block was completed twice");
    }
    chunk[at] = chunk[at] & WRITE_MASK | pending << 32;
    return pending;
  }

  // Bitmaps. Offsets are in bytes from the folio's start.

  /** Marks the blocks up to date that the range touches; true if all of the folio are then. */
  public boolean setUptodate(int handle, long offsetBytes, long lengthBytes) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    int first = (int) (offsetBytes / blockSizeBytes);
    int end = (int) ((offsetBytes + lengthBytes + blockSizeBytes - 1) / blockSizeBytes);
    setBits(chunk, base + BITMAPS, first, end);
    return isUptodate(handle);
  }

  /** Whether all blocks of the folio are up to date. */
  public boolean isUptodate(int handle) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    int blocks = (int) chunk[base + BLOCKS];
    return nextClear(chunk, base + BITMAPS, 0, blocks) == blocks;
  }

  /** Whether one block is up to date. */
  public boolean uptodate(int handle, int block) {
    return (chunk(handle)[base(handle) + BITMAPS + (block >>> 6)] >>> block & 1) != 0;
  }

  /** Marks the blocks dirty that the range touches. */
  public void setDirty(int handle, long offsetBytes, long lengthBytes) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    int first = (int) (offsetBytes / blockSizeBytes);
    int end = (int) ((offsetBytes + lengthBytes + blockSizeBytes - 1) / blockSizeBytes);
    setBits(chunk, base + BITMAPS + words(chunk, base), first, end);
  }

  /** Marks all blocks clean. */
  public void clearDirty(int handle) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    int words = words(chunk, base);
    Arrays.fill(chunk, base + BITMAPS + words, base + BITMAPS + 2 * words, 0);
  }

  /** First dirty block from {@code block} on; the number of blocks if there is none. */
  public int nextDirty(int handle, int block) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    int bitmap = base + BITMAPS + words(chunk, base);
    int blocks = (int) chunk[base + BLOCKS];
    int at = block;
    while (at < blocks) {
      long word = chunk[bitmap + (at >>> 6)] >>> at;
      if (word != 0) {
        return at + Long.numberOfTrailingZeros(word);
      }
      at = (at | 63) + 1;
    }
    return blocks;
  }

  /** First clean block from {@code block} on; the number of blocks if there is none. */
  public int nextClean(int handle, int block) {
    long[] chunk = chunk(handle);
    int base = base(handle);
    return nextClear(chunk, base + BITMAPS + words(chunk, base), block, (int) chunk[base + BLOCKS]);
  }

  private static int nextClear(long[] chunk, int bitmap, int from, int blocks) {
    int at = from;
    while (at < blocks) {
      long word = ~chunk[bitmap + (at >>> 6)] >>> at;
      if (word != 0) {
        return Math.min(blocks, at + Long.numberOfTrailingZeros(word));
      }
      at = (at | 63) + 1;
    }
    return blocks;
  }

  private static void setBits(long[] chunk, int bitmap, int from, int end) {
    int at = from;
    while (at < end) {
      int stop = Math.min(end, (at | 63) + 1);
      long bits = -1L >>> 64 - (stop - at) << at;
      chunk[bitmap + (at >>> 6)] |= bits;
      at = stop;
    }
  }
}
