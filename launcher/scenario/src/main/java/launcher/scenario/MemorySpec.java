package launcher.scenario;

import mm.core.writeback.VmSettings;

/**
 * Memory and when dirty pages are written.
 *
 * @param sizeBytes of the machine
 * @param limitBytes {@code memory.max} of the control group that all jobs are in; 0 for none
 * @param vm the {@code vm.dirty_*} sysctls
 */
public record MemorySpec(long sizeBytes, long limitBytes, VmSettings vm) {}
