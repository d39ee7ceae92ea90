package sim.kernel.check;

import java.util.Arrays;
import java.util.function.IntPredicate;
import sim.kernel.Machine;
import sim.kernel.event.EventHandler;

/**
 * Watches that somebody will come for what a deferral has taken over: while a CPU's list is not
 * empty, something that will drain it is pending or running. A host tells it of each thing that is
 * taken and released.
 *
 * <p>The list may stand with nobody to come while its CPU walks through the hotplug states: its
 * work is disabled then, and the callback that enables it, or the one for a dead CPU, looks at the
 * list. When the operation is over, or is rolled back, the rule holds again.
 *
 * <p>It looks while a list is not empty: after a millisecond, and then at growing intervals for as
 * long as nothing is released. Nobody to come at two looks, with nothing released between, is a
 * complaint: between an interrupt's adding to a list and its queueing of the work there may be a
 * step.
 */
public final class CustodyWatch {
  private static final long LOOK_NS = 1_000_000;
  private static final long LOOK_MAX_NS = 1_000_000_000;

  /** As the workqueue watchdog: what is pending and makes no way for so long. */
  private static final long KEPT_NS = 30_000_000_000L;

  private final Machine machine;
  private final String owner;
  private final String things;
  private final IntPredicate drains;
  private final int[] pending;
  private final long[] sinceNs;
  private final long[] intervalNs;
  private final boolean[] suspect;
  private final boolean[] looks;
  private final boolean[] told;
  private final EventHandler look = cpu -> look((int) cpu);

  /**
   * A watch over empty lists.
   *
   * @param owner who has them: a policy's id
   * @param things what they hold: {@code bios}
   * @param drains whether what will drain a CPU's list is pending or running; asked between steps,
   *     and changes nothing
   */
  public CustodyWatch(Machine machine, String owner, String things, IntPredicate drains) {
    this.machine = machine;
    this.owner = owner;
    this.things = things;
    this.drains = drains;
    int cpus = machine.cpuCount();
    pending = new int[cpus];
    sinceNs = new long[cpus];
    intervalNs = new long[cpus];
    Arrays.fill(intervalNs, LOOK_NS);
    suspect = new boolean[cpus];
    looks = new boolean[cpus];
    told = new boolean[cpus];
  }

  /** Something was taken over on a CPU. */
  public void taken(int cpu) {
    if (pending[cpu]++ == 0) {
      sinceNs[cpu] = machine.nowNs();
    }
    lookLater(cpu);
  }

  /** Something that was taken over on a CPU was ended or handed back. */
  public void released(int cpu) {
    pending[cpu]--;
    sinceNs[cpu] = machine.nowNs();
    intervalNs[cpu] = LOOK_NS;
    suspect[cpu] = false;
    if (told[cpu]) {
      told[cpu] = false;
      lookLater(cpu);
    }
  }

  private void lookLater(int cpu) {
    if (looks[cpu] || told[cpu] || pending[cpu] == 0) {
      return;
    }
    looks[cpu] = machine.checker().isOn(Sanitizer.CUSTODY);
    if (looks[cpu]) {
      machine.events().schedule(machine.nowNs() + intervalNs[cpu], look, cpu);
    }
  }

  private void look(int cpu) {
    looks[cpu] = false;
    if (pending[cpu] == 0) {
      return;
    }
    boolean exempt = machine.hotplug().isMoving(cpu);
    boolean nobody = !exempt && !drains.test(cpu);
    if (nobody && suspect[cpu]) {
      complain(cpu, "nothing that would end them is pending or running");
    } else if (machine.nowNs() - sinceNs[cpu] >= KEPT_NS) {
      complain(cpu, "none was ended for 30 s");
    }
    if (!nobody && !exempt) {
      intervalNs[cpu] = Math.min(2 * intervalNs[cpu], LOOK_MAX_NS);
    }
    suspect[cpu] = nobody;
    lookLater(cpu);
  }

  /** Told once, until something is released. */
  private void complain(int cpu, String why) {
    told[cpu] = true;
    machine
        .checker()
        .reportOn(
            Rule.STRANDED_LIST,
            cpu,
            "%s: keeps %s of CPU %d, %d since %d ns: %s"
                .formatted(owner, things, cpu, pending[cpu], sinceNs[cpu], why));
  }
}
