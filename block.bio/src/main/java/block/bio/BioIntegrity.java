package block.bio;

import java.util.ArrayDeque;
import java.util.EnumSet;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/**
 * The block layer's own protection information ({@code block/bio-integrity-auto.c}): made when a
 * write is submitted, verified by {@code kintegrityd} when a read has ended, before its owner hears
 * of it.
 *
 * <p>Left out: mismatches.
 */
final class BioIntegrity {
  private static final int UNIT_BYTES = 4096;

  private final BlockLayer layer;
  private final Workqueue workqueue;
  private final ArrayDeque<Verification> free = new ArrayDeque<>();

  BioIntegrity(BlockLayer layer) {
    this.layer = layer;
    workqueue =
        layer
            .machine()
            .workqueues()
            .alloc(
                "kintegrityd",
                1,
                EnumSet.of(
                    Workqueue.Flag.MEM_RECLAIM,
                    Workqueue.Flag.HIGHPRI,
                    Workqueue.Flag.CPU_INTENSIVE));
  }

  /** {@code bio_integrity_prep}: once for each bio, in its submitter. */
  static void prepare(Exec x, Bio bio) {
    if (bio.integrityPrepared) {
      return;
    }
    bio.integrityPrepared = true;
    if (bio.op() == BioOp.WRITE) {
      charge(x, bio);
    } else if (bio.op() == BioOp.READ) {
      bio.integrityPending = !bio.has(ReqFlag.INTEGRITY);
    }
  }

  private static void charge(Exec x, Bio bio) {
    x.charge(x.machine().costNs(Cost.INTEGRITY) * bio.sizeBytes() / UNIT_BYTES);
  }

  /** {@code __bio_integrity_endio}: any context. */
  void verify(Exec x, Bio bio) {
    Verification verification = free.isEmpty() ? new Verification() : free.pollLast();
    verification.bio = bio;
    layer.machine().workqueues().queue(x, workqueue, verification.work);
  }

  /** {@code bio_integrity_verify_fn}. */
  private final class Verification {
    private final Work work = new Work("bio_integrity_verify_fn", this::run);
    private final Step verified = this::verified;
    private final Step release = x -> free.addLast(this);
    private Bio bio;

    private void run(Exec x) {
      charge(x, bio);
      x.then(verified);
    }

    private void verified(Exec x) {
      // Its work runs until the owner has done what it does here.
      x.then(release);
      layer.endBio(x, bio);
    }
  }
}
