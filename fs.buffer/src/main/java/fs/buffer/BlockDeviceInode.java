package fs.buffer;

import block.bio.Bio;
import block.bio.BlockDevice;
import block.bio.direct.BlockMap;
import java.util.Objects;
import mm.core.AddressSpace;
import mm.core.PageCache;
import mm.core.writeback.BackingDevice;
import sim.kernel.Exec;

/**
 * A block device as a file, on buffer heads: {@code /dev/nvme0n1} of a kernel with {@code
 * CONFIG_BUFFER_HEAD}. Its content is the device's, so that every write is an overwrite.
 */
public final class BlockDeviceInode {
  private final BufferIo io;
  private final AddressSpace mapping;
  private final BlockMap directMap;

  /**
   * The device's inode; make one for a device.
   *
   * @param backingDevice what the page cache knows of {@code device}
   */
  public BlockDeviceInode(
      PageCache cache, BackingDevice backingDevice, BlockDevice device, BufferSettings settings) {
    Objects.requireNonNull(backingDevice, "backingDevice");
    io = new BufferIo(cache, device, Objects.requireNonNull(settings, "settings"));
    BlockMapper mapper = new WholeDevice(device.sectors() * Bio.SECTOR_BYTES >> io.blockShift());
    mapping = cache.newMapping(device.number(), backingDevice, new BufferOperations(io, mapper));
    mapping.setSizeBytes(device.sectors() * Bio.SECTOR_BYTES);
    mapping.setOrderRange(0, settings.folioOrderMax());
    mapping.setSharedWrites(true);
    directMap = BlockMap.of(device);
  }

  /** Its page cache; its size is the device's. */
  public AddressSpace mapping() {
    return mapping;
  }

  /** Where direct I/O on it goes. */
  public BlockMap directMap() {
    return directMap;
  }

  /** What it was made from. */
  public BufferSettings settings() {
    return io.settings();
  }

  BufferIo io() {
    return io;
  }

  /** {@code blkdev_get_block}: block n is block n; costs nothing worth a charge. */
  private record WholeDevice(long blocks) implements BlockMapper {
    @Override
    public long map(Exec x, long block) {
      return block < blocks ? block : HOLE;
    }

    @Override
    public long allocate(Exec x, long block) {
      return map(x, block);
    }

    @Override
    public void readIndirect(Exec x, long block) {
      throw new IllegalStateException(x + ": a block device has no indirect blocks");
    }
  }
}
