package launcher.scenario.internal.read;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.CommandFate;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import launcher.scenario.DeviceFault;
import launcher.scenario.DeviceFaultEffect;
import launcher.scenario.DeviceFaultEffect.Failed;
import launcher.scenario.DeviceFaultEffect.InterruptLate;
import launcher.scenario.DeviceFaultEffect.Lost;
import launcher.scenario.DeviceFaultEffect.Slow;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.TreeNode;

/** Reads the {@code faults} section. */
final class DeviceFaultReader {
  private static final String KEY = "faults";

  /** What a device doesn't answer: success, and that the caller would have had to wait. */
  private static final Set<BlkStatus> NO_ANSWER = EnumSet.of(BlkStatus.OK, BlkStatus.AGAIN);

  private static final String DELAY = "delay-interrupt";
  private static final List<String> SLOWNESS = List.of("slow-factor", "slow-by");
  private static final List<String> KINDS =
      List.of("status", "lose", DELAY, "slow-factor", "slow-by");
  private static final long DELAY_NS_MAX = 3_600_000_000_000L;
  private static final long FACTOR_MAX = 1_000_000;

  /** What can be lost. */
  private enum Loss {
    COMMAND,
    COMMAND_AND_ABORT,
    INTERRUPT
  }

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
    long atNs = section.number("at", Unit.NANOSECONDS, 0, Long.MAX_VALUE).orElse(0);
    long untilNs =
        section.number("until", Unit.NANOSECONDS, 0, Long.MAX_VALUE).orElse(Long.MAX_VALUE);
    if (untilNs <= atNs) {
      section.wrong("until", "is not after 'at'; the fault would never be there");
    }
    List<DeviceFaultEffect> effects = new ArrayList<>();
    status(section).ifPresent(effects::add);
    loss(section).ifPresent(effects::add);
    section
        .number(DELAY, Unit.NANOSECONDS, 1, DELAY_NS_MAX)
        .ifPresent(delayNs -> effects.add(new InterruptLate(delayNs)));
    slowness(section).ifPresent(effects::add);
    refuseAllButOne(section);
    Optional<BioOp> op = section.word("op", BioOp.class);
    boolean slow = effects.stream().anyMatch(Slow.class::isInstance);
    long count =
        section.number("count", Unit.COUNT, 1, Long.MAX_VALUE).orElse(slow ? Long.MAX_VALUE : 1);
    long offset = section.number("offset", Unit.BYTES, 0, capacityBytes - 1).orElse(0);
    long size = section.number("size", Unit.BYTES, 1, capacityBytes).orElse(Long.MAX_VALUE);
    section.refuseUnknown();
    if (effects.size() == 1) {
      faults.add(new DeviceFault(atNs, untilNs, effects.get(0), op, count, offset, size));
    }
  }

  private static Optional<DeviceFaultEffect> status(Section section) {
    Optional<BlkStatus> status = section.word("status", BlkStatus.class);
    if (status.filter(NO_ANSWER::contains).isPresent()) {
      section.wrong("status", "'" + Section.wordOf(status.get()) + "' is no error of a device");
    }
    return status.map(Failed::new);
  }

  private static Optional<DeviceFaultEffect> loss(Section section) {
    return section
        .word("lose", Loss.class)
        .map(
            loss ->
                switch (loss) {
                  case COMMAND -> new Lost(CommandFate.LOST);
                  case COMMAND_AND_ABORT -> new Lost(CommandFate.LOST_WITH_ABORT);
                  case INTERRUPT -> new InterruptLate(DeviceFaults.NEVER);
                });
  }

  private static Optional<DeviceFaultEffect> slowness(Section section) {
    OptionalLong factor = section.number("slow-factor", Unit.COUNT, 2, FACTOR_MAX);
    OptionalLong addedNs = section.number("slow-by", Unit.NANOSECONDS, 1, DELAY_NS_MAX);
    return factor.isEmpty() && addedNs.isEmpty()
        ? Optional.empty()
        : Optional.of(new Slow(factor.orElse(1), addedNs.orElse(0)));
  }

  /** A fault is of one kind; both keys of slowness are one. */
  private static void refuseAllButOne(Section section) {
    List<String> kinds = new ArrayList<>();
    for (String key : KINDS) {
      if (section.node(key).isPresent()) {
        kinds.add(key);
      }
    }
    if (kinds.isEmpty()) {
      section
          .problems()
          .add(
              section.origin(),
              KEY,
              "does not say what goes wrong; set one of " + String.join(", ", KINDS));
    }
    if (kinds.size() > 1 && !kinds.equals(SLOWNESS)) {
      section.wrong(
          kinds.get(1),
          "stands beside '" + kinds.get(0) + "'; a fault is of one kind, write an entry for each");
    }
  }
}
