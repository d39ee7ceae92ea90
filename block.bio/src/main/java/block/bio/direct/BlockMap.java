package block.bio.direct;

import block.bio.BioOp;
import block.bio.BlockDevice;
import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** Says where a file's bytes are ({@code iomap_begin}, {@code get_block}). */
@ConsumerType
@FunctionalInterface
public interface BlockMap {
  /**
   * Fills {@code extent} for the bytes from {@code posBytes} on, and allocates them if {@code op}
   * is a write. Step function of the submitting task; result 0 or a negated errno.
   *
   * @param lengthBytes how many bytes are wanted; the extent may be shorter or longer
   */
  void map(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent);

  /**
   * As {@link #map} for an I/O that must not wait ({@code IOMAP_NOWAIT}): -EAGAIN in the place of
   * waiting for a lock or allocating. Unless it is overridden it maps as ever.
   */
  default void mapNowait(Exec x, BioOp op, long posBytes, long lengthBytes, Extent extent) {
    map(x, op, posBytes, lengthBytes, extent);
  }

  /** A raw device: byte 0 is sector 0. */
  static BlockMap of(BlockDevice device) {
    return (x, op, posBytes, lengthBytes, extent) -> {
      extent.setMapped(device, posBytes / 512, device.sectors() * 512 - posBytes);
      x.setResult(0);
    };
  }
}
