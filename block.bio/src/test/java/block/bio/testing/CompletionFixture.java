package block.bio.testing;

import block.bio.Bio;
import block.bio.BioFlag;
import block.bio.BioList;
import block.bio.BioOp;
import block.bio.BlockLayer;
import block.bio.CompletionSlot;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.List;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.ExecContext;
import sim.kernel.IrqAction;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplug;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

/**
 * A machine on which bios complete when a test says so: shows when and where a completion policy
 * ends them. Without a device: an interrupt completes each bio.
 */
public final class CompletionFixture {
  private static final int IRQ = 42;

  private final Machine machine;
  private final BlockLayer layer;
  private final List<String> ended = new ArrayList<>();
  private long endNs;
  private boolean offlineFails;
  private List<Integer> rtNames = List.of();
  private boolean asksInHandler;

  /** A machine with a policy in use, and no bio. */
  public CompletionFixture(MachineProfile profile, String id, CompletionPolicy policy) {
    machine = new Machine(profile, 1, new Trace());
    layer = new BlockLayer(machine);
    layer.completions().use(id, policy);
  }

  /** Makes the owner of each bio take this long to end it; nothing at first. */
  public CompletionFixture withEndNs(long ns) {
    endNs = ns;
    return this;
  }

  /** Makes bios carry no mark; the owner of each asks for a task first of all. */
  public CompletionFixture withAskingOwners() {
    asksInHandler = true;
    return this;
  }

  /** The machine. */
  public Machine machine() {
    return machine;
  }

  /** The block layer. */
  public BlockLayer layer() {
    return layer;
  }

  /** Where the policy is. */
  public CompletionSlot slot() {
    return layer.completions();
  }

  /** At that time, one interrupt on that CPU completes bios that want a task, one after another. */
  public void interruptAt(long timeNs, int cpu, int... names) {
    BioList completed = new BioList();
    for (int name : names) {
      completed.add(bio(name));
    }
    IrqAction irq = machine.requestIrq(IRQ, "dev", machine.cpu(cpu));
    at(timeNs, () -> irq.raise(x -> endNext(x, completed)));
  }

  private void endNext(Exec x, BioList completed) {
    Bio bio = completed.pop();
    if (bio != null) {
      x.then(y -> endNext(y, completed));
      layer.endBio(x, bio);
    }
  }

  /** A bio that wants a task and logs its end. */
  public Bio bio(int name) {
    Bio bio = layer.bios().alloc(BioOp.WRITE, 0);
    if (!asksInHandler) {
      bio.set(BioFlag.COMPLETE_IN_TASK);
    }
    if (rtNames.contains(name)) {
      bio.set(BioFlag.COMPLETE_IN_RT_THREAD);
    }
    bio.setEndIo(
        (x, ending) -> {
          if (asksInHandler && slot().completeInTask(x, ending)) {
            return;
          }
          ended.add(
              name
                  + "@"
                  + x.nowNs()
                  + (x.context() == ExecContext.TASK ? "" : " " + x.context())
                  + (x.cpu().id() == 0 ? "" : " cpu" + x.cpu().id()));
          x.charge(endNs);
          layer.bios().free(ending);
        });
    return bio;
  }

  /** Runs something between two events at that time. */
  public void at(long timeNs, Runnable action) {
    machine.events().schedule(timeNs, arg -> action.run(), 0);
  }

  /** Wakes a fair user task at that time, which computes on that CPU for so long and exits. */
  public void busyTaskAt(long timeNs, int cpu, long busyNs) {
    at(timeNs, () -> machine.spawn("busy", CpuMask.of(cpu), x -> x.chargeUser(busyNs)));
  }

  /** A task on that CPU that runs one step at that time. */
  public void taskAt(long timeNs, int cpu, Step step) {
    at(timeNs, () -> machine.spawn("task", CpuMask.of(cpu), step));
  }

  /** Makes these bios ask for a real-time thread. */
  public CompletionFixture withRtWish(Integer... names) {
    rtNames = List.of(names);
    return this;
  }

  /**
   * Makes the watchdog of a CPU take that long to come and to go: between the states of the workers
   * and the CPU's death or birth.
   */
  public CompletionFixture withHotplugNs(long ns) {
    machine
        .hotplug()
        .register(
            CpuHotplugState.WATCHDOG_ONLINE,
            "lockup_detector:online",
            (x, cpu) -> x.charge(ns),
            (x, cpu) -> {
              x.charge(ns);
              x.setResult(offlineFails ? CpuHotplug.EBUSY : 0);
            });
    return this;
  }

  /** At that time, a task on CPU 0 takes a CPU down. */
  public void downAt(long timeNs, int cpu) {
    taskAt(timeNs, 0, x -> machine.hotplug().down(x, cpu, -1));
  }

  /** As {@link #downAt}, and the hardware queues refuse to go: the CPU comes back. */
  public void abortedDownAt(long timeNs, int cpu) {
    offlineFails = true;
    downAt(timeNs, cpu);
  }

  /** At that time, a task on CPU 0 brings a CPU up. */
  public void upAt(long timeNs, int cpu) {
    taskAt(timeNs, 0, x -> machine.hotplug().up(x, cpu, -1));
  }

  /**
   * The ends so far: {@code name@time}, with the context if it is no task and the CPU if it is not
   * 0.
   */
  public List<String> ended() {
    return List.copyOf(ended);
  }

  /** Runs until nothing is left to do; answers {@link #ended}. */
  public List<String> endedAtLast() {
    machine.runToIdle();
    return ended();
  }
}
