package mm.core.spi.mapping;

import mm.core.AddressSpace;
import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/**
 * What a file system does for the mappings of its inodes; one object may serve one mapping or many.
 * Models {@code struct address_space_operations}, and of {@code struct file_operations} what the
 * page cache needs.
 *
 * <p>Methods that take an {@link Exec} and return nothing are step functions in task context: they
 * may name steps with {@link Exec#then} and sleep, and hand 0 or a negative errno back in {@link
 * Exec#setResult} when they end. A method without more steps sets its result at once.
 */
@ConsumerType
public interface AddressSpaceOperations {
  /**
   * Writes dirty folios out, as {@code do_writepages} has it done: called by flushers, by fsync and
   * by inline range flushes. Folios come from {@link mm.core.writeback.FolioWriteback}, which also
   * counts {@link WritebackControl#nrToWrite} down; for each, the file system calls {@link
   * mm.core.PageCache#startWriteback}, then {@link mm.core.PageCache#unlock}, and has {@link
   * mm.core.PageCache#endWriteback} called when its I/O has ended.
   */
  void writepages(Exec x, AddressSpace mapping, WritebackControl wbc);

  /**
   * Reads folios: submits their I/O, or zeroes holes, and sees to it that {@link
   * mm.core.PageCache#endRead} is called for each. Also called for a single folio that a read found
   * missing ({@code read_folio}).
   */
  void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac);

  /**
   * Changes the times of a file that is about to be written to ({@code file_update_time}): called
   * once for each write, with the inode lock and no folio. Unless overridden it does nothing.
   */
  default void updateTime(Exec x, AddressSpace mapping) {
    x.setResult(0);
  }

  /**
   * A call that writes begins, with the inode's lock unless writes share it: what was mapped for
   * the last one is not used for this one ({@code iomap_iter}). Unless overridden it does nothing.
   */
  default void writeStart(AddressSpace mapping) {}

  /**
   * Prepares a locked folio for a write of {@code lengthBytes} at {@code pos}, which lie in it:
   * maps blocks, and reads what the write leaves of partial blocks. Charge {@link
   * sim.kernel.machine.Cost#BLOCK_MAP} where a mapping call is made.
   */
  void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes);

  /**
   * As {@link #writeBegin}, for a write with {@code RWF_NOWAIT}: hands -EAGAIN back where it would
   * have to wait for a lock or a read. Called only if {@link #supportsNowaitWrites}; unless
   * overridden it is {@link #writeBegin}, for file systems whose preparation never waits.
   */
  default void writeBeginNowait(
      Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    writeBegin(x, mapping, folio, pos, lengthBytes);
  }

  /**
   * How much of a write one mapping of blocks covers: the folio that is made for its beginning is
   * no larger ({@code iomap_iter}, which comes before the folio). Asked with the inode's lock held,
   * and only where folios may be large; unless overridden, folios come before blocks.
   *
   * @param lengthBytes what is left of the write
   * @return bytes from {@code pos}, from 1 to {@code lengthBytes}
   */
  default long writeSpan(AddressSpace mapping, long pos, long lengthBytes) {
    return lengthBytes;
  }

  /**
   * Takes over what was copied: sets the file system's own dirty state, calls {@link
   * mm.core.PageCache#markUptodate} and {@link mm.core.PageCache#markDirty}, and {@link
   * AddressSpace#extendTo}. The folio stays locked.
   *
   * @param copiedBytes from {@code pos}; not 0
   */
  void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes);

  /**
   * The part of fsync after data was written and waited for: metadata and a cache flush.
   *
   * @param dataOnly {@code fdatasync}: without times and other metadata not needed to read the data
   */
  void fsync(Exec x, AddressSpace mapping, boolean dataOnly);

  /**
   * Detaches the file system's state from a locked folio that is neither dirty nor under writeback
   * ({@code filemap_release_folio}). Called only for folios with PRIVATE set; never sleeps.
   *
   * @return whether the state is gone, so that the folio may leave the page cache
   */
  boolean releaseFolio(Exec x, int folio);

  /**
   * Whether buffered writes may carry {@code RWF_NOWAIT}; without it they are refused with
   * EOPNOTSUPP, as files without {@code FMODE_NOWAIT} and {@code blkdev_write_iter} do.
   */
  default boolean supportsNowaitWrites() {
    return false;
  }

  /** {@code FOP_DONTCACHE}: without it, RWF_DONTCACHE is refused with EOPNOTSUPP. */
  default boolean supportsDontcache() {
    return false;
  }
}
