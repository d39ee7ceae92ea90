package mm.core;

/**
 * All folios of a run. A folio is an {@code int} handle above 0; 0 is no folio.
 *
 * <p>The folio is the first argument of every method. Methods named after a kernel function do what
 * that function does to the state of the folio; they know no context, no time and no lock. A method
 * that changes a folio throws {@link IllegalStateException}, with the folio's state in words, when
 * the change is one that would corrupt a kernel; reading a handle that is free gives what was last
 * there.
 */
public final class FolioStore extends FolioRecords {
  /** The largest order of a folio: 512 pages, 2 MiB. */
  public static final int ORDER_MAX = 9;

  /** Number of page indexes a mapping has: 2^40 pages, 4 PiB. */
  public static final long INDEX_LIMIT = 1L << 40;

  /** Memory control groups have ids from 0, the root, to below this. */
  public static final int MEMCG_LIMIT = 1 << 16;

  /** Nodes have ids from 0 to below this. */
  public static final int NODE_LIMIT = 1 << 4;

  /** Makes a store without folios; the first one allocates the first chunk. */
  public FolioStore() {}

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

  // Halves.

  /** What the second half of a folio has of the flags of the whole, dropbehind aside. */
  private static final FolioFlag INHERITED =
      FolioFlag.LOCKED
          .or(FolioFlag.UPTODATE)
          .or(FolioFlag.DIRTY)
          .or(FolioFlag.REFERENCED)
          .or(FolioFlag.ACTIVE)
          .or(FolioFlag.SWAPBACKED)
          .or(FolioFlag.UNEVICTABLE)
          .or(FolioFlag.MLOCKED)
          .or(FolioFlag.BUFFERS)
          .or(FolioFlag.WORKINGSET)
          .or(FolioFlag.UNTOUCHED);

  private static final FolioFlag INHERITED_WITH_DROPBEHIND = INHERITED.or(FolioFlag.DROPBEHIND);

  /**
   * Cuts a large folio in two of half its size, and returns the second. It must be locked, not
   * under writeback, without page-table mappings and private state, in no list, and nobody but the
   * page cache and the caller may refer to it; the caller has a reference and the lock of each half
   * then. The tree is the caller's. Models {@code __split_folio_to_order}, one turn of it.
   */
  public int halve(int folio, SplitDropbehind dropbehind) {
    int[] chunk = chunkOf(folio, "halving");
    int base = base(folio);
    int pages = nrPages(folio);
    boolean alone = chunk[base + REFCOUNT] == pages + 1 && chunk[base + MAPCOUNT] == 0;
    boolean idle = test(folio, FolioFlag.LOCKED) && !test(folio, WRITEBACK_OR_PRIVATE);
    if (pages == 1 || !alone || !idle || next(folio) != UNLINKED) {
      throw bad(
          folio,
          "halving",
          "it must be large, locked, out of every list, without I/O, maps and private state, with"
              + " one reference beside those of the page cache");
    }
    int tail = cutInHalf(folio);
    FolioFlag inherited =
        dropbehind == SplitDropbehind.KEPT ? INHERITED_WITH_DROPBEHIND : INHERITED;
    chunks[tail >>> CHUNK_SHIFT][base(tail) + FLAGS] |= chunk[base + FLAGS] & inherited.mask();
    chunks[tail >>> CHUNK_SHIFT][base(tail) + REFCOUNT] = pages / 2 + 1;
    chunk[base + REFCOUNT] = pages / 2 + 1;
    return tail;
  }

  private static final FolioFlag WRITEBACK_OR_PRIVATE = FolioFlag.WRITEBACK.or(FolioFlag.PRIVATE);

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
}
