package launcher.scenario;

import java.util.Objects;
import mm.core.SplitDropbehind;
import mm.core.writeback.VmSettings;

/**
 * Memory, when dirty pages are written, and what the kernel does to folios.
 *
 * @param sizeBytes of the machine
 * @param limitBytes {@code memory.max} of the control group that all jobs are in; 0 for none
 * @param swap where memory goes that has no file
 * @param vm the {@code vm.dirty_*} sysctls
 * @param splitDropbehind what a split of a large folio does to the flag of its parts
 */
public record MemorySpec(
    long sizeBytes,
    long limitBytes,
    SwapSpec swap,
    VmSettings vm,
    SplitDropbehind splitDropbehind) {
  /** Refuses absent parts. */
  public MemorySpec {
    Objects.requireNonNull(swap, "swap");
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(splitDropbehind, "splitDropbehind");
  }
}
