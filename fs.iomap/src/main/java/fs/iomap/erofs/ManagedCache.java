package fs.iomap.erofs;

import block.bio.Bio;
import mm.core.AddressSpace;
import mm.core.FolioFlag;
import mm.core.FolioStore;
import mm.core.PageCache;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;

/**
 * The cache of compressed pages: a mapping of an inode without a name, by block of the device
 * ({@code MNGD_MAPPING}). Its folios are read by the requests of files, lie on the lists of the
 * page cache, and leave by reclaim alone.
 *
 * <p>Left out: that a folio whose cluster is being decompressed can't be reclaimed.
 */
final class ManagedCache extends ReadOnlyOperations {
  /** {@code new_inode} gives none. */
  private static final long INODE = 0;

  private final PageCache cache;
  private final FolioStore store;
  private final AddressSpace mapping;

  ManagedCache(ErofsFileSystem fs) {
    cache = fs.cache();
    store = cache.folios();
    mapping = cache.newMapping(INODE, fs.backingDevice(), this);
    mapping.setSizeBytes(fs.device().sectors() * Bio.SECTOR_BYTES);
  }

  /** Whether a block is here, read. */
  boolean has(long block) {
    int folio = mapping.pages().load(block);
    return folio != 0 && store.test(folio, FolioFlag.UPTODATE);
  }

  boolean owns(int folio) {
    return folio != 0 && store.mapping(folio) == mapping.id();
  }

  /**
   * A locked folio with a reference to read a block into: one whose read has failed, or a new one.
   *
   * @param add whether there may be a new one
   * @return 0 if there is none
   */
  int lock(Exec x, long block, boolean add) {
    int folio = mapping.pages().load(block);
    if (folio != 0) {
      if (!cache.trylock(folio)) {
        return 0;
      }
      store.get(folio);
      return folio;
    }
    var memcg = cache.memory().memcgOf(x.task());
    if (!add || !cache.memory().tryCharge(x, memcg, 1)) {
      return 0;
    }
    x.charge(Cost.FOLIO_ADD);
    return cache.addFolio(x, mapping, block, 0, memcg);
  }

  /** Ends the read of a folio that {@link #lock} gave. */
  void endRead(Exec x, int folio, boolean ok) {
    cache.endRead(x, folio, ok);
    cache.put(folio);
  }

  /** No file is open on it. */
  @Override
  public void readahead(Exec x, AddressSpace of, ReadaheadControl rac) {
    throw new IllegalStateException("the cache of compressed pages is read by no one");
  }
}
