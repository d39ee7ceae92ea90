package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import block.bio.testing.CompletionFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import sim.kernel.Exec;
import sim.kernel.check.Complaint;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.spi.PolicyRefusedException;

class CompletionSlotTest {
  private static final MachineProfile FREE =
      MachineProfile.ofCpus(2).withoutCosts().with(Cost.WORKER_WAKEUP, 0);

  /** Keeps bios until it is told to end them, or detached with an answer of the test's choice. */
  private static class Keeper implements CompletionDeferral {
    final CompletionHost host;
    final List<Bio> kept = new ArrayList<>();
    Function<List<Bio>, List<Bio>> answer = bios -> bios;
    boolean throwing;
    boolean comes = true;

    Keeper(CompletionHost host) {
      this.host = host;
    }

    @Override
    public void defer(Exec x, Bio bio) {
      if (throwing) {
        throw new IllegalStateException("out of order");
      }
      kept.add(bio);
    }

    @Override
    public List<Bio> detach() {
      return answer.apply(List.copyOf(kept));
    }

    @Override
    public boolean drains(int cpu) {
      return comes;
    }

    @Override
    public int pending() {
      return kept.size();
    }

    void endFirst(Exec x) {
      host.endBio(x, kept.remove(0));
    }

    void endAll(Exec x) {
      while (!kept.isEmpty()) {
        endFirst(x);
      }
    }
  }

  private Keeper keeper;
  private Keeper successor;
  private final CompletionFixture fixture =
      new CompletionFixture(FREE, "completion.keeper", host -> keeper = new Keeper(host));

  private final CompletionPolicy next = host -> successor = new Keeper(host);

  private List<String> complaints() {
    return fixture.machine().checker().complaints().stream().map(Complaint::what).toList();
  }

  @Test
  void aBioThatWantsNoTaskEndsWhereItCompletes() {
    Bio bio = fixture.bio(1);
    bio.clear(BioFlag.COMPLETE_IN_TASK);
    fixture.at(
        5_000, () -> fixture.machine().cpu(0).raiseIrq(42, x -> fixture.layer().endBio(x, bio)));
    assertEquals(List.of("1@5000 HARDIRQ"), fixture.endedAtLast());
  }

  @Test
  void aBioThatCompletesInATaskIsNotDeferred() {
    fixture.taskAt(5_000, 0, x -> fixture.layer().endBio(x, fixture.bio(1)));
    assertEquals(List.of("1@5000"), fixture.endedAtLast());
  }

  @Test
  void aDeferredBioIsInCustodyUntilItsEnd() {
    fixture.interruptAt(5_000, 0, 1, 2);
    fixture.taskAt(9_000, 0, x -> keeper.endFirst(x));
    fixture.machine().runUntil(8_000);
    assertEquals(2, fixture.slot().pending());
    assertEquals(List.of("1@9000"), fixture.endedAtLast());
    assertEquals(1, fixture.slot().pending());
  }

  @Test
  void pendingBiosAreHandedOverAtTheInstantOfTheSwap() {
    fixture.interruptAt(5_000, 1, 1, 2);
    fixture.interruptAt(6_000, 0, 3);
    List<CompletionSlot.Handover> handovers = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    CompletionPolicy recording =
        host ->
            successor =
                new Keeper(host) {
                  @Override
                  public void defer(Exec x, Bio bio) {
                    taken.add(bio.id() + "@" + x.nowNs() + " " + x.context() + x.cpu().id());
                    super.defer(x, bio);
                  }
                };
    fixture.at(7_000, () -> handovers.add(fixture.slot().use("completion.recording", recording)));
    fixture.taskAt(8_000, 0, x -> successor.endAll(x));
    fixture.machine().runUntil(7_500);
    assertEquals(List.of(new CompletionSlot.Handover(3, "")), handovers);
    assertEquals(List.of("3@7000 HARDIRQ0", "1@7000 HARDIRQ1", "2@7000 HARDIRQ1"), taken);
    assertEquals(3, fixture.slot().pending());
    assertEquals(List.of("3@8000", "1@8000", "2@8000"), fixture.endedAtLast());
    assertEquals(0, fixture.slot().pending());
    assertEquals(0, fixture.layer().bios().inUse());
  }

  @Test
  void aPolicyThatWantsNoneOfThemHasThemEndInTheHandover() {
    fixture.interruptAt(5_000, 0, 1);
    CompletionPolicy unwilling =
        host ->
            new Keeper(host) {
              @Override
              public boolean wants(Exec x, Bio bio) {
                return false;
              }
            };
    fixture.at(7_000, () -> fixture.slot().use("completion.unwilling", unwilling));
    assertEquals(List.of("1@7000 HARDIRQ"), fixture.endedAtLast());
  }

