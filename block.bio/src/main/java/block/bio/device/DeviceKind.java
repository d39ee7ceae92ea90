package block.bio.device;

/** How a device's service times come about. */
public enum DeviceKind {
  /** Channels that work in parallel behind a bus of limited bandwidth. */
  SSD,
  /** One head that seeks and a disk that turns. */
  HDD,
  /** No device: {@code null_blk}. */
  NULL,
  /** A file on another device: {@code drivers/block/loop.c} with direct I/O. */
  LOOP
}
