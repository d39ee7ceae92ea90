package launcher.scenario.internal.workload;

import block.bio.BlockDevice;
import mm.core.PageCache;
import mm.core.reclaim.Memcg;
import mm.core.writeback.BackingDevice;
import sim.kernel.Machine;
import sim.kernel.Task;
import sim.kernel.workqueue.Workqueue;

/**
 * What a workload runs on.
 *
 * @param machine the machine
 * @param cache its page cache
 * @param backingDevice what the page cache knows of the device
 * @param device where the files are
 * @param directWork workers that end direct writes which have more to do
 * @param memcg the control group that every job is in; null for none
 */
record RunParts(
    Machine machine,
    PageCache cache,
    BackingDevice backingDevice,
    BlockDevice device,
    Workqueue directWork,
    Memcg memcg) {

  /** Puts a task of the workload into its control group. */
  Task grouped(Task task) {
    if (memcg != null) {
      cache.memory().setMemcg(task, memcg);
    }
    return task;
  }
}
