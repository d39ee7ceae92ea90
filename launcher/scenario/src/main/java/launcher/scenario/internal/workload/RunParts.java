package launcher.scenario.internal.workload;

import block.bio.BlockDevice;
import launcher.scenario.FileSystemSpec;
import mm.core.PageCache;
import mm.core.writeback.BackingDevice;
import sim.kernel.Machine;
import sim.kernel.workqueue.Workqueue;

/**
 * What a workload runs on.
 *
 * @param machine the machine
 * @param cache its page cache
 * @param backingDevice what the page cache knows of the device
 * @param device where the files are
 * @param directWork workers that end direct writes which have more to do
 * @param directEnd where asynchronous direct writes end
 * @param groups the control group of each job
 */
record RunParts(
    Machine machine,
    PageCache cache,
    BackingDevice backingDevice,
    BlockDevice device,
    Workqueue directWork,
    FileSystemSpec.DirectEnd directEnd,
    JobGroups groups) {}
