package mm.core;

import java.util.Arrays;

/**
 * All folios of a run. A folio is an {@code int} handle above 0; 0 is no folio.
 *
 * <p>A folio is a record of nine ints in a chunk of 4096 records. Chunks are added as folios are
 * used and never copied, so memory grows with the folios in use and not with the simulated memory,
 * and growth needs no room for an old and a new copy. A record, and not a parallel array for each
 * field, because an operation on a folio touches most of its fields: that is one or two cache lines
 * instead of nine. Freed handles are used again, the last freed first.
 *
 * <p>The folio is the first argument of every method. Methods named after a kernel function do what
 * that function does to the state of the folio; they know no context, no time and no lock. A method
 * that changes a folio throws {@link IllegalStateException}, with the folio's state in words, when
 * the change is one that would corrupt a kernel; reading a handle that is free gives what was last
 * there.
 */
public final class FolioStore {
  /** The largest order of a folio: 512 pages, 2 MiB. */
  public static final int ORDER_MAX = 9;

  /** Number of page indexes a mapping has: 2^40 pages, 4 PiB. */
  public static final long INDEX_LIMIT = 1L << 40;

  /** Memory control groups have ids from 0, the root, to below this. */
  public static final int MEMCG_LIMIT = 1 << 16;

  /** Nodes have ids from 0 to below this. */
  public static final int NODE_LIMIT = 1 << 4;

  /** The link of a folio that is in no {@link FolioList}. */
  static final int UNLINKED = -1;

  private static final int CHUNK_SHIFT = 12;
  private static final int CHUNK_FOLIOS = 1 << CHUNK_SHIFT;
  private static final int CHUNK_MASK = CHUNK_FOLIOS - 1;

  private static final int FLAGS = 0;
  private static final int REFCOUNT = 1;
  private static final int MAPCOUNT = 2;
  private static final int MAPPING = 3;
  private static final int INDEX_LOW = 4;
  private static final int META = 5;
  private static final int NEXT = 6;
  private static final int PREV = 7;
  private static final int PRIVATE = 8;
  private static final int RECORD = 9;

  /** Sign bit of FLAGS: the handle is in use. */
  private static final int ALLOCATED = 1 << 31;

  /** META: order in bits 0-3, node in 4-7, high byte of the index in 8-15, memcg in 16-31. */
  private static final int ORDER_MASK = 0xf;

  private static final int NODE_SHIFT = 4;
  private static final int NODE_MASK = 0xf << NODE_SHIFT;
  private static final int INDEX_HIGH_SHIFT = 8;
  private static final int INDEX_HIGH_MASK = 0xff << INDEX_HIGH_SHIFT;
  private static final int MEMCG_SHIFT = 16;
  private static final int MEMCG_MASK = 0xffff << MEMCG_SHIFT;

  private int[][] chunks = new int[16][];
  private int chunkCount;

  /** The lowest handle never given out; all below are in use or on the free list. */
  private int fresh = 1;

  private int freeHead;
  private int folioCount;
  private long pageCount;

  /** Makes a store without folios; the first one allocates the first chunk. */
  public FolioStore() {}

  // Allocation.

