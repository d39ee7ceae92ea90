package fs.iomap.internal.log;

import java.util.ArrayList;
import java.util.List;

/** A piece of metadata that is written in place at once ({@code struct xfs_buf}). */
public final class MetadataBuffer {
  final long sector;
  final int sizeBytes;

  /** What lies in it: the inodes of a cluster, or one block of a tree. */
  final List<LogItem> items = new ArrayList<>(1);

  /** Whether xfsaild has taken it up and its write has not ended. */
  boolean writing;

  MetadataBuffer(long sector, int sizeBytes) {
    this.sector = sector;
    this.sizeBytes = sizeBytes;
  }
}
