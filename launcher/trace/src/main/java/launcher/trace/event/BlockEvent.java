package launcher.trace.event;

import org.osgi.annotation.versioning.ProviderType;

/** An event of the block layer. */
@ProviderType
public interface BlockEvent {
  /** What happened. */
  BlockAction action();

  /** The device, as {@link DeviceNumber} packs it; of a remap the target's. NONE for a plug. */
  int device();

  /** Operation and flags, see {@link Rwbs}; those of NONE for a plug. */
  int rwbs();

  /** The operation in {@link #rwbs}. */
  default BlockOperation operation() {
    return Rwbs.operation(rwbs());
  }

  /** The first sector, of 512 bytes; 0 if there is none. */
  long sector();

  /** How many sectors, 0 for none. */
  long sectors();

  /** The bytes that a request's event gives; of others those of its sectors. */
  long bytes();

  /** The error of a completion, 0 if none or if this is none; positive or negative as recorded. */
  int error();

  /** Of a remap, the device that the bio was for; {@link DeviceNumber#NONE} otherwise. */
  int fromDevice();

  /** Of a remap, the first sector on that device; of a split, where the second part begins. */
  long fromSector();

  /** Of an unplug, how many requests; 0 otherwise. */
  int unplugged();

  /** The name between the last brackets: the task that submitted; empty if there is none. */
  String process();

  /** The number of that name. */
  int processId();
}
