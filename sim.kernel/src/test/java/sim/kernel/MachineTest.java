package sim.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

class MachineTest {
  private final Machine machine =
      new Machine(MachineProfile.ofCpus(1).withoutCosts(), 1, new Trace());
  private final List<String> log = new ArrayList<>();

  private void note(String what) {
    log.add(what + "@" + machine.nowNs());
  }

  @Test
  void aHaltedMachineFinishesItsInstantAndGoesOnWhereItStood() {
    machine.spawn(
        "t",
        machine.allCpus(),
        x -> {
          x.then(y -> note("last"));
          x.then(
              y -> {
                note("halt");
                machine.haltAtThisInstant();
                machine.events().schedule(machine.nowNs(), arg -> note("same instant"), 0);
                y.charge(50);
              });
          x.charge(100);
        });
    machine.events().schedule(149, arg -> note("later"), 0);

    assertTrue(machine.runUntil(1_000), "more is to come");
    assertEquals(List.of("halt@100", "same instant@100"), log);
    assertEquals(100, machine.nowNs());

    machine.runUntil(1_000);
    assertEquals(List.of("later@149", "last@150"), log.subList(2, 4));
    assertEquals(1_000, machine.nowNs());
  }
}
