package fs.buffer;

import block.bio.Bio;
import block.bio.BlockDevice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import mm.core.PageCache;
import mm.core.writeback.BackingDevice;

/**
 * An ext2-like file system on one block device: block pointers instead of extents, blocks allocated
 * when they are written to, no journal, and writeback buffer by buffer.
 *
 * <p>Left out: {@code mpage_writepages}, with which ext2 joins whole folios into one bio and which
 * would hide the buffer heads; block groups and bitmaps; directories and deletion. RWF_DONTCACHE is
 * what the settings say, though no kernel has it on ext2.
 */
public final class Ext2FileSystem {
  /** Superblock, group descriptors, bitmaps and inode tables, at the start of the device. */
  private static final long METADATA_BYTES = 16L << 20;

  private final PageCache cache;
  private final BackingDevice backingDevice;
  private final BufferIo io;
  private final List<Ext2File> files = new ArrayList<>();
  private final long blocks;
  private long nextBlock;

  /**
   * An empty file system.
   *
   * @param cache page cache of the run
   * @param backingDevice what the page cache knows of {@code device}
   * @param device where its blocks are
   */
  public Ext2FileSystem(
      PageCache cache, BackingDevice backingDevice, BlockDevice device, BufferSettings settings) {
    this.cache = Objects.requireNonNull(cache, "cache");
    this.backingDevice = Objects.requireNonNull(backingDevice, "backingDevice");
    io = new BufferIo(cache, device, Objects.requireNonNull(settings, "settings"));
    long bytes = device.sectors() * Bio.SECTOR_BYTES;
    blocks = Math.min(bytes >> io.blockShift(), 1L << 32);
    nextBlock = Math.min(METADATA_BYTES, bytes / 8) >> io.blockShift();
  }

  /**
   * Makes a file as it is before the run; costs no virtual time.
   *
   * @param sizeBytes {@code i_size}
   * @throws IllegalArgumentException if the device has not that much space left
   */
  public Ext2File newFile(FileLayout layout, long sizeBytes) {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException(
          "fs.buffer: file size is " + sizeBytes + "; it must be 0 or above");
    }
    long fileBlocks = sizeBytes + settings().blockSizeBytes() - 1 >> io.blockShift();
    if (layout == FileLayout.WRITTEN && fileBlocks > (blocks - nextBlock) / 64 * 63) {
      throw new IllegalArgumentException(
          "fs.buffer: file size is "
              + sizeBytes
              + "; "
              + io.device()
              + " has "
              + (blocks - nextBlock << io.blockShift())
              + " bytes free, indirect blocks included: make the file smaller or the device larger");
    }
    Ext2File file = new Ext2File(this, files.size() + 1L, sizeBytes);
    if (layout == FileLayout.WRITTEN) {
      file.layOut(fileBlocks);
    }
    files.add(file);
    return file;
  }

  /** All files, in the order in which they were made. */
  public List<Ext2File> files() {
    return Collections.unmodifiableList(files);
  }

  /** What it was made from. */
  public BufferSettings settings() {
    return io.settings();
  }

  PageCache cache() {
    return cache;
  }

  BackingDevice backingDevice() {
    return backingDevice;
  }

  BufferIo io() {
    return io;
  }

  /** Takes blocks in one piece; -1 if there are not so many. */
  long takeBlocks(long count) {
    if (count > blocks - nextBlock) {
      return -1;
    }
    long first = nextBlock;
    nextBlock += count;
    return first;
  }

  @Override
  public String toString() {
    return "ext2 on " + io.device();
  }
}
