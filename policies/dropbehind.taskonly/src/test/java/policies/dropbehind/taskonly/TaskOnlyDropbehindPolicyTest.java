package policies.dropbehind.taskonly;

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
import sim.kernel.Exec;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;

/**
 * The only costs: 6 us to wake a task, 80 ns to add a folio to a batch. Files are written by their
 * writers, and end in an interrupt.
 */
class TaskOnlyDropbehindPolicyTest {
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
        .use(TaskOnlyDropbehindPolicy.ID, new TaskOnlyDropbehindPolicy());
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
  void everyFolioStaysCached() {
    fixture.writeAt(0, 0, "writer", file, 0, 40, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(40, file.mapping().nrPages());
    assertEquals(40, pages(DropOutcome.NOT_TASK));
    fixture.cache().verify();
  }
}
