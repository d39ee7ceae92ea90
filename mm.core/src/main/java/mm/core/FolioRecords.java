package mm.core;

import java.util.Arrays;

/**
 * The records of a {@link FolioStore}: where each folio is kept, and what says which one it is.
 *
 * <p>A folio is a record of nine ints in a chunk of 4096 records. Chunks are added as folios are
 * used and never copied, so memory grows with the folios in use and not with the simulated memory,
 * and growth needs no room for an old and a new copy. A record, and not a parallel array for each
 * field, because an operation on a folio touches most of its fields: that is one or two cache lines
 * instead of nine. Freed handles are used again, the last freed first.
 */
abstract class FolioRecords {
  /** The link of a folio that is in no {@link FolioList}. */
  static final int UNLINKED = -1;

  static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_FOLIOS = 1 << CHUNK_SHIFT;
  private static final int CHUNK_MASK = CHUNK_FOLIOS - 1;

  static final int FLAGS = 0;
  static final int REFCOUNT = 1;
  static final int MAPCOUNT = 2;
  private static final int MAPPING = 3;
  private static final int INDEX_LOW = 4;
  private static final int META = 5;
  private static final int NEXT = 6;
  private static final int PREV = 7;
  static final int PRIVATE = 8;
  private static final int RECORD = 9;

  /** Sign bit of FLAGS: the handle is in use. */
  static final int ALLOCATED = 1 << 31;

  /** META: order in bits 0-3, node in 4-7, high byte of the index in 8-15, memcg in 16-31. */
  private static final int ORDER_MASK = 0xf;

  private static final int NODE_SHIFT = 4;
  private static final int NODE_MASK = 0xf << NODE_SHIFT;
  private static final int INDEX_HIGH_SHIFT = 8;
  private static final int INDEX_HIGH_MASK = 0xff << INDEX_HIGH_SHIFT;
  private static final int MEMCG_SHIFT = 16;
  private static final int MEMCG_MASK = 0xffff << MEMCG_SHIFT;

  /** The chunks; those after the last in use are null. */
  int[][] chunks = new int[16][];

  private int chunkCount;

  /** The lowest handle never given out; all below are in use or on the free list. */
  private int fresh = 1;

  private int freeHead;
  private int folioCount;
  private long pageCount;

  FolioRecords() {}

  // Allocation.

  /**
   * Makes a folio of 2^order pages with one reference, no flags, no mapping, memcg 0 and node 0.
   * There is no limit but the heap's: whoever simulates memory pressure counts {@link #pageCount}.
   */
  public int alloc(int order) {
    if (order < 0 || order > FolioStore.ORDER_MAX) {
      throw new IllegalArgumentException(
          "folio store: order is " + order + "; it must be from 0 to " + FolioStore.ORDER_MAX);
    }
    int folio = freeHead;
    if (folio == 0) {
      folio = takeFresh();
    } else {
      freeHead = chunks[folio >>> CHUNK_SHIFT][base(folio) + NEXT];
    }
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    chunk[base + FLAGS] = ALLOCATED;
    chunk[base + REFCOUNT] = 1;
    chunk[base + MAPCOUNT] = 0;
    chunk[base + MAPPING] = 0;
    chunk[base + INDEX_LOW] = 0;
    chunk[base + META] = order;
    chunk[base + NEXT] = UNLINKED;
    chunk[base + PREV] = UNLINKED;
    chunk[base + PRIVATE] = 0;
    folioCount++;
    pageCount += 1L << order;
    return folio;
  }

  private int takeFresh() {
    if (fresh >>> CHUNK_SHIFT == chunkCount) {
      if (chunkCount == chunks.length) {
        chunks = Arrays.copyOf(chunks, chunkCount * 2);
      }
      chunks[chunkCount++] = new int[CHUNK_FOLIOS * RECORD];
    }
    if (fresh == Integer.MAX_VALUE) {
      throw new IllegalStateException("folio store: alloc: 2^31 folios are in use");
    }
    return fresh++;
  }

