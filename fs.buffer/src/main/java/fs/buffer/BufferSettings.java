package fs.buffer;

import java.util.Objects;

/**
 * What kind of buffer heads, and of which kernel.
 *
 * @param blockSizeBytes 512, 1024, 2048 or 4096: a folio has 8, 4, 2 or 1 buffers
 * @param dontcache what RWF_DONTCACHE does
 */
public record BufferSettings(int blockSizeBytes, BufferDontcache dontcache) {
  private static final int PAGE_BYTES = 4096;

  /** 4096-byte blocks on Linux 7.3. */
  public static final BufferSettings DEFAULT =
      new BufferSettings(PAGE_BYTES, BufferDontcache.BIO_MARKED);

  /** Refuses sizes that no buffer has. */
  public BufferSettings {
    Objects.requireNonNull(dontcache, "dontcache");
    if (blockSizeBytes < 512
        || blockSizeBytes > PAGE_BYTES
        || Integer.bitCount(blockSizeBytes) != 1) {
      throw new IllegalArgumentException(
          "fs.buffer: block size is " + blockSizeBytes + "; it must be 512, 1024, 2048 or 4096");
    }
  }

  /** These settings with another block size. */
  public BufferSettings withBlockSizeBytes(int sizeBytes) {
    return new BufferSettings(sizeBytes, dontcache);
  }

  /** These settings with another kernel's answer to RWF_DONTCACHE. */
  public BufferSettings with(BufferDontcache other) {
    return new BufferSettings(blockSizeBytes, other);
  }
}
