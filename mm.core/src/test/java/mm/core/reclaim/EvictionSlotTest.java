package mm.core.reclaim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mm.core.DropOutcome;
import mm.core.NodeStat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.mmap.Mm;
import mm.core.mmap.Vma;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

class EvictionSlotTest {
  private static final MachineProfile PRICED =
      MachineProfile.ofCpus(4)
          .withoutCosts()
          .with(Cost.FOLIO_UNMAP, 100)
          .with(Cost.TLB_SHOOTDOWN, 3_000)
          .with(Cost.TLB_SHOOTDOWN_CPU, 10);

  /** Collects all folios of a list and flushes once. */
  private static class Collector implements EvictionBatch {
    final EvictionTask task;
    final List<Integer> folios = new ArrayList<>();
    private final Step finishNext = this::finishNext;
    boolean throwing;
    boolean forgetting;

    Collector(EvictionTask task) {
      this.task = task;
    }

    @Override
    public void evict(Exec x, int folio) {
      if (throwing) {
        throw new IllegalStateException("out of order");
      }
      folios.add(folio);
      task.tryToUnmap(x, folio);
    }

    @Override
    public void flush(Exec x) {
      task.unmapFlush(x);
      x.then(finishNext);
    }

    private void finishNext(Exec x) {
      if (folios.isEmpty() || forgetting) {
        return;
      }
      x.then(finishNext);
      task.finish(x, folios.remove(0));
    }

    @Override
    public int[] handBack() {
      int[] all = folios.stream().mapToInt(folio -> folio).toArray();
      folios.clear();
      return all;
    }

    @Override
    public int pending() {
      return folios.size();
    }
  }

  private final PageCacheFixture fixture = new PageCacheFixture(PRICED).withInlineWriteback();
  private final EvictionSlot slot = fixture.cache().evictionSlot();
  private final OpenFile file = fixture.newFile();
  private final Mm mm = new Mm("reader", 4);
  private Vma vma;
  private final List<Collector> batches = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private EvictionPolicy collecting(boolean throwing, boolean forgetting) {
    return host ->
        new EvictionDeferral() {
          @Override
          public EvictionBatch newBatch(EvictionTask task) {
            Collector batch = new Collector(task);
            batch.throwing = throwing;
            batch.forgetting = forgetting;
            batches.add(batch);
            return batch;
          }

          @Override
          public void detach() {
            // All batches have handed back.
          }
        };
  }

  /** Three pages that a process on CPUs 1 and 2 has mapped, then removed by a direct write. */
  private void invalidateMappedPagesAt(long timeNs) {
    fixture.taskAt(0, 0, fixture.write(file, 0, 3, RwFlags.NONE), fixture.fsync(file));
    fixture.at(150_000, this::mapAll);
    fixture.taskAt(
        timeNs,
        0,
        fixture.logged(
            "invalidate", x -> fixture.cache().invalidate(x, file.mapping(), 0, 1 << 20)));
  }

  private void mapAll() {
    mm.ranOn(1);
    mm.ranOn(2);
    vma = fixture.cache().mapped().map(mm, file.mapping(), 0, 8);
    for (int page = 0; page < 3; page++) {
      fixture.cache().mapped().install(vma, fixture.folio(file, page), false);
    }
  }

  @Test
  void aMappedFolioIsUnmappedFlushedAndRemoved() {
    slot.use("eviction.collecting", collecting(false, false));
    invalidateMappedPagesAt(200_000);
    fixture.runToIdle();
    // Each of three: 100 ns to unmap, 3000 + 2 * 10 for a flush of two CPUs.
    assertEquals("invalidate=0@209360", fixture.log().get(2));
    assertEquals(3, slot.tlbs().flushes());
    assertEquals(0, file.mapping().nrPages());
    assertEquals(0, fixture.cache().stats().get(NodeStat.FILE_MAPPED));
  }

