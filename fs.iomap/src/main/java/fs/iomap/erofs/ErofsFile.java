package fs.iomap.erofs;

import mm.core.AddressSpace;
import mm.core.FolioStore;

/** A compressed file: its mapping and its clusters, which follow each other on the device. */
public final class ErofsFile {
  private final ErofsSettings settings;
  private final AddressSpace mapping;
  private final long firstBlock;
  private final int clusterBlocks;

  ErofsFile(ErofsFileSystem fs, long inode, long sizeBytes, long firstBlock) {
    settings = fs.settings();
    this.firstBlock = firstBlock;
    clusterBlocks = settings.compressedBlocks(settings.clusterBytes());
    mapping = fs.cache().newMapping(inode, fs.backingDevice(), new ErofsOperations(fs, this));
    mapping.setSizeBytes(sizeBytes);
    mapping.setOrderRange(0, FolioStore.ORDER_MAX);
  }

  /** Its page cache. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** The cluster that a byte is in. */
  long clusterAt(long pos) {
    return pos / settings.clusterBytes();
  }

  /** First byte of the file in a cluster. */
  long start(long cluster) {
    return cluster * settings.clusterBytes();
  }

  /** The byte of the file behind the last in a cluster. */
  long end(long cluster) {
    return Math.min(start(cluster + 1), mapping.sizeBytes());
  }

  /** Where a cluster is on the device, in blocks. */
  long block(long cluster) {
    return firstBlock + cluster * clusterBlocks;
  }

  /** Blocks that it takes there. */
  int blocks(long cluster) {
    return settings.compressedBlocks(end(cluster) - start(cluster));
  }
}
