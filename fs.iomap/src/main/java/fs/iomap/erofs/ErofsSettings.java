package fs.iomap.erofs;

import java.util.Objects;

/**
 * How a file system was made and mounted, and by what kind of kernel.
 *
 * @param clusterBytes what a cluster holds when it is decompressed, 4 KiB to 1 MiB. All clusters of
 *     a file have it, where mkfs.erofs fixes the compressed size instead: their mean, then
 * @param compressedPercent what is left of it by compression, 1 to 100; rounded up to blocks of 4
 *     KiB
 * @param cacheStrategy which compressed pages are kept
 * @param syncDecompress mode at mount
 * @param decompression who decompresses after an end in atomic context
 * @param verity whether dm-verity lies between the file system and the device
 * @param completion what is asked for the ends of bios
 */
public record ErofsSettings(
    int clusterBytes,
    int compressedPercent,
    CacheStrategy cacheStrategy,
    SyncDecompress syncDecompress,
    DecompressionTask decompression,
    boolean verity,
    ReadCompletion completion) {
  /** Bytes of a block on the device. */
  static final int BLOCK_BYTES = 4096;

  private static final int CLUSTER_BYTES_MAX = 1 << 20;

  /** Clusters of 64 KiB that halve, on the bare device, of a kernel without per-CPU threads. */
  public static final ErofsSettings DEFAULT =
      new ErofsSettings(
          64 << 10,
          50,
          CacheStrategy.READAROUND,
          SyncDecompress.AUTO,
          DecompressionTask.UNBOUND_WORKQUEUE,
          false,
          ReadCompletion.AS_IT_COMES);

  /** Refuses sizes that can't be. */
  public ErofsSettings {
    Objects.requireNonNull(cacheStrategy, "cacheStrategy");
    Objects.requireNonNull(syncDecompress, "syncDecompress");
    Objects.requireNonNull(decompression, "decompression");
    Objects.requireNonNull(completion, "completion");
    if (clusterBytes < BLOCK_BYTES || clusterBytes > CLUSTER_BYTES_MAX) {
      throw new IllegalArgumentException(
          "fs.iomap.erofs: cluster is "
              + clusterBytes
              + " bytes; it must be from 4096 to "
              + CLUSTER_BYTES_MAX);
    }
    if (compressedPercent < 1 || compressedPercent > 100) {
      throw new IllegalArgumentException(
          "fs.iomap.erofs: compressed size is "
              + compressedPercent
              + " %; it must be from 1 to 100");
    }
  }

  /** These settings with other clusters. */
  public ErofsSettings withClusters(int sizeBytes, int percent) {
    return new ErofsSettings(
        sizeBytes, percent, cacheStrategy, syncDecompress, decompression, verity, completion);
  }

  /** These settings with another choice of compressed pages. */
  public ErofsSettings with(CacheStrategy strategy) {
    return new ErofsSettings(
        clusterBytes,
        compressedPercent,
        strategy,
        syncDecompress,
        decompression,
        verity,
        completion);
  }

  /** These settings with another mode. */
  public ErofsSettings with(SyncDecompress mode) {
    return new ErofsSettings(
        clusterBytes, compressedPercent, cacheStrategy, mode, decompression, verity, completion);
  }

  /** These settings with others who decompress. */
  public ErofsSettings with(DecompressionTask task) {
    return new ErofsSettings(
        clusterBytes, compressedPercent, cacheStrategy, syncDecompress, task, verity, completion);
  }

  /** These settings with another wish for the ends of bios. */
  public ErofsSettings with(ReadCompletion wish) {
    return new ErofsSettings(
        clusterBytes,
        compressedPercent,
        cacheStrategy,
        syncDecompress,
        decompression,
        verity,
        wish);
  }

  /** These settings on dm-verity, or not. */
  public ErofsSettings withVerity(boolean below) {
    return new ErofsSettings(
        clusterBytes,
        compressedPercent,
        cacheStrategy,
        syncDecompress,
        decompression,
        below,
        completion);
  }

  /** Blocks that {@code bytes} of a file have on the device. */
  int compressedBlocks(long bytes) {
    long compressed = (bytes * compressedPercent + 99) / 100;
    return (int) ((compressed + BLOCK_BYTES - 1) / BLOCK_BYTES);
  }
}
