package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.testing.PageCacheFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

class DropbehindSlotTest {
  /** Keeps folios until it is told to end them. */
  private static final class Keeper implements DropbehindDeferral {
    final DropbehindHost host;
    final List<Integer> kept = new ArrayList<>();
    final List<String> taken = new ArrayList<>();
    boolean throwing;
    boolean willing = true;
    UnaryOperator<int[]> answer = folios -> folios;

    Keeper(DropbehindHost host) {
      this.host = host;
    }

    @Override
    public boolean defer(Exec x, int folio) {
      if (throwing) {
        throw new IllegalStateException("out of order");
      }
      taken.add(x.context() + "" + x.cpu().id() + "@" + x.nowNs());
      if (willing) {
        kept.add(folio);
      }
      return willing;
    }

    @Override
    public int[] detach() {
      return answer.apply(kept.stream().mapToInt(folio -> folio).toArray());
    }

    @Override
    public int pending() {
      return kept.size();
    }

    void endAll(Exec x) {
      while (!kept.isEmpty()) {
        host.endDropbehind(x, kept.remove(0));
      }
    }
  }

  private final PageCacheFixture fixture =
      new PageCacheFixture(MachineProfile.ofCpus(2).withoutCosts()).withInlineWriteback();
  private final DropbehindSlot slot = fixture.cache().dropbehindSlot();
  private final OpenFile file = fixture.newFile();
  private Keeper keeper;
  private Keeper successor;

  @BeforeEach
  void writeThreePagesThatEndAt100Microseconds() {
    fixture.fileSystem().endingOn(1);
    slot.use("dropbehind.keeper", host -> keeper = new Keeper(host));
    fixture.taskAt(0, 0, fixture.write(file, 0, 3, RwFlags.DONTCACHE));
  }

  private void useNext() {
    slot.use("dropbehind.next", host -> successor = new Keeper(host));
  }

  private long pages(DropOutcome outcome) {
    return fixture.cache().dropbehindPages(outcome);
  }

  @Test
  void aFolioIsInCustodyUntilItsTaskDropsIt() {
    fixture.runUntil(150_000);
    assertEquals(3, slot.pending());
    fixture.taskAt(200_000, 0, x -> keeper.endAll(x));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.DROPPED));
    assertEquals(0, slot.pending());
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void pendingFoliosAreHandedOverAtTheInstantOfTheSwapOnTheirCpu() {
    fixture.at(150_000, this::useNext);
    fixture.runUntil(160_000);
    assertEquals(List.of("HARDIRQ1@150000", "HARDIRQ1@150000", "HARDIRQ1@150000"), successor.taken);
    assertEquals(3, slot.pending());
    fixture.taskAt(200_000, 0, x -> successor.endAll(x));
    fixture.runToIdle();
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void whatEndsWhileThePolicyIsMissingIsHeld() {
    fixture.at(50_000, slot::suspend);
    fixture.runUntil(150_000);
    assertTrue(slot.isSuspended());
    assertEquals(3, slot.pending());
    fixture.at(160_000, this::useNext);
    fixture.taskAt(200_000, 0, x -> successor.endAll(x));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.DROPPED));
  }

  @Test
  void aPolicyThatThrowsIsNamedAndLosesNothing() {
    List<String> faults = new ArrayList<>();
    slot.onFault(faults::add);
    keeper.throwing = true;
    fixture.runUntil(150_000);
    assertEquals(
        List.of(
            "dropbehind.keeper: threw java.lang.IllegalStateException: out of order at 100000 ns;"
                + " 1 pending were taken back"),
        faults);
    assertEquals(3, slot.pending(), "the first, and two that ended after it");
    fixture.at(160_000, this::useNext);
    fixture.taskAt(200_000, 0, x -> successor.endAll(x));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.DROPPED));
  }

  @Test
  void aPolicyThatKeepsAFolioBackIsNamedAndTheFolioIsTaken() {
    fixture.runUntil(150_000);
    keeper.answer = folios -> new int[] {folios[0], folios[0], folios[1]};
    PolicySeat.Handover handover =
        slot.use("dropbehind.next", host -> successor = new Keeper(host));
    assertEquals(3, handover.pending());
    assertTrue(handover.fault().startsWith("dropbehind.keeper.detach "), handover.fault());
    fixture.taskAt(200_000, 0, x -> successor.endAll(x));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.DROPPED));
  }

  @Test
  void aFolioThatNobodyWantsStaysCached() {
    fixture.at(
        150_000,
        () ->
            slot.use(
                "dropbehind.next",
                host -> {
                  successor = new Keeper(host);
                  successor.willing = false;
                  return successor;
                }));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.NOT_TASK));
    assertEquals("uptodate|dropbehind|lru", fixture.flags(file, 0));
    slot.stop();
    assertEquals("", slot.policyId());
  }

  @Test
  void endingAFolioTwiceIsAnErrorAndAComplaint() {
    fixture.runUntil(150_000);
    int folio = keeper.kept.get(0);
    fixture.taskAt(200_000, 0, x -> keeper.host.endDropbehind(x, folio));
    fixture.taskAt(210_000, 0, x -> keeper.host.endDropbehind(x, folio));
    assertThrows(IllegalStateException.class, () -> fixture.runUntil(300_000));
    assertEquals(1, fixture.machine().checker().count());
  }

  @Test
  void aFolioThatIsWrittenAgainWhileDeferredIsDeferredTwice() {
    fixture.taskAt(200_000, 0, fixture.write(file, 0, 1, RwFlags.DONTCACHE));
    fixture.runUntil(350_000);
    assertEquals(4, slot.pending());
    fixture.taskAt(400_000, 0, x -> keeper.endAll(x));
    fixture.runToIdle();
    assertEquals(3, pages(DropOutcome.DROPPED));
    assertEquals(1, pages(DropOutcome.FLAG_CLEARED), "the second look finds nothing to do");
    assertEquals(0, fixture.cache().folios().folioCount());
  }

  @Test
  void useAndSuspensionAreTraced() {
    List<String> trace = fixture.trace(Tracepoint.POLICY_USE, Tracepoint.RUN_SUSPEND);
    int family = fixture.machine().trace().name("dropbehind");
    int id = fixture.machine().trace().name("dropbehind.next");
    fixture.at(150_000, slot::suspend);
    fixture.at(160_000, this::useNext);
    fixture.runUntil(170_000);
    assertEquals(
        List.of(
            "run_suspend 1," + family + "@150000",
            "run_suspend 0," + family + "@160000",
            "policy_use " + family + "," + id + ",3@160000"),
        trace);
  }
}