  @Test
  void whileThePolicyIsMissingBiosAreHeld() {
    fixture.interruptAt(5_000, 0, 1);
    fixture.at(6_000, () -> fixture.slot().suspend());
    fixture.interruptAt(7_000, 0, 2); // was under way when the policy left
    fixture.machine().runUntil(8_000);
    assertTrue(fixture.slot().isSuspended());
    assertEquals("completion.keeper", fixture.slot().policyId());
    assertEquals(2, fixture.slot().pending());
    fixture.slot().use("completion.keeper", next);
    assertFalse(fixture.slot().isSuspended());
    fixture.taskAt(9_000, 0, x -> successor.endAll(x));
    assertEquals(List.of("1@9000", "2@9000"), fixture.endedAtLast());
  }

  @Test
  void aPolicyThatRefusesTheMachineLeavesTheOldOneInUse() {
    fixture.interruptAt(5_000, 0, 1);
    fixture.machine().runUntil(6_000);
    assertThrows(
        PolicyRefusedException.class,
        () ->
            fixture
                .slot()
                .use(
                    "completion.refusing",
                    host -> {
                      throw new PolicyRefusedException("needs more CPUs");
                    }));
    assertEquals("completion.keeper", fixture.slot().policyId());
    fixture.taskAt(9_000, 0, x -> keeper.endAll(x));
    assertEquals(List.of("1@9000"), fixture.endedAtLast());
  }

  private String faultOf(Function<List<Bio>, List<Bio>> answer) {
    fixture.interruptAt(5_000, 0, 1, 2);
    fixture.machine().runUntil(6_000);
    keeper.answer = answer;
    String fault = fixture.slot().use("completion.next", next).fault();
    fixture.taskAt(9_000, 0, x -> successor.endAll(x));
    assertEquals(List.of("1@9000", "2@9000"), fixture.endedAtLast(), "nothing lost or doubled");
    return fault;
  }

  @Test
  void aPolicyThatKeepsABioBackIsNamedAndTheBioIsTaken() {
    assertEquals(
        "CP-4: completion.keeper.detach kept back bio 2 (WRITE 0 + 0)",
        faultOf(bios -> bios.subList(0, 1)));
  }

  @Test
  void aPolicyThatReturnsABioTwiceIsNamed() {
    assertEquals(
        "CP-4: completion.keeper.detach returned bio 1 (WRITE 0 + 0) twice",
        faultOf(bios -> List.of(bios.get(0), bios.get(0), bios.get(1))));
  }

  @Test
  void aPolicyThatReturnsAForeignBioIsNamed() {
    Bio foreign = fixture.bio(9);
    assertEquals(
        "CP-4: completion.keeper.detach returned bio 1 (WRITE 0 + 0), which it doesn't have",
        faultOf(bios -> List.of(bios.get(0), bios.get(1), foreign)));
  }

  @Test
  void aPolicyThatReturnsNullIsNamed() {
    assertEquals("CP-4: completion.keeper.detach returned null", faultOf(bios -> null));
  }

  @Test
  void aPolicyThatThrowsInDetachIsNamed() {
    assertEquals(
        "CP-4: completion.keeper.detach threw java.lang.IllegalStateException: no",
        faultOf(
            bios -> {
              throw new IllegalStateException("no");
            }));
  }

  @Test
  void aPolicyThatThrowsInDeferIsTakenOutAndItsBiosAreHeld() {
    List<String> faults = new ArrayList<>();
    fixture.slot().onFault(faults::add);
    fixture.interruptAt(5_000, 0, 1);
    fixture.at(6_000, () -> keeper.throwing = true);
    fixture.interruptAt(7_000, 0, 2);
    fixture.machine().runUntil(8_000);
    assertEquals(
        List.of(
            "completion.keeper: threw java.lang.IllegalStateException: out of order at 7000 ns;"
                + " 2 bios were taken back; CP-4: completion.keeper.detach kept back bio 2"
                + " (WRITE 0 + 0)"),
        faults);
    assertTrue(fixture.slot().isSuspended());
    fixture.slot().use("completion.keeper", next);
    fixture.taskAt(9_000, 0, x -> successor.endAll(x));
    assertEquals(List.of("1@9000", "2@9000"), fixture.endedAtLast());
  }

