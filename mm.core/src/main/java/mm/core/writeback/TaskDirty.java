package mm.core.writeback;

import sim.kernel.Task;
import sim.kernel.TaskLocal;

/** What throttling keeps in a task: the {@code nr_dirtied} fields of {@code task_struct}. */
final class TaskDirty {
  private static final TaskLocal<TaskDirty> FIELD = new TaskLocal<>();

  /** 128 KiB. */
  private static final int DIRTIED_PAUSE_INITIAL = 32;

  /** Pages dirtied since the last pause or look. */
  long nrDirtied;

  /** Pages after which it looks again. */
  long nrDirtiedPause = DIRTIED_PAUSE_INITIAL;

  /** When its current period of dirtying and pausing began, in jiffies; 0 for never. */
  long pausedWhen;

  static TaskDirty of(Task task) {
    TaskDirty dirty = task.local(FIELD);
    if (dirty == null) {
      dirty = new TaskDirty();
      task.setLocal(FIELD, dirty);
    }
    return dirty;
  }
}
