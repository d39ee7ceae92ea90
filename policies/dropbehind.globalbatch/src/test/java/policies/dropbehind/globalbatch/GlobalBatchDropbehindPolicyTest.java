package policies.dropbehind.globalbatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import mm.core.AddressSpace;
import mm.core.DropOutcome;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.testing.CacheFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuTime;
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task, 80 ns to add a folio to a batch. Files are written by their
 * writers, and end in an interrupt.
 */
class GlobalBatchDropbehindPolicyTest {
  private final CacheFixture fixture =
      new CacheFixture(
          MachineProfile.ofCpus(4)
              .withoutCosts()
              .with(Cost.WORKER_WAKEUP, 6_000)
              .with(Cost.FOLIO_DEFER, 80));

  private final OpenFile file = fixture.newFile();

  @BeforeEach
  void usePolicies() {
    fixture
        .cache()
        .dropbehindSlot()
        .use(GlobalBatchDropbehindPolicy.ID, new GlobalBatchDropbehindPolicy());
    fixture.cache().writebackSlot().use("writeback.inline", InlineDeferral::new);
  }

  private record InlineDeferral(WritebackHost host) implements WritebackDeferral {
    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      host.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void detach() {}
  }

  private long pages(DropOutcome outcome) {
    return fixture.cache().dropbehindPages(outcome);
  }

  @Test
  void whatDoesNotFitTheBatchStaysCached() {
    fixture.writeAt(0, 0, "writer", file, 0, 40, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(31, pages(DropOutcome.DROPPED));
    assertEquals(9, file.mapping().nrPages());
    fixture.cache().verify();
  }

  @Test
  void allCpusShareOneBatchAndItsLock() {
    fixture.writeAt(0, 0, "writer", file, 0, 40, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0, 20);
    fixture.endWritebackAt(100_000, 1, 20);
    fixture.machine().runUntil(1_000_000);
    assertEquals(31, pages(DropOutcome.DROPPED));
    // They take turns: 40 sections of 80 ns one after another, the last two of which end them.
    assertEquals(39 * 80, fixture.machine().cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(40 * 80, fixture.machine().cpu(1).timeNs(CpuTime.HARDIRQ));
  }

  @Test
  void foliosThatWaitAreHandedOver() {
    fixture.writeAt(0, 0, "writer", file, 0, 20, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0);
    fixture.machine().runUntil(103_000);
    assertEquals(20, fixture.cache().dropbehindSlot().suspend().pending());
    usePolicies();
    fixture.machine().runUntil(1_000_000);
    assertEquals(0, file.mapping().nrPages());
    assertEquals(0, fixture.machine().checker().count());
    fixture.cache().verify();
  }
}
