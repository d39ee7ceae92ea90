package launcher.scenario.internal.read;

import java.util.List;
import java.util.OptionalLong;
import launcher.scenario.MemoryGroup;
import launcher.scenario.MemorySpec;
import launcher.scenario.ProgramCharge;
import launcher.scenario.SwapSpec;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import mm.core.ReadaheadOrder;
import mm.core.SplitDropbehind;
import mm.core.reclaim.CgroupVersion;
import mm.core.reclaim.MemorySettings;
import mm.core.reclaim.PageFrames;
import mm.core.writeback.VmSettings;

/** Reads the {@code memory} section. */
final class MemoryReader {
  private static final long SIZE_DEFAULT = 4L << 30;
  private static final long SIZE_MIN = 16L << 20;
  static final long SIZE_MAX = 16L << 40;
  static final long LIMIT_MIN = 4 << 20;

  /** A 4 KiB read of an NVMe device. */
  private static final long SWAP_LATENCY_DEFAULT_NS = 80_000;

  private static final long INODES_MAX = 1L << 40;

  private static final int SWAPPINESS_DEFAULT = 60;

  private static final long CENTISECOND_NS = 10_000_000;
  private static final long INTERVAL_NS_MAX = 86_400L * 1_000_000_000L;

  private MemoryReader() {}

  static MemorySpec read(Section section, List<MemoryGroup> groups) {
    long size = section.number("size", Unit.BYTES, SIZE_MIN, SIZE_MAX).orElse(SIZE_DEFAULT);
    long limit = section.number("limit", Unit.BYTES, LIMIT_MIN, SIZE_MAX).orElse(0);
    ProgramCharge programs = programs(section, limit);
    CgroupVersion cgroups = section.word("cgroups", CgroupVersion.class).orElse(CgroupVersion.V2);
    VmSettings vm = VmSettings.DEFAULT;
    vm =
        vm.withRatios(
            (int) ratio(section, "dirty-background-ratio", vm.dirtyBackgroundRatio()),
            (int) ratio(section, "dirty-ratio", vm.dirtyRatio()));
    OptionalLong background = section.number("dirty-background-bytes", Unit.BYTES, 1, SIZE_MAX);
    OptionalLong hard = section.number("dirty-bytes", Unit.BYTES, 1, SIZE_MAX);
    vm = vm.withBytes(background.orElse(0), hard.orElse(0));
    vm =
        vm.withIntervals(
            interval(section, "dirty-writeback", vm.dirtyWritebackCentisecs()),
            interval(section, "dirty-expire", vm.dirtyExpireCentisecs()));
    SplitDropbehind split =
        section.word("split-dropbehind", SplitDropbehind.class).orElse(SplitDropbehind.KEPT);
    ReadaheadOrder order =
        section.word("readahead-order", ReadaheadOrder.class).orElse(ReadaheadOrder.OF_FILE);
    long llc =
        section
            .number("llc", Unit.BYTES, MemorySettings.PAGE_BYTES, SIZE_MAX)
            .orElse(PageFrames.LLC_BYTES_DEFAULT);
    SwapSpec swap = swap(section);
    int swappiness =
        (int) section.number("swappiness", Unit.COUNT, 0, 200).orElse(SWAPPINESS_DEFAULT);
    long inodes = section.number("inodes", Unit.COUNT, 0, INODES_MAX).orElse(0);
    section.refuseUnknown();
    return new MemorySpec(
        size, limit, programs, cgroups, groups, swap, swappiness, inodes, vm, split, order, llc);
  }

  /** What the programs of a group with a limit have charged; without one nobody would see it. */
  static ProgramCharge programs(Section section, long limit) {
    long kept = section.number("charged", Unit.BYTES, 0, SIZE_MAX).orElse(0);
    long files = section.number("charged-files", Unit.BYTES, 0, SIZE_MAX).orElse(0);
    ProgramCharge programs = new ProgramCharge(kept, files);
    if (programs.bytes() > 0 && programs.bytes() >= limit) {
      section.wrong(
          kept > 0 ? "charged" : "charged-files",
          limit == 0
              ? "is set and the group has no limit; set limit too"
              : "leaves nothing of the limit of "
                  + Unit.BYTES.format(limit)
                  + "; what is charged must be below it");
    }
    return programs;
  }

  private static SwapSpec swap(Section section) {
    long size = section.number("swap", Unit.BYTES, 0, SIZE_MAX).orElse(0);
    long latency =
        section
            .number("swap-latency", Unit.NANOSECONDS, 1, INTERVAL_NS_MAX)
            .orElse(SWAP_LATENCY_DEFAULT_NS);
    long writeout =
        section.number("shmem-writeout", Unit.NANOSECONDS, 1_000, INTERVAL_NS_MAX).orElse(0);
    if (writeout > 0 && size == 0) {
      section.wrong("shmem-writeout", "is set and there is no swap to write to; set swap too");
    }
    return new SwapSpec(size, latency, writeout);
  }

  private static long ratio(Section section, String key, int usual) {
    return section.number(key, Unit.PERCENT, 0, 100).orElse(usual);
  }

  private static int interval(Section section, String key, int usualCentisecs) {
    OptionalLong ns = section.number(key, Unit.NANOSECONDS, 0, INTERVAL_NS_MAX);
    if (ns.isEmpty()) {
      return usualCentisecs;
    }
    if (ns.getAsLong() % CENTISECOND_NS != 0) {
      section.wrong(
          key,
          "'"
              + Unit.NANOSECONDS.format(ns.getAsLong())
              + "'; it must be a multiple of 10 ms, as the kernel's own setting");
      return usualCentisecs;
    }
    return (int) (ns.getAsLong() / CENTISECOND_NS);
  }
}