  /**
   * Makes a folio of 2^order pages with one reference, no flags, no mapping, memcg 0 and node 0.
   * There is no limit but the heap's: whoever simulates memory pressure counts {@link #pageCount}.
   */
  public int alloc(int order) {
    if (order < 0 || order > ORDER_MAX) {
      throw new IllegalArgumentException(
          "folio store: order is " + order + "; it must be from 0 to " + ORDER_MAX);
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
   * Gives the handle of a folio without references back, after {@link #putTestzero} or a {@link
   * #freeze} that is final.
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

  // References.

  /** References held; 0 for a frozen folio. */
  public int refcount(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + REFCOUNT];
  }

  /** Takes a reference of a folio that has one. Models {@code folio_get}. */
  public void get(int folio) {
    refAdd(folio, 1);
  }

  /** Takes {@code count} references, as a page cache does for each page of a folio. */
  public void refAdd(int folio, int count) {
    int[] chunk = chunkOf(folio, "get");
    int base = base(folio);
    int refs = chunk[base + REFCOUNT];
    if (refs <= 0 || count <= 0 || refs + count < 0) {
      throw bad(folio, "get of " + count, "it must have a reference; a lookup uses tryGet");
    }
    chunk[base + REFCOUNT] = refs + count;
  }

  /** Takes a reference unless there is none, that is, unless it is frozen or free. */
  public boolean tryGet(int folio) {
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    if (chunk[base + FLAGS] >= 0 || chunk[base + REFCOUNT] == 0) {
      return false;
    }
    chunk[base + REFCOUNT]++;
    return true;
  }

  /**
   * Drops a reference. Models {@code folio_put_testzero}.
   *
   * @return true if it was the last: the caller takes the folio off its list and calls {@link
   *     #free}
   */
  public boolean putTestzero(int folio) {
    return refSubTestzero(folio, 1);
  }

  /** Drops {@code count} references; the rest is as in {@link #putTestzero}. */
  public boolean refSubTestzero(int folio, int count) {
    int[] chunk = chunkOf(folio, "put");
    int base = base(folio);
    int refs = chunk[base + REFCOUNT] - count;
    if (count <= 0 || refs < chunk[base + MAPCOUNT]) {
      throw bad(folio, "put of " + count, "it must have that many beside one for each map");
    }
    chunk[base + REFCOUNT] = refs;
    return refs == 0;
  }

  /** Drops a reference, and frees the folio if it was the last. It must be in no LRU list then. */
  public void put(int folio) {
    if (refSubTestzero(folio, 1)) {
      free(folio);
    }
  }

  /**
   * Takes all references away if there are {@code expected} of them. While a folio is frozen, each
   * lookup that meets it in a tree has to try again. Models {@code folio_ref_freeze}.
   */
  public boolean freeze(int folio, int expected) {
    int[] chunk = chunkOf(folio, "freeze");
    int base = base(folio);
    if (expected <= 0) {
      throw bad(folio, "freeze at " + expected, "the expected count must be above 0");
    }
    if (chunk[base + REFCOUNT] != expected) {
      return false;
    }
    chunk[base + REFCOUNT] = 0;
    return true;
  }

  /** Gives a frozen folio {@code count} references. Models {@code folio_ref_unfreeze}. */
  public void unfreeze(int folio, int count) {
    int[] chunk = chunkOf(folio, "unfreeze");
    int base = base(folio);
    if (chunk[base + REFCOUNT] != 0 || count <= 0) {
      throw bad(folio, "unfreeze to " + count, "it must be frozen, and the count above 0");
    }
    chunk[base + REFCOUNT] = count;
  }

  /** {@code GUP_PIN_COUNTING_BIAS}: what a pin for DMA adds to the references. */
  public static final int PIN_BIAS = 1 << 10;

  /** Pins it for DMA. Models {@code pin_user_pages}. */
  public void pin(int folio) {
    refAdd(folio, PIN_BIAS);
  }

  /** Takes a pin back, which must not hold the last references. */
  public void unpin(int folio) {
    if (refSubTestzero(folio, PIN_BIAS)) {
      throw bad(folio, "unpin", "another reference must be held");
    }
  }

  /** Whether it may be pinned; that many plain references look the same. */
  public boolean maybeDmaPinned(int folio) {
    return refcount(folio) >= PIN_BIAS;
  }

  // Page-table mappings.

  /** How many page-table entries map the folio; each holds a reference. */
  public int mapcount(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + MAPCOUNT];
  }

  /** Whether a page table maps it. Models {@code folio_mapped}. */
  public boolean mapped(int folio) {
    return mapcount(folio) != 0;
  }

  /** Adds a page-table mapping and the reference that it holds. */
  public void map(int folio) {
    refAdd(folio, 1);
    chunks[folio >>> CHUNK_SHIFT][base(folio) + MAPCOUNT]++;
  }

  /** Removes a page-table mapping and its reference, which must not be the last. */
  public void unmap(int folio) {
    int[] chunk = chunkOf(folio, "unmap");
    int base = base(folio);
    if (chunk[base + MAPCOUNT] == 0 || chunk[base + REFCOUNT] <= 1) {
      throw bad(folio, "unmap", "it must be mapped, and another reference must be held");
    }
    chunk[base + MAPCOUNT]--;
    chunk[base + REFCOUNT]--;
  }

  // Flags.

  /** The bits of all flags; for masks made of {@link FolioFlag#mask}. */
  public int flags(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + FLAGS] & ~ALLOCATED;
  }

