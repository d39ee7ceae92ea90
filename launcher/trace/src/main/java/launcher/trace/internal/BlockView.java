package launcher.trace.internal;

import launcher.trace.NameTable;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.BlockOperation;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.Rwbs;

/** The block event of the line that is being read. */
final class BlockView implements BlockEvent {
  static final int SECTOR_BYTES = 512;

  private static final int NO_RWBS = Rwbs.of(BlockOperation.NONE, 0);

  private final NameTable names;

  BlockAction action;
  int device;
  int rwbs;
  long sector;
  long sectors;
  long bytes;
  int error;
  int fromDevice;
  long fromSector;
  int unplugged;
  int processId;

  BlockView(NameTable names) {
    this.names = names;
  }

  void clear(BlockAction of) {
    action = of;
    device = DeviceNumber.NONE;
    rwbs = NO_RWBS;
    sector = 0;
    sectors = 0;
    bytes = -1;
    error = 0;
    fromDevice = DeviceNumber.NONE;
    fromSector = 0;
    unplugged = 0;
    processId = 0;
  }

  @Override
  public BlockAction action() {
    return action;
  }

  @Override
  public int device() {
    return device;
  }

  @Override
  public int rwbs() {
    return rwbs;
  }

  @Override
  public long sector() {
    return sector;
  }

  @Override
  public long sectors() {
    return sectors;
  }

  @Override
  public long bytes() {
    return bytes >= 0 ? bytes : sectors * SECTOR_BYTES;
  }

  @Override
  public int error() {
    return error;
  }

  @Override
  public int fromDevice() {
    return fromDevice;
  }

  @Override
  public long fromSector() {
    return fromSector;
  }

  @Override
  public int unplugged() {
    return unplugged;
  }

  @Override
  public String process() {
    return names.text(processId);
  }

  @Override
  public int processId() {
    return processId;
  }
}