  /**
   * Gives the handle of a folio without references back, after {@link FolioStore#putTestzero} or a
   * {@link FolioStore#freeze} that is final.
   *
   * @throws IllegalStateException if it is free already, or still referenced, locked, dirty, under
   *     writeback, mapped, in a mapping or a list, or has private state
   */
  public void free(int folio) {
    int[] chunk = chunkOf(folio, "free");
    int base = base(folio);
    int flags = chunk[base + FLAGS];
    if ((flags & FREE_FORBIDDEN) != 0
        || chunk[base + REFCOUNT] != 0
        || chunk[base + MAPCOUNT] != 0
        || chunk[base + MAPPING] != 0
        || chunk[base + NEXT] != UNLINKED) {
      throw bad(folio, "free", "it must be unlocked, clean, unmapped and out of every container");
    }
    folioCount--;
    pageCount -= 1L << (chunk[base + META] & ORDER_MASK);
    chunk[base + FLAGS] = 0;
    chunk[base + NEXT] = freeHead;
    freeHead = folio;
  }

  private static final int FREE_FORBIDDEN =
      FolioFlag.LOCKED.mask()
          | FolioFlag.DIRTY.mask()
          | FolioFlag.WRITEBACK.mask()
          | FolioFlag.PRIVATE.mask()
          | FolioFlag.LRU.mask();

  /**
   * Makes the second half of a large folio a folio of its own, with one reference and no flags, at
   * the index that it has. The pages stay in use, so {@link #pageCount} does too.
   */
  int cutInHalf(int folio) {
    int order = order(folio) - 1;
    int tail = alloc(order);
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    chunk[base + META]--;
    pageCount -= 1L << order;
    int[] tailChunk = chunks[tail >>> CHUNK_SHIFT];
    tailChunk[base(tail) + META] = chunk[base + META];
    setMapping(tail, chunk[base + MAPPING], index(folio) + (1L << order));
    return tail;
  }

  /** How many folios are in use. */
  public int folioCount() {
    return folioCount;
  }

  /** How many pages the folios in use have. */
  public long pageCount() {
    return pageCount;
  }

  /** Bytes of the arrays behind this store, used or not. */
  public long footprintBytes() {
    return (long) chunkCount * CHUNK_FOLIOS * RECORD * Integer.BYTES
        + (long) chunks.length * Integer.BYTES;
  }

  // Identity.

  /** The folio has 2^order pages. */
  public int order(int folio) {
    return meta(folio) & ORDER_MASK;
  }

  /** How many pages it has: 1 to 512. */
  public int nrPages(int folio) {
    return 1 << (meta(folio) & ORDER_MASK);
  }

