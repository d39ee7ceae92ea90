package fs.iomap.erofs;

import block.bio.Bio;
import block.bio.BioPool;
import block.bio.BlockDevice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Objects;
import mm.core.PageCache;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.writeback.BackingDevice;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.machine.Cost;

/**
 * An EROFS-like file system on one block device. Files are read through the page cache by {@link
 * ErofsFile#mapping}; a write is refused with EROFS.
 *
 * <p>Left out: metadata, uncompressed files and direct I/O on them, plain clusters, tail packing
 * and fragments.
 */
public final class ErofsFileSystem {
  /** Superblock and inodes, at the start of the device. */
  private static final long META_BYTES = 1L << 20;

  /** {@code max_sync_decompress_pages}. */
  private static final long SYNC_PAGES_MAX = 3;

  private final PageCache cache;
  private final BackingDevice backingDevice;
  private final BlockDevice device;
  private final ErofsSettings settings;
  private final DecompressionWorkers workers;
  private final VerityTarget verity;
  private final ManagedCache managed;
  private final ArrayDeque<ErofsRead> freeReads = new ArrayDeque<>();
  private SyncDecompress syncDecompress;
  private long nextBlock = META_BYTES / ErofsSettings.BLOCK_BYTES;
  private long inodes;

  /** Requests that are not decompressed yet, in the order of their begin. */
  private final ArrayList<ErofsRead> reads = new ArrayList<>();

  /**
   * A file system without files.
   *
   * @param cache page cache of the run
   * @param backingDevice what the page cache knows of {@code device}
   * @param device where its clusters are
   */
  public ErofsFileSystem(
      PageCache cache, BackingDevice backingDevice, BlockDevice device, ErofsSettings settings) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.backingDevice = Objects.requireNonNull(backingDevice, "backingDevice");
    this.device = Objects.requireNonNull(device, "device");
    this.settings = Objects.requireNonNull(settings, "settings");
    syncDecompress = settings.syncDecompress();
    Machine machine = cache.machine();
    workers = new DecompressionWorkers(machine, settings.decompression());
    verity = settings.verity() ? new VerityTarget(machine, device) : null;
    managed = new ManagedCache(this);
  }

  /**
   * Makes a file of the image; costs no virtual time.
   *
   * @param sizeBytes its size, decompressed
   * @throws IllegalArgumentException if the device has not that much space left
   */
  public ErofsFile newFile(long sizeBytes) {
    long clusters = (sizeBytes + settings.clusterBytes() - 1) / settings.clusterBytes();
    long blocks = clusters * settings.compressedBlocks(settings.clusterBytes());
    long left = device.sectors() * Bio.SECTOR_BYTES / ErofsSettings.BLOCK_BYTES - nextBlock;
    if (sizeBytes < 0 || blocks > left) {
      throw new IllegalArgumentException(
          "fs.iomap.erofs: file size is "
              + sizeBytes
              + "; "
              + device
              + " has room for compressed clusters of "
              + left * ErofsSettings.BLOCK_BYTES
              + " bytes: make the file smaller or the device larger");
    }
    ErofsFile file = new ErofsFile(this, ++inodes, sizeBytes, nextBlock);
    nextBlock += blocks;
    return file;
  }

  /** What it was made from. */
  public ErofsSettings settings() {
    return settings;
  }

  /** Its mode of synchronous decompression now, which AUTO leaves by itself. */
  public SyncDecompress syncDecompress() {
    return syncDecompress;
  }

  /** Requests that are not decompressed yet. */
  public int readsInUse() {
    return reads.size();
  }

  PageCache cache() {
    return cache;
  }

  BackingDevice backingDevice() {
    return backingDevice;
  }

  BlockDevice device() {
    return device;
  }

  ManagedCache managed() {
    return managed;
  }

  /** The request that reads or decompresses a cluster now; null if none does. */
  ErofsRead ownerOf(ErofsFile file, long cluster) {
    for (int i = 0; i < reads.size(); i++) {
      ErofsRead read = reads.get(i);
      if (read.file() == file && read.clusters().owns(cluster)) {
        return read;
      }
    }
    return null;
  }

  BioPool bios() {
    return device.layer().bios();
  }

  /** {@code z_erofs_is_sync_decompress}. */
  boolean isSync(ReadaheadControl rac) {
    return switch (syncDecompress) {
      case AUTO -> rac.isReadFolio();
      case FORCE_ON -> rac.nrPages() <= SYNC_PAGES_MAX;
      case FORCE_OFF -> false;
    };
  }

  long decompressNs(long bytes) {
    return cache.machine().costNs(Cost.DECOMPRESS) * bytes / ErofsSettings.BLOCK_BYTES;
  }

  void submit(Exec x, Bio bio) {
    if (verity == null) {
      device.submitBio(x, bio);
    } else {
      verity.submitBio(x, bio);
    }
  }

  /** An asynchronous request has come to its end in atomic context: a task has to go on. */
  void leaveToTask(Exec x, ErofsRead read) {
    if (syncDecompress == SyncDecompress.AUTO) {
      // Before it is queued: it may be gone right after.
      syncDecompress = SyncDecompress.FORCE_ON;
    }
    workers.queue(x, read);
  }

  ErofsRead takeRead() {
    ErofsRead read = freeReads.isEmpty() ? new ErofsRead(this) : freeReads.pollLast();
    reads.add(read);
    return read;
  }

  void free(ErofsRead read) {
    reads.remove(read);
    freeReads.addLast(read);
  }

  @Override
  public String toString() {
    return "erofs file system on " + device;
  }
}