  @Test
  void endingABioTwiceIsRefused() {
    fixture.interruptAt(5_000, 0, 1);
    fixture.taskAt(
        6_000,
        0,
        x -> {
          Bio bio = keeper.kept.get(0);
          keeper.endFirst(x);
          keeper.host.endBio(x, bio);
        });
    IllegalStateException refused = assertThrows(IllegalStateException.class, fixture::endedAtLast);
    assertTrue(refused.getMessage().startsWith("CP-1: completion.keeper ended bio 1"));
    assertTrue(complaints().get(0).startsWith("CP-1: completion.keeper ended bio 1"));
    assertEquals(List.of("1@6000"), fixture.ended());
  }

  @Test
  void endingABioThatWasHandedBackIsRefused() {
    fixture.interruptAt(5_000, 0, 1);
    fixture.at(6_000, () -> fixture.slot().use("completion.next", next));
    fixture.taskAt(7_000, 0, x -> keeper.endFirst(x));
    assertThrows(IllegalStateException.class, fixture::endedAtLast);
    assertEquals(List.of(), fixture.ended());
    assertEquals(1, fixture.slot().pending());
  }

  @Test
  void endingABioInAnInterruptIsReported() {
    CompletionPolicy hasty =
        host ->
            new Keeper(host) {
              @Override
              public void defer(Exec x, Bio bio) {
                host.endBio(x, bio);
              }
            };
    fixture.slot().use("completion.hasty", hasty);
    fixture.interruptAt(5_000, 0, 1);
    assertEquals(List.of("1@5000 HARDIRQ"), fixture.endedAtLast());
    assertEquals(
        List.of("CP-2: completion.hasty ended bio 1 (WRITE 0 + 0) where it can't sleep"),
        complaints());
  }

  @Test
  void aBoundEndsABioInAnInterruptAsIfInATask() {
    CompletionPolicy bound =
        host ->
            new Keeper(host) {
              @Override
              public void defer(Exec x, Bio bio) {
                host.endBioAsTask(x, bio);
              }
            };
    fixture.slot().use("completion.bound", bound);
    fixture.interruptAt(5_000, 0, 1);
    assertEquals(List.of("1@5000"), fixture.endedAtLast());
    assertEquals(List.of(), complaints());
  }

  @Test
  void aListThatNobodyComesForIsToldOfOnceUntilSomethingIsEnded() {
    keeper.comes = false;
    fixture.interruptAt(10_000, 0, 1, 2);
    fixture.interruptAt(20_000_000, 0, 3);
    fixture.taskAt(30_000_000, 0, x -> keeper.endFirst(x));
    fixture.at(40_000_000, () -> keeper.comes = true);
    fixture.taskAt(50_000_000, 0, x -> keeper.endAll(x));
    fixture.endedAtLast();
    // Suspected at the first look, 1 ms behind the first bio, and told of at the next.
    assertEquals(
        List.of(
            "2010000 completion.keeper: keeps bios of CPU 0, 2 since 10000 ns: nothing that would"
                + " end them is pending or running",
            "32000000 completion.keeper: keeps bios of CPU 0, 2 since 30000000 ns: nothing that"
                + " would end them is pending or running"),
        timedComplaints());
  }

  @Test
  void whatIsEndedInTimeIsNoComplaintThoughNobodySeemedToCome() {
    keeper.comes = false;
    fixture.interruptAt(10_000, 0, 1);
    fixture.taskAt(1_500_000, 0, x -> keeper.endAll(x));
    fixture.endedAtLast();
    assertEquals(List.of(), timedComplaints());
  }

  @Test
  void whoeverSaysThatSomebodyComesIsBelievedFor30Seconds() {
    fixture.interruptAt(10_000, 0, 1);
    fixture.endedAtLast();
    // Looks 1, 3, 7 ... 1023 ms behind the bio, then every second; 30.023 s is the first above 30
    // s.
    assertEquals(
        List.of(
            "30023010000 completion.keeper: keeps bios of CPU 0, 1 since 10000 ns: none was ended"
                + " for 30 s"),
        timedComplaints());
  }

  @Test
  void custodyTurnedOffLooksAtNothing() {
    fixture.machine().checker().turnOff(Sanitizer.CUSTODY);
    keeper.comes = false;
    fixture.interruptAt(10_000, 0, 1);
    fixture.endedAtLast();
    assertEquals(10_000, fixture.machine().nowNs());
    assertEquals(List.of(), timedComplaints());
  }

  private List<String> timedComplaints() {
    return fixture.machine().checker().complaints().stream()
        .map(complaint -> complaint.timeNs() + " " + complaint.what())
        .toList();
  }
}
