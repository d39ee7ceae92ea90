package fs.iomap;

import java.util.Objects;
import mm.core.FolioStore;

/**
 * What kind of file system it is, and of which kernel.
 *
 * @param blockSizeBytes 512, 1024, 2048 or 4096; below 4096 folios have state by block
 * @param folioOrderMax largest folio of a file, as 2^order pages, 0 to 9; above 0 folios have state
 *     by block
 * @param bioSizeMaxBytes largest bio of writeback; a multiple of the block size
 * @param ioendFoliosMax {@code IOEND_BATCH_SIZE}: folios of one ioend
 * @param dontcache how writeback of dropbehind folios ends
 * @param errorReport where failed writeback is reported
 * @param integrityReads who verifies reads, if the device has protection information
 * @param logBytes size of the journal; 0 for what {@code mkfs.xfs} gives the device
 */
public record IomapSettings(
    int blockSizeBytes,
    int folioOrderMax,
    int bioSizeMaxBytes,
    int ioendFoliosMax,
    DontcacheCompletion dontcache,
    ErrorReport errorReport,
    IntegrityReads integrityReads,
    long logBytes) {
  /** {@code IOEND_BATCH_SIZE}. */
  public static final int IOEND_BATCH_SIZE = 4096;

  /** {@code XFS_MIN_LOG_BYTES}: the smallest journal, 10 MiB. */
  public static final long LOG_BYTES_MIN = 10L << 20;

  /** {@code XFS_MAX_LOG_BYTES}: the largest journal, 2 GiB. */
  public static final long LOG_BYTES_MAX = 2L << 30;

  private static final int PAGE_BYTES = 4096;

  /** An XFS-like file system of 4096-byte blocks on Linux 7.3, with single-page folios. */
  public static final IomapSettings DEFAULT =
      new IomapSettings(
          PAGE_BYTES,
          0,
          Integer.MAX_VALUE & -PAGE_BYTES,
          IOEND_BATCH_SIZE,
          DontcacheCompletion.BIO_UNLESS_WORKQUEUE,
          ErrorReport.IN_TASK,
          IntegrityReads.BLOCK_LAYER,
          0);

  /** Refuses sizes that no such file system has. */
  public IomapSettings {
    Objects.requireNonNull(dontcache, "dontcache");
    Objects.requireNonNull(errorReport, "errorReport");
    Objects.requireNonNull(integrityReads, "integrityReads");
    if (blockSizeBytes < 512
        || blockSizeBytes > PAGE_BYTES
        || Integer.bitCount(blockSizeBytes) != 1) {
      throw new IllegalArgumentException(
          "fs.iomap: block size is " + blockSizeBytes + "; it must be 512, 1024, 2048 or 4096");
    }
    if (folioOrderMax < 0 || folioOrderMax > FolioStore.ORDER_MAX) {
      throw new IllegalArgumentException(
          "fs.iomap: largest folio order is "
              + folioOrderMax
              + "; it must be from 0 to "
              + FolioStore.ORDER_MAX);
    }
    if (bioSizeMaxBytes < PAGE_BYTES << folioOrderMax || bioSizeMaxBytes % blockSizeBytes != 0) {
      throw new IllegalArgumentException(
          "fs.iomap: largest bio is "
              + bioSizeMaxBytes
              + " bytes; it must be a multiple of the block size and hold the largest folio");
    }
    if (ioendFoliosMax < 1) {
      throw new IllegalArgumentException(
          "fs.iomap: folios of an ioend are " + ioendFoliosMax + "; they must be 1 or more");
    }
    if (logBytes != 0 && (logBytes < LOG_BYTES_MIN || logBytes > LOG_BYTES_MAX)) {
      throw new IllegalArgumentException(
          "fs.iomap: log size is "
              + logBytes
              + " bytes; it must be from 10 MiB to 2 GiB, or 0 for what mkfs gives");
    }
  }

  /** These settings with a journal of another size; 0 for what mkfs gives the device. */
  public IomapSettings withLogBytes(long sizeBytes) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        ioendFoliosMax,
        dontcache,
        errorReport,
        integrityReads,
        sizeBytes);
  }

  /** These settings with another block size. */
  public IomapSettings withBlockSizeBytes(int sizeBytes) {
    return new IomapSettings(
        sizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        ioendFoliosMax,
        dontcache,
        errorReport,
        integrityReads,
        logBytes);
  }

  /** These settings with folios of up to 2^{@code order} pages. */
  public IomapSettings withFolioOrderMax(int order) {
    return new IomapSettings(
        blockSizeBytes,
        order,
        bioSizeMaxBytes,
        ioendFoliosMax,
        dontcache,
        errorReport,
        integrityReads,
        logBytes);
  }

  /** These settings with another limit of a bio's size. */
  public IomapSettings withBioSizeMaxBytes(int sizeBytes) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        sizeBytes,
        ioendFoliosMax,
        dontcache,
        errorReport,
        integrityReads,
        logBytes);
  }

  /** These settings with another limit of an ioend's folios. */
  public IomapSettings withIoendFoliosMax(int count) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        count,
        dontcache,
        errorReport,
        integrityReads,
        logBytes);
  }

  /** These settings with another kernel's way to complete DONTCACHE writeback. */
  public IomapSettings with(DontcacheCompletion other) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        ioendFoliosMax,
        other,
        errorReport,
        integrityReads,
        logBytes);
  }

  /** These settings with failed writeback reported elsewhere. */
  public IomapSettings with(ErrorReport other) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        ioendFoliosMax,
        dontcache,
        other,
        integrityReads,
        logBytes);
  }

  /** These settings with reads verified by others. */
  public IomapSettings with(IntegrityReads other) {
    return new IomapSettings(
        blockSizeBytes,
        folioOrderMax,
        bioSizeMaxBytes,
        ioendFoliosMax,
        dontcache,
        errorReport,
        other,
        logBytes);
  }
}