  /** Whether any flag of the set is set. */
  public boolean test(int folio, FolioFlag flag) {
    return (chunks[folio >>> CHUNK_SHIFT][base(folio) + FLAGS] & flag.mask()) != 0;
  }

  /** Sets each flag of the set. */
  public void set(int folio, FolioFlag flag) {
    testSet(folio, flag);
  }

  /** Clears each flag of the set. */
  public void clear(int folio, FolioFlag flag) {
    testClear(folio, flag);
  }

  /** Sets each flag of the set; true if any of them was set before. */
  public boolean testSet(int folio, FolioFlag flag) {
    int[] chunk = chunkOf(folio, "setting a flag");
    int base = base(folio);
    int flags = chunk[base + FLAGS];
    chunk[base + FLAGS] = flags | flag.mask();
    return (flags & flag.mask()) != 0;
  }

  /** Clears each flag of the set; true if any of them was set before. */
  public boolean testClear(int folio, FolioFlag flag) {
    int[] chunk = chunkOf(folio, "clearing a flag");
    int base = base(folio);
    int flags = chunk[base + FLAGS];
    chunk[base + FLAGS] = flags & ~flag.mask();
    return (flags & flag.mask()) != 0;
  }

  /** Takes the folio lock if it is free. Models {@code folio_trylock}; sleeping is the caller's. */
  public boolean trylock(int folio) {
    return !testSet(folio, FolioFlag.LOCKED);
  }

  /**
   * Releases the folio lock.
   *
   * @return whether {@link FolioFlag#WAITERS} is set, so that there may be somebody to wake
   */
  public boolean unlock(int folio) {
    if (!testClear(folio, FolioFlag.LOCKED)) {
      throw bad(folio, "unlock", "it must be locked");
    }
    return test(folio, FolioFlag.WAITERS);
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
   * @param index a multiple of the folio's size, below {@link #INDEX_LIMIT}
   */
  public void setMapping(int folio, int mappingId, long index) {
    int[] chunk = chunkOf(folio, "setting the mapping");
    int base = base(folio);
    int meta = chunk[base + META];
    long unaligned = index & (1L << (meta & ORDER_MASK)) - 1;
    if (mappingId <= 0 || index < 0 || index >= INDEX_LIMIT || unaligned != 0) {
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

  // Private state of the file system.

  /** What {@link #attachPrivate} gave; 0 for nothing. */
  public int privateHandle(int folio) {
    return chunks[folio >>> CHUNK_SHIFT][base(folio) + PRIVATE];
  }

  /**
   * Attaches state of the file system, sets PRIVATE and takes the reference that goes with it.
   *
   * @param handle not 0; its owner alone knows what it stands for
   */
  public void attachPrivate(int folio, int handle) {
    if (handle == 0 || test(folio, FolioFlag.PRIVATE)) {
      throw bad(folio, "attaching private " + handle, "it must have none, and the handle not be 0");
    }
    refAdd(folio, 1);
    int[] chunk = chunks[folio >>> CHUNK_SHIFT];
    int base = base(folio);
    chunk[base + PRIVATE] = handle;
    chunk[base + FLAGS] |= FolioFlag.PRIVATE.mask();
  }

  /** Detaches that state with its flag and its reference, and returns the handle; 0 if none. */
  public int detachPrivate(int folio) {
    int[] chunk = chunkOf(folio, "detaching private");
    int base = base(folio);
    if ((chunk[base + FLAGS] & FolioFlag.PRIVATE.mask()) == 0) {
      return 0;
    }
    if (chunk[base + REFCOUNT] <= 1) {
      throw bad(folio, "detaching private", "another reference must be held");
    }
    chunk[base + REFCOUNT]--;
    chunk[base + FLAGS] &= ~FolioFlag.PRIVATE.mask();
    int handle = chunk[base + PRIVATE];
    chunk[base + PRIVATE] = 0;
    return handle;
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

  private static int base(int folio) {
    return (folio & CHUNK_MASK) * RECORD;
  }

  /** The chunk of a folio that is in use. */
  private int[] chunkOf(int folio, String what) {
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
