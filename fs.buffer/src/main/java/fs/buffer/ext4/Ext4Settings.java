package fs.buffer.ext4;

import fs.buffer.BufferDontcache;
import java.util.Objects;

/**
 * How an ext4 was made and mounted, and of which kernel it is. Blocks have 4096 bytes.
 *
 * @param dontcache what RWF_DONTCACHE does: AS_IT_COMES on every kernel from 6.17 on, whose ext4
 *     accepts it and leaves its bios unmarked
 * @param journal whether it has a journal, in mode {@code data=ordered}
 * @param journalBytes size of the journal; 0 for what {@code mkfs.ext4} gives the device
 * @param dioread what newly allocated blocks are
 * @param folioOrderMax largest folio of a file, as 2^order pages; 9 since 6.16, 0 before
 */
public record Ext4Settings(
    BufferDontcache dontcache,
    boolean journal,
    long journalBytes,
    Dioread dioread,
    int folioOrderMax) {
  /** 1024 blocks: below that {@code mke2fs} makes none. */
  public static final long JOURNAL_BYTES_MIN = 4L << 20;

  /** What {@code mke2fs} gives at most. */
  public static final long JOURNAL_BYTES_MAX = 1L << 30;

  /** {@code MAX_PAGECACHE_ORDER} with huge pages of 2 MiB. */
  public static final int FOLIO_ORDER_MAX = 9;

  /** A default mount on Linux 6.18. */
  public static final Ext4Settings DEFAULT =
      new Ext4Settings(BufferDontcache.AS_IT_COMES, true, 0, Dioread.NOLOCK, FOLIO_ORDER_MAX);

  /** Refuses sizes that no ext4 has. */
  public Ext4Settings {
    Objects.requireNonNull(dontcache, "dontcache");
    Objects.requireNonNull(dioread, "dioread");
    if (journalBytes != 0
        && (journalBytes < JOURNAL_BYTES_MIN || journalBytes > JOURNAL_BYTES_MAX)) {
      throw new IllegalArgumentException(
          "fs.buffer.ext4: journal size is "
              + journalBytes
              + " bytes; it must be from 4 MiB to 1 GiB, or 0 for what mkfs.ext4 gives");
    }
    if (folioOrderMax < 0 || folioOrderMax > FOLIO_ORDER_MAX) {
      throw new IllegalArgumentException(
          "fs.buffer.ext4: largest folio order is " + folioOrderMax + "; it must be from 0 to 9");
    }
  }

  /** These settings with another kernel's answer to RWF_DONTCACHE. */
  public Ext4Settings with(BufferDontcache other) {
    return new Ext4Settings(other, journal, journalBytes, dioread, folioOrderMax);
  }

  /** These settings with another mount option. */
  public Ext4Settings with(Dioread other) {
    return new Ext4Settings(dontcache, journal, journalBytes, other, folioOrderMax);
  }

  /** These settings with a journal of a size, 0 for the usual one. */
  public Ext4Settings withJournal(long bytes) {
    return new Ext4Settings(dontcache, true, bytes, dioread, folioOrderMax);
  }

  /** These settings without a journal: {@code mkfs.ext4 -O ^has_journal}. */
  public Ext4Settings withoutJournal() {
    return new Ext4Settings(dontcache, false, 0, dioread, folioOrderMax);
  }

  /** These settings with another largest folio. */
  public Ext4Settings withFolioOrderMax(int order) {
    return new Ext4Settings(dontcache, journal, journalBytes, dioread, order);
  }
}