  /** Id of the {@link AddressSpace}, or of the anonymous region if ANON is set; 0 for none. */
  public int mapping(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + MAPPING];
  }

  /** Index of its first page in its mapping; kept when the mapping is cleared. */
  public long index(int folio) {
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    long high = chunk[base + META] & INDEX_HIGH_MASK;
    return high << (32 - INDEX_HIGH_SHIFT) | chunk[base + INDEX_LOW] & 0xffff_ffffL;
  }

  /**
   * Says where the folio is: page {@code index} of a mapping. The tree is the caller's.
   *
   * @param mappingId above 0
   * @param index a multiple of the folio's size, below {@link FolioStore#INDEX_LIMIT}
   */
  public void setMapping(int folio, int mappingId, long index) {
    int[] chunk = chunkOf(folio, "setting the mapping");
    int base = base(folio);
    int meta = chunk[base + META];
    long unaligned = index & (1L << (meta & ORDER_MASK)) - 1;
    if (mappingId <= 0 || index < 0 || index >= FolioStore.INDEX_LIMIT || unaligned != 0) {
      throw new IllegalArgumentException(
          describe(folio)
              + ": setting the mapping: id is "
              + mappingId
              + " and index "
              + index
              + "; the id must be above 0, the index a multiple of the folio's size below 2^40");
    }
    if (chunk[base + MAPPING] != 0) {
      throw bad(folio, "setting the mapping", "it must have none; remove it from there first");
    }
    chunk[base + MAPPING] = mappingId;
    chunk[base + INDEX_LOW] = (int) index;
    chunk[base + META] =
        meta & ~INDEX_HIGH_MASK | (int) (index >>> (32 - INDEX_HIGH_SHIFT)) & INDEX_HIGH_MASK;
  }

  /** Takes it out of its mapping, which it must have, as removal from the page cache does. */
  public void clearMapping(int folio) {
    int[] chunk = chunkOf(folio, "clearing the mapping");
    int base = base(folio);
    if (chunk[base + MAPPING] == 0) {
      throw bad(folio, "clearing the mapping", "it must have one");
    }
    chunk[base + MAPPING] = 0;
  }

  /** The memory control group it is charged to; 0 is the root. */
  public int memcg(int folio) {
    return meta(folio) >>> MEMCG_SHIFT;
  }

  /** Charges it to a group; not while it is in an LRU list, which belongs to the old group. */
  public void setMemcg(int folio, int memcgId) {
    setMeta(folio, MEMCG_MASK, MEMCG_SHIFT, memcgId, "memcg");
  }

  /** The NUMA node its memory is on. */
  public int node(int folio) {
    return (meta(folio) & NODE_MASK) >>> NODE_SHIFT;
  }

  /** Says which node it is on; not while it is in an LRU list, which belongs to the old node. */
  public void setNode(int folio, int nodeId) {
    setMeta(folio, NODE_MASK, NODE_SHIFT, nodeId, "node");
  }

  private void setMeta(int folio, int mask, int shift, int value, String what) {
    int[] chunk = chunkOf(folio, "setting the " + what);
    int base = base(folio);
    if (value < 0 || value > mask >>> shift) {
      throw new IllegalArgumentException(
          describe(folio) + ": " + what + " is " + value + "; it must be 0 to " + (mask >>> shift));
    }
    if (chunk[base + NEXT] != UNLINKED) {
      throw bad(folio, "setting the " + what, "it must be in no list");
    }
    chunk[base + META] = chunk[base + META] & ~mask | value << shift;
  }

  // Links of FolioList.

  int next(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + NEXT];
  }

  int prev(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + PREV];
  }

  void setNext(int folio, int next) {
    chunks[folio >>> CHUNK_SHIFT][base(folio) + NEXT] = next;
  }

  void setPrev(int folio, int prev) {
    chunks[folio >>> CHUNK_SHIFT][base(folio) + PREV] = prev;
  }

  // Words.

  /** One line about a folio, whatever state it is in; any int is answered. */
  public String describe(int folio) {
    if (folio <= 0 || folio >= fresh) {
      return "folio " + folio + (folio == 0 ? " (none)" : " (never allocated)");
    }
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    if (chunk[base + FLAGS] >= 0) {
      return "folio " + folio + " (free)";
    }
    return "folio "
        + folio
        + " (order "
        + order(folio)
        + ", refs "
        + chunk[base + REFCOUNT]
        + ", maps "
        + chunk[base + MAPCOUNT]
        + (chunk[base + MAPPING] == 0
            ? ", no mapping"
            : ", mapping " + chunk[base + MAPPING] + " index " + index(folio))
        + ", memcg "
        + memcg(folio)
        + ", node "
        + node(folio)
        + (chunk[base + PRIVATE] == 0 ? "" : ", private " + chunk[base + PRIVATE])
        + (chunk[base + NEXT] == UNLINKED ? "" : ", in a list")
        + ", flags "
        + FolioFlag.labelsOf(chunk[base + FLAGS])
        + ")";
  }

  IllegalStateException bad(int folio, String what, String right) {
    return new IllegalStateException(describe(folio) + ": " + what + ": " + right);
  }

  private int meta(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + META];
  }

  static int base(int folio) {
    return (folio & CHUNK_MASK) * RECORD;
  }

  /** The chunk of a folio that is in use. */
  int[] chunkOf(int folio, String what) {
    if (folio <= 0 || folio >= fresh) {
      throw bad(folio, what, "it must be a folio of this store");
    }
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    if (chunk[base(folio) + FLAGS] >= 0) {
      throw bad(folio, what, "it must be in use");
    }
    return chunk;
  }
}
