package block.bio.direct;

import block.bio.BlockDevice;

/** Where a piece of a file is: filled by a {@link BlockMap}. */
public final class Extent {
  private BlockDevice device;
  private long sector;
  private long lengthBytes;

  /** An extent that is nowhere. */
  public Extent() {}

  /**
   * The piece is on a device.
   *
   * @param target the device
   * @param first its first sector
   * @param bytes how many bytes from the position asked for are contiguous there, at least 512
   */
  public void setMapped(BlockDevice target, long first, long bytes) {
    device = target;
    sector = first;
    lengthBytes = bytes;
  }

  /** The piece is a hole: reads give zeros without a device. */
  public void setHole(long bytes) {
    setMapped(null, 0, bytes);
  }

  /** Whether it is a hole. */
  public boolean isHole() {
    return device == null;
  }

  /** The device; null for a hole. */
  public BlockDevice device() {
    return device;
  }

  /** First sector on the device. */
  public long sector() {
    return sector;
  }

  /** Contiguous bytes. */
  public long lengthBytes() {
    return lengthBytes;
  }
}
