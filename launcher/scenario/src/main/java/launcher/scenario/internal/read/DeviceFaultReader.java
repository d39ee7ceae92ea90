package launcher.scenario.internal.read;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import launcher.scenario.DeviceFault;
import launcher.scenario.Unit;
import launcher.scenario.internal.tree.Section;
import launcher.scenario.internal.tree.TreeNode;

/** Reads the {@code faults} section. */
final class DeviceFaultReader {
  private static final String KEY = "faults";

  /** What a device doesn't answer: success, and that the caller would have had to wait. */
  private static final Set<BlkStatus> NO_ANSWER = EnumSet.of(BlkStatus.OK, BlkStatus.AGAIN);

  private final long capacityBytes;
  private final List<DeviceFault> faults = new ArrayList<>();

  DeviceFaultReader(DeviceProfile device) {
    capacityBytes = device.value(DeviceParameter.CAPACITY);
  }

  /** By time; what is written first comes first. */
  List<DeviceFault> read(Section top) {
    for (TreeNode item : top.items(KEY)) {
      top.inner(item, KEY).ifPresent(this::readOne);
    }
    faults.sort(Comparator.comparingLong(DeviceFault::atNs));
    return faults;
  }

  private void readOne(Section section) {
    section.require("at", "say from when on commands fail");
    section.require("status", "say how they end: ioerr, for example");
    long atNs = section.number("at", Unit.NANOSECONDS, 0, Long.MAX_VALUE).orElse(0);
    Optional<BlkStatus> status = section.word("status", BlkStatus.class);
    if (status.filter(NO_ANSWER::contains).isPresent()) {
      section.wrong("status", "'" + Section.wordOf(status.get()) + "' is no error of a device");
    }
    Optional<BioOp> op = section.word("op", BioOp.class);
    long count = section.number("count", Unit.COUNT, 1, Long.MAX_VALUE).orElse(1);
    long offset = section.number("offset", Unit.BYTES, 0, capacityBytes - 1).orElse(0);
    long size = section.number("size", Unit.BYTES, 1, capacityBytes).orElse(Long.MAX_VALUE);
    section.refuseUnknown();
    faults.add(new DeviceFault(atNs, status.orElse(BlkStatus.IOERR), op, count, offset, size));
  }
}
