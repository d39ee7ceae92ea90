package mm.core.writeback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.NodeStat;
import mm.core.PolicySeat;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.MachineProfile;
import sim.kernel.spi.PolicyRefusedException;
import sim.kernel.trace.Tracepoint;

class WritebackSlotTest {
  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(2).withoutCosts());
  private final WritebackSlot slot = fixture.cache().writebackSlot();
  private final OpenFile file = fixture.newFile();
  private final List<String> faults = new ArrayList<>();

  private long dirty() {
    return fixture.cache().stats().get(NodeStat.FILE_DIRTY);
  }

  @Test
  void aWriteThatEndsWithoutItsPolicyIsOwedToTheNext() {
    fixture.withInlineWriteback();
    fixture.at(1_000, slot::suspend);
    fixture.taskAt(2_000, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
    fixture.runUntil(5_000);
    assertTrue(slot.isSuspended());
    assertEquals("writeback.inline", slot.policyId());
    assertEquals(1, slot.pending());
    assertEquals(List.of(), fixture.log(), "the writer waits");
    assertEquals(3, dirty());
    fixture.at(7_000, fixture::withInlineWriteback);
    assertEquals(List.of("write=12288@7000"), fixture.runToIdle());
    assertEquals(3, fixture.fileSystem().pagesWritten());
    assertFalse(slot.isSuspended());
    assertEquals(0, slot.pending());
  }

  @Test
  void aPolicyThatThrowsIsNamedAndItsWriteGivenToTheNext() {
    slot.onFault(faults::add);
    fixture.withWriteback(
        "writeback.broken",
        (host, x, mapping, pos, bytes) -> {
          throw new IllegalStateException("out of order");
        });
    fixture.taskAt(2_000, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
    fixture.runUntil(5_000);
    assertEquals(
        List.of(
            "writeback.broken: threw java.lang.IllegalStateException: out of order at 2000 ns;"
                + " 0 pending were taken back"),
        faults);
    assertEquals(1, slot.pending());
    fixture.at(7_000, fixture::withInlineWriteback);
    assertEquals(List.of("write=12288@7000"), fixture.runToIdle());
    assertEquals(3, fixture.fileSystem().pagesWritten());
  }

  @Test
  void aPolicyThatThrowsWhenItLeavesIsNamed() {
    slot.use(
        "writeback.sticky",
        host ->
            new WritebackDeferral() {
              @Override
              public void afterDontcacheWrite(Exec x, AddressSpace of, long pos, long countBytes) {
                // Nothing is started.
              }

              @Override
              public void detach() {
                throw new IllegalStateException("stays");
              }
            });
    PolicySeat.Handover handover =
        slot.use("writeback.inline", PageCacheFixture.policy(WritebackHost::flushRange));
    assertEquals(
        "writeback.sticky.detach threw java.lang.IllegalStateException: stays", handover.fault());
    assertEquals("writeback.inline", slot.policyId());
  }

  @Test
  void aPolicyThatRefusesLeavesTheOldOneInUse() {
    fixture.withInlineWriteback();
    assertThrows(
        PolicyRefusedException.class,
        () ->
            slot.use(
                "writeback.refusing",
                host -> {
                  throw new PolicyRefusedException("needs more CPUs");
                }));
    assertEquals("writeback.inline", slot.policyId());
    assertFalse(slot.isSuspended());
    fixture.taskAt(0, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
    assertEquals(List.of("write=12288@0"), fixture.runToIdle());
  }

  @Test
  void withoutAnyPolicyADontcacheWriteIsAnErrorOfTheRun() {
    fixture.taskAt(0, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    assertThrows(IllegalStateException.class, () -> fixture.runUntil(1_000));
  }

  @Test
  void useAndSuspensionAreTraced() {
    int family = fixture.machine().trace().name("writeback");
    int id = fixture.machine().trace().name("writeback.inline");
    List<String> trace = fixture.trace(Tracepoint.POLICY_USE, Tracepoint.RUN_SUSPEND);
    fixture.withInlineWriteback();
    fixture.at(1_000, slot::suspend);
    fixture.taskAt(2_000, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.at(3_000, fixture::withInlineWriteback);
    fixture.runToIdle();
    assertEquals(
        List.of(
            "policy_use " + family + "," + id + ",0@0",
            "run_suspend 1," + family + "@1000",
            "run_suspend 0," + family + "@3000",
            "policy_use " + family + "," + id + ",1@3000"),
        trace);
  }
}
