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

  /**
   * Whether the end of a write of these bytes has extents to change, for which it needs a task;
   * asked in any context, when its bios have ended ({@code IOMAP_DIO_UNWRITTEN}). Unless it is
   * overridden it has not.
   */
  default boolean needsTaskAtEnd(long posBytes, long lengthBytes) {
    return false;
  }

  /**
   * Changes what the end of a write changes ({@code iomap_dio_ops.end_io}). Step function of a
   * task; result 0 or a negated errno. Unless it is overridden it does nothing.
   */
  default void writeEnded(Exec x, long posBytes, long lengthBytes) {
    x.setResult(0);
  }

  /** A raw device: byte 0 is sector 0. */
  static BlockMap of(BlockDevice device) {
    return (x, op, posBytes, lengthBytes, extent) -> {
      extent.setMapped(device, posBytes / 512, device.sectors() * 512 - posBytes);
      x.setResult(0);
    };
  }
}
