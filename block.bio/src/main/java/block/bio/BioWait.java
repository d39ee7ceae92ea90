package block.bio;

import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.TaskLocal;
import sim.kernel.machine.Cost;

/** A task that waits for one bio ({@code submit_bio_wait}); one a task. */
final class BioWait {
  private static final TaskLocal<BioWait> CURRENT = new TaskLocal<>();

  private final Task task;
  private Bio bio;
  private boolean ended;
  private boolean freed;
  private final BioEndIo end = this::ended;
  private final Step check = this::check;

  private BioWait(Task task) {
    this.task = task;
  }

  static BioWait of(Task task) {
    BioWait wait = task.local(CURRENT);
    if (wait == null) {
      wait = new BioWait(task);
      task.setLocal(CURRENT, wait);
    }
    return wait;
  }

  /** Submits and waits; result 0 or a negated errno. */
  void submit(Exec x, BlockDevice device, Bio waited, boolean freeAtEnd) {
    bio = waited;
    ended = false;
    freed = freeAtEnd;
    bio.set(ReqFlag.SYNC);
    bio.setEndIo(end);
    x.then(check);
    device.submitBio(x, bio);
  }

  private void check(Exec x) {
    if (!ended) {
      x.then(check);
      x.mightSleep();
      x.block();
      return;
    }
    x.setResult(-bio.status().errno());
    if (freed) {
      bio.device().layer().bios().free(bio);
    }
    bio = null;
  }

  private void ended(Exec x, Bio ending) {
    ended = true;
    x.charge(Cost.WAKE);
    task.wake();
  }
}
