package sim.kernel.hotplug;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/** What a subsystem does when a CPU passes its state. */
@ConsumerType
@FunctionalInterface
public interface HotplugCallback {
  /**
   * Runs in the state's section: PREPARE in the controlling task, ONLINE in the CPU's own {@code
   * cpuhp} thread, which may sleep; STARTING and DYING on the CPU with interrupts disabled. A
   * result other than 0, handed back with {@link Exec#setResult}, fails the operation and rolls it
   * back; teardown in the PREPARE and DYING sections can't fail. A callback never waits for the
   * hotplug lock, which is held throughout.
   *
   * @param x where it runs
   * @param cpu the CPU that goes up or down
   */
  void run(Exec x, int cpu);
}
