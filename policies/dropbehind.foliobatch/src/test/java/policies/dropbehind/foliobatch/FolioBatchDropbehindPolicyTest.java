package policies.dropbehind.foliobatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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
import sim.kernel.IrqAction;
import sim.kernel.Softirq;
import sim.kernel.check.Rule;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;

/**
 * The only costs: 6 us to wake a task, 80 ns to add a folio to a batch. Files are written by their
 * writers, and end in an interrupt.
 */
class FolioBatchDropbehindPolicyTest {
  private static final MachineProfile FOUR_CPUS =
      MachineProfile.ofCpus(4)
          .withoutCosts()
          .with(Cost.WORKER_WAKEUP, 6_000)
          .with(Cost.FOLIO_DEFER, 80);

  private CacheFixture fixture = new CacheFixture(FOUR_CPUS);
  private OpenFile file = fixture.newFile();

  @BeforeEach
  void usePolicies() {
    fixture
        .cache()
        .dropbehindSlot()
        .use(FolioBatchDropbehindPolicy.ID, new FolioBatchDropbehindPolicy());
    fixture.cache().writebackSlot().use("writeback.inline", InlineDeferral::new);
  }

  private void useRt() {
    fixture = new CacheFixture(FOUR_CPUS.with(new KernelBuild(PreemptModel.RT, false, false, 250)));
    file = fixture.newFile();
    usePolicies();
    fixture.writeAt(0, 0, "writer", file, 0, 40, RwFlags.DONTCACHE);
  }

  private List<String> sleptInAtomic() {
    return fixture.machine().checker().complaints().stream()
        .filter(complaint -> complaint.rule() == Rule.SLEEP_IN_ATOMIC)
        .map(complaint -> complaint.what() + " in " + complaint.context())
        .distinct()
        .toList();
  }

  @Test
  void onRtASoftirqMayTakeTheLocalLockSinceItIsAThread() {
    useRt();
    fixture.machine().openSoftirq(Softirq.BLOCK, fixture.endsWriteback(40));
    IrqAction irq = fixture.machine().requestIrq(9, "dev", fixture.machine().cpu(0));
    fixture.at(100_000, () -> irq.raise(x -> x.cpu().raiseSoftirq(Softirq.BLOCK)));
    fixture.machine().runUntil(1_000_000);
    assertEquals(31, pages(DropOutcome.DROPPED));
    assertEquals(List.of(), sleptInAtomic());
  }

  @Test
  void onRtAnInterruptThreadIsATaskAndDropsItself() {
    useRt();
    IrqAction irq = fixture.machine().requestIrq(9, "dev", fixture.machine().cpu(0));
    fixture.at(100_000, () -> irq.raise(fixture.endsWriteback(40)));
    fixture.machine().runUntil(1_000_000);
    assertEquals(40, pages(DropOutcome.DROPPED));
    assertEquals(List.of(), sleptInAtomic());
  }

  @Test
  void onRtATrueHardInterruptMayNotTakeTheLocalLock() {
    useRt();
    fixture.endWritebackAt(100_000, 0);
    fixture.machine().runUntil(1_000_000);
    assertEquals(
        List.of(
            "i_pages, which sleeps on PREEMPT_RT in HARDIRQ",
            "dropbehind_batch.lock, which sleeps on PREEMPT_RT in HARDIRQ"),
        sleptInAtomic());
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
  void eachCpuHasABatchOfItsOwn() {
    fixture.writeAt(0, 0, "writer", file, 0, 40, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0, 20);
    fixture.endWritebackAt(100_000, 1, 20);
    fixture.machine().runUntil(1_000_000);
    assertEquals(40, pages(DropOutcome.DROPPED));
    assertEquals(20 * 80, fixture.machine().cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(20 * 80, fixture.machine().cpu(1).timeNs(CpuTime.HARDIRQ));
  }

  @Test
  void aFolioThatSomebodyHasLockedStaysCached() {
    fixture.writeAt(0, 0, "writer", file, 0, 2, RwFlags.DONTCACHE);
    fixture.endWritebackAt(100_000, 0);
    fixture.at(103_000, () -> fixture.cache().trylock(file.mapping().pages().load(0)));
    fixture.machine().runUntil(1_000_000);
    assertEquals(1, pages(DropOutcome.TRYLOCK_FAILED));
    assertEquals(1, file.mapping().nrPages());
  }

  @Test
  void theBatchOfADeadCpuIsDrainedByTheControllingTask() {
    fixture.writeAt(0, 0, "writer", file, 0, 20, RwFlags.DONTCACHE);
    fixture.taskAt(100_000, 0, "control", x -> fixture.machine().hotplug().down(x, 1, -1));
    // The CPU's workers may run anywhere from 112000 on: one takes the batch of the CPU that it is
    // on, finds it empty, and leaves its own to the last look.
    fixture.endWritebackAt(113_000, 1);
    fixture.machine().runUntil(1_000_000);
    assertEquals(20, pages(DropOutcome.DROPPED));
    assertEquals(0, file.mapping().nrPages());
    fixture.cache().verify();
  }

  private List<String> percpuAccesses() {
    return fixture.machine().checker().complaints().stream()
        .filter(complaint -> complaint.rule() == Rule.PERCPU_ACCESS)
        .map(complaint -> complaint.what() + " at " + complaint.timeNs())
        .toList();
  }

  @Test
  void aWorkerThatIsMovedLooksAtTheBatchOfTheCpuThatItLeft() {
    fixture =
        new CacheFixture(
            FOUR_CPUS
                .with(new KernelBuild(PreemptModel.FULL, false, false, 250))
                .with(Cost.FOLIO_DROP, 1_000));
    file = fixture.newFile();
    usePolicies();
    fixture.writeAt(0, 0, "writer", file, 0, 20, RwFlags.DONTCACHE);
    fixture.taskAt(100_000, 0, "control", x -> fixture.machine().hotplug().down(x, 1, -1));
    // The worker is woken for 103000, and takes 80 ns to its first drop.
    fixture.endWritebackAt(97_000, 1);
    fixture.machine().runUntil(1_000_000);
    // The CPU's hotplug thread interrupts the third drop at 106000, with 80 ns to go. The worker
    // goes
    // on elsewhere at 112000: 80 ns, and 17 more folios before the look.
    assertEquals(
        List.of("dropbehind batch of CPU 1, with the lock of CPU 2 at 129080"), percpuAccesses());
    assertEquals(20, pages(DropOutcome.DROPPED));
    fixture.cache().verify();
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
