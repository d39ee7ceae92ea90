package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import block.bio.spi.completion.CompletionDeferral;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/** The order of {@code bio_endio}. */
class EndBioTest {
  private final BlockRig rig =
      new BlockRig(
          MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_WAKEUP, 0), BlockRig.PLAIN);

  /** A policy that has had one bio and ends it 40 us later, as if in a task. */
  private void deferBy40Us() {
    rig.layer
        .completions()
        .use(
            "completion.late",
            host ->
                new CompletionDeferral() {
                  @Override
                  public void defer(Exec x, Bio bio) {
                    rig.machine
                        .events()
                        .schedule(
                            x.nowNs() + 40_000,
                            arg -> rig.machine.cpu(0).raiseIrq(1, y -> host.endBioAsTask(y, bio)),
                            0);
                  }

                  @Override
                  public List<Bio> detach() {
                    return List.of();
                  }

                  @Override
                  public int pending() {
                    return 0;
                  }
                });
  }

  @Test
  void completionIsTracedBeforeTheEndIsDeferred() {
    deferBy40Us();
    Bio bio = rig.write("a", 0);
    bio.set(BioFlag.COMPLETE_IN_TASK);
    rig.task(0, rig.submit(bio));
    rig.machine.runToIdle();
    assertEquals(
        List.of(
            "block_bio_queue 0+8@0",
            "block_rq_issue 0+8@0",
            "block_rq_complete 0+8@100000",
            "block_bio_complete 0+8@100000",
            "bio_defer@100000",
            "bio_end@140000"),
        rig.trace);
    assertEquals(List.of("a@140000 TASK"), rig.log);
  }

  @Test
  void aBioWithoutTheFlagIsNotDeferred() {
    deferBy40Us();
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@100000"), rig.log);
  }

  @Test
  void aChainEndsOnceWithItsLastBio() {
    Bio parent = rig.write("parent", 0);
    Bio child = rig.layer.bios().alloc(BioOp.WRITE, 1);
    child.setSector(100);
    child.addFolio(7, 0, 4096);
    child.chain(parent);
    rig.task(0, rig.submit(parent), x -> x.charge(30_000), rig.submit(child));
    rig.machine.runToIdle();
    assertEquals(List.of("parent@130000"), rig.log);
    assertEquals(0, rig.layer.bios().inUse());
  }

  @Test
  void aChainKeepsItsFirstError() {
    rig.device.setFaults(
        (op, sector, bytes) ->
            sector == 100 ? BlkStatus.MEDIUM : sector == 200 ? BlkStatus.TIMEOUT : BlkStatus.OK);
    Bio parent = rig.write("parent", 0);
    for (int i = 1; i <= 2; i++) {
      Bio child = rig.layer.bios().alloc(BioOp.WRITE, 1);
      child.setSector(100 * i);
      child.addFolio(7, 0, 4096);
      child.chain(parent);
      rig.task(0, rig.submit(child));
    }
    rig.task(0, rig.submit(parent));
    rig.machine.runToIdle();
    assertEquals(List.of("parent@100000 MEDIUM"), rig.log);
  }

  @Test
  void theFlagOfAChainChildIsOfNoConsequence() {
    deferBy40Us();
    Bio parent = rig.write("parent", 0);
    Bio child = rig.layer.bios().alloc(BioOp.WRITE, 1);
    child.setSector(100);
    child.addFolio(7, 0, 4096);
    child.set(BioFlag.COMPLETE_IN_TASK);
    child.chain(parent);
    rig.task(0, rig.submit(parent), rig.submit(child));
    rig.machine.runToIdle();
    assertEquals(List.of("parent@100000"), rig.log);
  }

  @Test
  void aParentsFlagDefersTheEndOfItsChain() {
    deferBy40Us();
    Bio parent = rig.bio("parent", BioOp.WRITE, 0, 8192);
    parent.set(BioFlag.COMPLETE_IN_TASK);
    Bio child = rig.layer.bios().alloc(BioOp.WRITE, 1);
    child.setSector(100);
    child.addFolio(7, 0, 4096);
    child.chain(parent);
    rig.task(0, rig.submit(child), rig.submit(parent));
    rig.machine.runToIdle();
    assertEquals(List.of("parent@140000 TASK"), rig.log);
  }

  @Test
  void freeingABioTwiceIsRefused() {
    Bio bio = rig.layer.bios().alloc(BioOp.READ, 1);
    rig.layer.bios().free(bio);
    assertThrows(IllegalStateException.class, () -> rig.layer.bios().free(bio));
  }

  @Test
  void pieceThatContinuesTheLastJoinsIt() {
    Bio bio = rig.layer.bios().alloc(BioOp.WRITE, 4);
    bio.addFolio(7, 0, 512);
    bio.addFolio(7, 512, 512);
    bio.addFolio(7, 2048, 512);
    assertEquals(2, bio.vectorCount());
    assertEquals(1024, bio.lengthBytes(0));
    assertEquals(1536, bio.sizeBytes());
  }

  @Test
  void aFullBioTakesNoMore() {
    Bio bio = rig.layer.bios().alloc(BioOp.WRITE, 256);
    for (int folio = 1; folio <= 256; folio++) {
      assertEquals(true, bio.addFolio(folio, 0, 4096));
    }
    assertEquals(false, bio.addFolio(257, 0, 4096));
    assertEquals(1 << 20, bio.sizeBytes());
  }
}
