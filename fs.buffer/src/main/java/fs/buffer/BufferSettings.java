package fs.buffer;

import java.util.Objects;
import mm.core.FolioStore;

/**
 * What kind of buffer heads, and of which kernel.
 *
 * @param blockSizeBytes 512, 1024, 2048 or 4096: a folio has 8, 4, 2 or 1 buffers
 * @param dontcache what RWF_DONTCACHE does
 * @param folioOrderMax largest folio of a block device, as 2^order pages, 0 to 9; 9 since 6.15, 0
 *     before. Ext2 has single pages.
 */
public record BufferSettings(int blockSizeBytes, BufferDontcache dontcache, int folioOrderMax) {
  private static final int PAGE_BYTES = 4096;

  /** 4096-byte blocks on Linux 7.3. */
  public static final BufferSettings DEFAULT =
      new BufferSettings(PAGE_BYTES, BufferDontcache.BIO_MARKED, FolioStore.ORDER_MAX);

  /** Refuses sizes that no buffer has. */
  public BufferSettings {
    Objects.requireNonNull(dontcache, "dontcache");
    if (blockSizeBytes < 512
        || blockSizeBytes > PAGE_BYTES
        || Integer.bitCount(blockSizeBytes) != 1) {
      throw new IllegalArgumentException(
          "fs.buffer: block size is " + blockSizeBytes + "; it must be 512, 1024, 2048 or 4096");
    }
    if (folioOrderMax < 0 || folioOrderMax > FolioStore.ORDER_MAX) {
      throw new IllegalArgumentException(
          "fs.buffer: largest folio order is " + folioOrderMax + "; it must be from 0 to 9");
    }
  }

  /** These settings with another block size. */
  public BufferSettings withBlockSizeBytes(int sizeBytes) {
    return new BufferSettings(sizeBytes, dontcache, folioOrderMax);
  }

  /** These settings with another kernel's answer to RWF_DONTCACHE. */
  public BufferSettings with(BufferDontcache other) {
    return new BufferSettings(blockSizeBytes, other, folioOrderMax);
  }

  /** These settings with another largest folio of a block device. */
  public BufferSettings withFolioOrderMax(int order) {
    return new BufferSettings(blockSizeBytes, dontcache, order);
  }
}
