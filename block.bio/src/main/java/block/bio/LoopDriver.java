package block.bio;

import block.bio.device.DeviceParameter;
import java.util.EnumSet;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * A file as a block device ({@code drivers/block/loop.c}, with {@code LO_FLAGS_DIRECT_IO}): each
 * request becomes direct I/O on the file, from the one work item of the root group.
 *
 * <p>The file is on an ext4 without journal and wholly written; its inode is in the last block of
 * the backing device. Leaves out discards, which the block layer has none of, and work items of
 * other groups.
 */
final class LoopDriver implements BlockDriver {
  /** {@code EXT_INIT_MAX_LEN} blocks of 4 KiB: what one extent of ext4 maps. */
  static final long EXTENT_BYTES = 128L << 20;

  private final RequestQueue queue;
  private final BlockDevice backing;
  private final Workqueue workqueue;
  private final Workqueue dioDone;
  private final RequestList commands = new RequestList();
  private final Step next = this::next;
  private final Work work = new Work("loop_rootcg_workfn", next);
  private final LoopCommand[] byRequest;

  /** The tick of the file's time of change; a file is older than its device. */
  private long changedTick = -1;

  private boolean inodeDirty;

  LoopDriver(RequestQueue queue, BlockDevice backing) {
    this.queue = queue;
    this.backing = backing;
    BlockDevice device = queue.device();
    byRequest = new LoopCommand[(int) device.profile().value(DeviceParameter.DEPTH) + 1];
    var workqueues = device.layer().machine().workqueues();
    workqueue =
        workqueues.alloc(
            device.name(), Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.UNBOUND));
    dioDone =
        workqueues.alloc(
            "dio/" + device.name() + "/" + backing.name(),
            Workqueue.ACTIVE_DEFAULT,
            EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
  }

  RequestQueue queue() {
    return queue;
  }

  BlockDevice backing() {
    return backing;
  }

  /** {@code file_modified}: a time of change that is still the same changes nothing. */
  void fileModified(Exec x) {
    long tick = x.machine().timers().jiffies();
    inodeDirty |= tick != changedTick;
    changedTick = tick;
  }

  /** Whether the file's inode has changed since it was written last; it is about to be written. */
  boolean takeInodeDirty() {
    boolean dirty = inodeDirty;
    inodeDirty = false;
    return dirty;
  }

  /** {@code s_dio_done_wq} of the file system that the file is on. */
  Workqueue dioDone() {
    return dioDone;
  }

  /** {@code loop_queue_rq}, {@code loop_queue_work}. */
  @Override
  public void queueRequest(Exec x, Request request) {
    commands.add(request);
    x.machine().workqueues().queue(x, workqueue, work);
  }

  /** {@code loop_process_work}: one command after the other. */
  private void next(Exec x) {
    Request request = commands.pop();
    if (request == null) {
      return;
    }
    x.then(next);
    x.condResched();
    commandOf(request).handle(x, request);
  }

  /** {@code blk_mq_rq_to_pdu}. */
  private LoopCommand commandOf(Request request) {
    if (byRequest[request.index()] == null) {
      byRequest[request.index()] = new LoopCommand(this);
    }
    return byRequest[request.index()];
  }
}