  @Test
  void aDropOfAMappedFolioGoesThroughThePolicyToo() {
    slot.use("eviction.collecting", collecting(false, false));
    fixture.fileSystem().endingIn(ExecContext.TASK);
    fixture.taskAt(0, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
    fixture.at(50_000, this::mapAll);
    fixture.runToIdle();
    assertEquals(3, fixture.cache().dropbehindPages(DropOutcome.DROPPED));
    assertEquals(3, slot.tlbs().flushes());
  }

  @Test
  void reclaimGivesThePolicyAWholeListAndOneFlushServesIt() {
    slot.use("eviction.collecting", collecting(false, false));
    invalidateMappedPagesAt(10_000_000);
    fixture.runUntil(160_000);
    Memcg root = fixture.cache().memory().root();
    // Entries were just installed: used once, so the first scan keeps them, the second doesn't.
    Reclaim reclaim = fixture.cache().memory().reclaim();
    for (long at : new long[] {200_000, 300_000}) {
      fixture.taskAt(at, 3, x -> reclaim.newScan(ReclaimOrigin.DIRECT, root, 32, 0).begin(x));
    }
    fixture.runUntil(400_000);
    assertEquals(0, file.mapping().nrPages());
    assertEquals(1, slot.tlbs().flushes());
    assertEquals(3, slot.tlbs().pagesFlushed());
    fixture.runToIdle();
  }

  @Test
  void whatIsToBeEvictedWithoutThePolicyWaitsForIt() {
    slot.use("eviction.collecting", collecting(false, false));
    fixture.at(190_000, slot::suspend);
    invalidateMappedPagesAt(200_000);
    fixture.runUntil(250_000);
    assertEquals(1, slot.pending());
    assertEquals(3, file.mapping().nrPages());
    fixture.at(300_000, () -> slot.use("eviction.collecting", collecting(false, false)));
    fixture.runToIdle();
    assertEquals("invalidate=0@309360", fixture.log().get(2));
    assertEquals(0, slot.pending());
  }

  @Test
  void aSwapInTheMiddleOfAFlushHandsTheFolioOver() {
    slot.use("eviction.collecting", collecting(false, false));
    invalidateMappedPagesAt(200_000);
    // The first folio is unmapped at 200,000 and its TLB flush takes until 203,120.
    fixture.at(
        202_000,
        () -> assertEquals(1, slot.use("eviction.next", collecting(false, false)).pending()));
    fixture.runToIdle();
    assertEquals(2, batches.size());
    assertEquals(0, file.mapping().nrPages());
    assertEquals(0, fixture.machine().checker().count());
  }

  @Test
  void aPolicyThatThrowsIsNamedAndItsSuccessorGetsTheFolio() {
    slot.onFault(faults::add);
    slot.use("eviction.broken", collecting(true, false));
    invalidateMappedPagesAt(200_000);
    fixture.runUntil(250_000);
    assertEquals(
        List.of(
            "eviction.broken: threw java.lang.IllegalStateException: out of order at 200000 ns;"
                + " 1 pending were taken back"),
        faults);
    fixture.at(300_000, () -> slot.use("eviction.collecting", collecting(false, false)));
    fixture.runToIdle();
    assertEquals(0, file.mapping().nrPages());
  }

  @Test
  void aPolicyThatForgetsAFolioIsNamedAndItsSuccessorGetsIt() {
    slot.onFault(faults::add);
    slot.use("eviction.forgetful", collecting(false, true));
    invalidateMappedPagesAt(200_000);
    fixture.runUntil(250_000);
    assertEquals(1, faults.size());
    assertTrue(
        faults.get(0).startsWith("eviction.forgetful: left 1 folios unfinished after flush"),
        faults.get(0));
    assertEquals(1, slot.pending());
    fixture.at(300_000, () -> slot.use("eviction.collecting", collecting(false, false)));
    fixture.runToIdle();
    assertEquals(0, file.mapping().nrPages());
  }

  @Test
  void aFolioThatIsFinishedBeforeTheFlushIsAComplaint() {
    slot.use(
        "eviction.unsafe",
        host ->
            new EvictionDeferral() {
              @Override
              public EvictionBatch newBatch(EvictionTask task) {
                return new Collector(task) {
                  @Override
                  public void evict(Exec x, int folio) {
                    task.tryToUnmap(x, folio);
                    task.finish(x, folio);
                  }
                };
              }

              @Override
              public void detach() {
                // There is nothing pending.
              }
            });
    invalidateMappedPagesAt(200_000);
    fixture.runToIdle();
    // Two for each of three folios: the policy's fault, and what came of it.
    assertEquals(6, fixture.machine().checker().count());
    assertEquals(
        "eviction.unsafe finished a folio before the TLB flush",
        fixture.machine().checker().complaints().get(0).what());
    String freed = fixture.machine().checker().complaints().get(1).what();
    assertTrue(
        freed.startsWith(
            "eviction.unsafe: a page was freed while an unflushed TLB batch may refer to it"),
        freed);
  }

  @Test
  void useAndSuspensionAreTraced() {
    List<String> trace = fixture.trace(Tracepoint.POLICY_USE, Tracepoint.RUN_SUSPEND);
    int family = fixture.machine().trace().name("eviction");
    int id = fixture.machine().trace().name("eviction.collecting");
    slot.use("eviction.collecting", collecting(false, false));
    slot.suspend();
    assertEquals(
        List.of("policy_use " + family + "," + id + ",0@0", "run_suspend 1," + family + "@0"),
        trace);
  }
}
