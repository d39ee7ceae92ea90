package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import launcher.scenario.HotplugOperation;
import launcher.scenario.HotplugOperation.Direction;
import launcher.scenario.Unit;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.hotplug.CpuHotplugState;

/**
 * Takes CPUs offline and online at their times: each from a task of its own, as a shell that writes
 * to sysfs, in the middle of the run's events. A replay does the same by itself.
 */
final class HotplugTasks {
  private final Machine machine;
  private final List<HotplugOperation> operations;
  private final List<String> notes = new ArrayList<>();

  HotplugTasks(Machine machine, List<HotplugOperation> operations) {
    this.machine = machine;
    this.operations = operations;
    for (int i = 0; i < operations.size(); i++) {
      machine.events().schedule(operations.get(i).atNs(), this::begin, i);
    }
  }

  private void begin(long index) {
    HotplugOperation operation = operations.get((int) index);
    machine.spawn("cpu" + operation.cpu(), machine.allCpus(), x -> run(x, operation));
  }

  private void run(Exec x, HotplugOperation operation) {
    x.then(y -> ended(y, operation));
    int failAt = operation.failAt().map(CpuHotplugState::number).orElse(-1);
    if (operation.direction() == Direction.ONLINE) {
      machine.hotplug().up(x, operation.cpu(), failAt);
    } else {
      machine.hotplug().down(x, operation.cpu(), failAt);
    }
  }

  private void ended(Exec x, HotplugOperation operation) {
    notes.add(
        "CPU %d was to go %s at %s: %s at %s"
            .formatted(
                operation.cpu(),
                operation.direction() == Direction.ONLINE ? "online" : "offline",
                Unit.NANOSECONDS.format(operation.atNs()),
                x.result() == 0 ? "it was" : "rolled back with error " + -x.result(),
                Unit.NANOSECONDS.format(x.nowNs())));
  }

  /** What became of each, in the order in which they ended. */
  List<String> notes() {
    return notes;
  }
}
