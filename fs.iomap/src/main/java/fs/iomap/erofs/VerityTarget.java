package fs.iomap.erofs;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BlkStatus;
import block.bio.BlockDevice;
import java.util.ArrayDeque;
import java.util.EnumSet;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * dm-verity on a device: a read that has ended well is verified by {@code kverityd}, whose task
 * then calls the bio's owner; one that has failed ends where it completed.
 *
 * <p>Left out: the bio of its own that device mapper submits, reads of the hash tree (all of it is
 * in memory), hash mismatches, and verification in a softirq.
 */
final class VerityTarget {
  private final Machine machine;
  private final BlockDevice device;
  private final Workqueue workqueue;
  private final ArrayDeque<VerityIo> free = new ArrayDeque<>();

  VerityTarget(Machine machine, BlockDevice device) {
    this.machine = machine;
    this.device = device;
    workqueue =
        machine
            .workqueues()
            .alloc(
                "kverityd",
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM, Workqueue.Flag.HIGHPRI));
  }

  /** {@code verity_map}: as the device's {@code submitBio}. */
  void submitBio(Exec x, Bio bio) {
    VerityIo io = free.isEmpty() ? new VerityIo() : free.pollLast();
    io.begin(bio);
    device.submitBio(x, bio);
  }

  private final class VerityIo implements BioEndIo {
    private final Work work = new Work("verity_work", this::verify);
    private final Step verified = this::verified;
    private final Step release = x -> free.addLast(this);
    private Bio bio;
    private int sizeBytes;
    private BioEndIo owner;

    void begin(Bio submitted) {
      bio = submitted;
      // A split leaves less of it in the bio.
      sizeBytes = submitted.sizeBytes();
      owner = submitted.endIo();
      submitted.setEndIo(this);
    }

    /** {@code verity_end_io}. */
    @Override
    public void endIo(Exec x, Bio ended) {
      if (ended.status() == BlkStatus.OK) {
        machine.workqueues().queue(x, workqueue, work);
      } else {
        verified(x);
      }
    }

    private void verify(Exec x) {
      x.charge(Cost.VERITY_BLOCK, sizeBytes / ErofsSettings.BLOCK_BYTES);
      x.then(verified);
    }

    private void verified(Exec x) {
      // Its work runs until the owner has done what it does here.
      x.then(release);
      owner.endIo(x, bio);
    }
  }
}
