package fs.iomap.erofs;

import block.bio.Bio;
import mm.core.AddressSpace;
import mm.core.FolioStore;

/** A compressed file: its mapping and its clusters, which follow each other on the device. */
public final class ErofsFile {
  private final ErofsSettings settings;
  private final AddressSpace mapping;
  private final long firstSector;

  ErofsFile(ErofsFileSystem fs, long inode, long sizeBytes, long firstSector) {
    settings = fs.settings();
    this.firstSector = firstSector;
    mapping = fs.cache().newMapping(inode, fs.backingDevice(), new ErofsOperations(fs, this));
    mapping.setSizeBytes(sizeBytes);
    mapping.setOrderRange(0, FolioStore.ORDER_MAX);
  }

  /** Its page cache. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** Bytes of the file that a cluster holds. */
  long clusterBytes(long cluster) {
    return Math.min(
        settings.clusterBytes(), mapping.sizeBytes() - cluster * settings.clusterBytes());
  }

  /** Where a cluster is on the device. */
  long sector(long cluster) {
    return firstSector
        + cluster * settings.compressedBytes(settings.clusterBytes()) / Bio.SECTOR_BYTES;
  }

  /** What it takes there, bytes. */
  int compressedBytes(long cluster) {
    return settings.compressedBytes(clusterBytes(cluster));
  }
}
