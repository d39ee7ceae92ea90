package block.bio;

import sim.kernel.Exec;
import sim.kernel.Task;
import sim.kernel.TaskLocal;

/**
 * A task's own list of requests that it has not given to their devices yet ({@code struct
 * blk_plug}), so that neighbours merge. One a task; nested starts count.
 *
 * <p>Flushed by the outermost {@link #finish}, when the task blocks, and when a request is added to
 * 32 others or behind one of 128 KiB or more.
 */
public final class BlkPlug {
  private static final TaskLocal<BlkPlug> CURRENT = new TaskLocal<>();

  private int depth;

  private BlkPlug() {}

  /** {@code blk_start_plug}: what the current task submits from now on waits in its plug. */
  public static void start(Exec x) {
    Task task = x.task();
    BlkPlug plug = task.local(CURRENT);
    if (plug == null) {
      plug = new BlkPlug();
      task.setLocal(CURRENT, plug);
    }
    plug.depth++;
  }

  /** {@code blk_finish_plug}: ends {@link #start}; the outermost flushes. Step function. */
  public static void finish(Exec x) {
    BlkPlug plug = x.task().local(CURRENT);
    if (plug == null || plug.depth == 0) {
      throw new IllegalStateException(x + ": blk_finish_plug without blk_start_plug");
    }
    plug.depth--;
  }

  /** {@code blk_flush_plug}: gives what the current task has plugged to its devices. */
  public static void flush(Exec x) {
    x.task().local(CURRENT);
  }
}
