package launcher.scenario;

import java.util.List;
import java.util.Objects;
import mm.core.ReadaheadOrder;
import mm.core.SplitDropbehind;
import mm.core.reclaim.CgroupVersion;
import mm.core.writeback.VmSettings;

/**
 * Memory, when dirty pages are written, and what the kernel does to folios.
 *
 * @param sizeBytes of the machine
 * @param limitBytes {@code memory.max} of the control group of all jobs that name none; 0: they are
 *     in the root
 * @param programs what the programs of that group have charged to it
 * @param cgroupVersion the hierarchy of the control groups
 * @param groups further control groups, in the order in which they are made
 * @param swap where memory goes that has no file
 * @param swappiness {@code vm.swappiness}, 0 to 200
 * @param otherInodes that the rest of the machine has in use
 * @param vm the {@code vm.dirty_*} sysctls
 * @param splitDropbehind what a split of a large folio does to the flag of its parts
 * @param readaheadOrder where readahead has the size of its folios from
 * @param llcBytes the last-level cache
 */
public record MemorySpec(
    long sizeBytes,
    long limitBytes,
    ProgramCharge programs,
    CgroupVersion cgroupVersion,
    List<MemoryGroup> groups,
    SwapSpec swap,
    int swappiness,
    long otherInodes,
    VmSettings vm,
    SplitDropbehind splitDropbehind,
    ReadaheadOrder readaheadOrder,
    long llcBytes) {
  /** Refuses absent parts, copies the list. */
  public MemorySpec {
    Objects.requireNonNull(programs, "programs");
    Objects.requireNonNull(cgroupVersion, "cgroupVersion");
    groups = List.copyOf(groups);
    Objects.requireNonNull(swap, "swap");
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(splitDropbehind, "splitDropbehind");
    Objects.requireNonNull(readaheadOrder, "readaheadOrder");
  }
}
