package sim.kernel.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

class CpuHotplugTest {
  private final List<String> log = new ArrayList<>();
  private final Machine machine =
      new Machine(MachineProfile.ofCpus(2).withoutCosts(), 1, new Trace());
  private final CpuHotplug hotplug = machine.hotplug();

  private HotplugCallback note(String what) {
    return (x, cpu) ->
        log.add(what + " of " + cpu + " on " + x.cpu().id() + (x.maySleep() ? "" : " atomic"));
  }

  private void register(CpuHotplugState state, String name) {
    hotplug.register(state, name, note(name + " up"), note(name + " down"));
  }

  private void control(Step... steps) {
    machine.spawn(
        "control",
        CpuMask.of(0),
        x -> {
          for (int i = steps.length - 1; i >= 0; i--) {
            x.then(y -> log.add("result " + y.result()));
            x.then(steps[i]);
          }
        });
    machine.runToIdle();
  }

  @Test
  void callbacksRunInOrderInTheirSections() {
    register(CpuHotplugState.AP_ONLINE_DYN, "online");
    register(CpuHotplugState.BP_PREPARE_DYN, "prepare");
    register(CpuHotplugState.AP_ONLINE_DYN, "later");
    control(x -> hotplug.down(x, 1, -1), x -> hotplug.up(x, 1, -1));
    assertEquals(
        List.of(
            "later down of 1 on 1",
            "online down of 1 on 1",
            "prepare down of 1 on 0",
            "result 0",
            "prepare up of 1 on 0",
            "online up of 1 on 1",
            "later up of 1 on 1",
            "result 0"),
        log);
    assertTrue(machine.cpu(1).isOnline());
  }

  @Test
  void aFailingTeardownBringsBackWhatWasTornDown() {
    register(CpuHotplugState.AP_ONLINE_DYN, "online");
    control(x -> hotplug.down(x, 1, CpuHotplugState.WORKQUEUE_ONLINE.number()));
    assertEquals(List.of("online down of 1 on 1", "online up of 1 on 1", "result -16"), log);
    assertTrue(machine.cpu(1).isOnline());
    assertTrue(machine.cpu(1).isActive());
    assertEquals(CpuHotplugState.ONLINE.number(), hotplug.stateOf(1));
  }

  @Test
  void theLastCpuStays() {
    control(x -> hotplug.down(x, 1, -1), x -> hotplug.down(x, 0, -1));
    assertEquals(List.of("result 0", "result -16"), log);
    assertFalse(machine.cpu(1).isOnline());
  }

  @Test
  void tasksAndInterruptsLeaveADyingCpu() {
    Step[] busy = new Step[1];
    busy[0] =
        x -> {
          if (x.nowNs() < 6_000_000) {
            x.then(busy[0]);
            x.charge(10_000);
            x.condResched();
          } else {
            log.add("busy ends on " + x.cpu().id());
          }
        };
    machine.spawn("busy", CpuMask.of(1), busy[0]);
    machine
        .events()
        .schedule(
            5_000_000,
            arg -> machine.cpu(1).raiseIrq(1, x -> log.add("irq on " + x.cpu().id())),
            0);
    machine.events().schedule(100_000, arg -> spawnControl(), 0);
    machine.runToIdle();
    assertEquals(List.of("irq on 0", "busy ends on 0"), log);
  }

  @Test
  void aDevicesInterruptsComeBackToACpuBeforeItsWorkers() {
    hotplug.register(CpuHotplugState.AP_STARTING, "starting", deviceIrq("starting"), null);
    hotplug.register(CpuHotplugState.BLK_MQ_ONLINE, "mq", deviceIrq("mq"), deviceIrq("leaving"));
    control(x -> hotplug.down(x, 1, -1), x -> hotplug.up(x, 1, -1));
    assertEquals(
        // Started at state 83, CPU 1 takes its own interrupts; those of devices from state 150 on.
        List.of("leaving: irq on 1", "result 0", "starting: irq on 0", "mq: irq on 1", "result 0"),
        log);
  }

  private HotplugCallback deviceIrq(String when) {
    return (x, cpu) -> {
      Step handler = y -> log.add(when + ": irq on " + y.cpu().id());
      machine.events().schedule(x.nowNs(), arg -> machine.cpu(cpu).raiseDeviceIrq(1, handler), 0);
      x.charge(1_000);
    };
  }

  private void spawnControl() {
    machine.spawn("control", CpuMask.of(0), x -> hotplug.down(x, 1, -1));
  }

  /** An item of CPU 1 has computed for 25 of 40 us when the CPU's hotplug thread comes between. */
  private void cpuOneGoesUnderAnItem(Step onCpuZero) {
    KernelBuild full = new KernelBuild(PreemptModel.FULL, false, false, 250);
    MachineProfile profile = MachineProfile.ofCpus(2).withoutCosts().with(full);
    Machine preemptible = new Machine(profile, 1, new Trace());
    Workqueue queue =
        preemptible.workqueues().alloc("test", 256, EnumSet.noneOf(Workqueue.Flag.class));
    Step note = x -> log.add(x.cpu().id() + "@" + x.nowNs());
    Step item =
        x -> {
          for (int i = 0; i < 4; i++) {
            x.then(note);
            x.then(y -> y.charge(10_000));
          }
        };
    Work work = new Work("item", item);
    preemptible.spawn("queuer", CpuMask.of(1), x -> preemptible.workqueues().queue(x, queue, work));
    preemptible
        .events()
        .schedule(
            25_000,
            arg -> {
              preemptible.spawn(
                  "control", CpuMask.of(0), x -> preemptible.hotplug().down(x, 1, -1));
              preemptible.spawn("beside", CpuMask.of(0), onCpuZero);
            },
            0);
    preemptible.runToIdle();
    assertFalse(preemptible.cpu(1).isOnline());
  }

  @Test
  void aWorkerInTheMiddleOfItsItemGoesOnElsewhere() {
    cpuOneGoesUnderAnItem(x -> {});
    assertEquals(List.of("1@10000", "1@20000", "0@30000", "0@40000"), log);
  }

  /**
   * The other CPU is busy for 50 us; the one that goes is idle meanwhile, and takes nothing back.
   */
  @Test
  void aCpuThatGoesTakesNoTaskBack() {
    cpuOneGoesUnderAnItem(x -> x.charge(50_000));
    assertEquals(List.of("1@10000", "1@20000", "0@80000", "0@90000"), log);
  }

  @Test
  void workLeftOnADeadCpuRunsOnAnother() {
    Workqueue queue = machine.workqueues().alloc("wq", 1, EnumSet.noneOf(Workqueue.Flag.class));
    Work work = new Work("w", (Exec x) -> log.add("work on " + x.cpu().id()));
    control(
        x -> machine.workqueues().queueOn(x, machine.cpu(1), queue, work),
        x -> machine.timers().sleep(x, 1_000),
        x -> hotplug.down(x, 1, -1),
        x -> machine.workqueues().queueOn(x, machine.cpu(1), queue, work),
        x -> machine.timers().sleep(x, 1_000));
    log.removeIf(entry -> entry.startsWith("result"));
    assertEquals(List.of("work on 1", "work on 0"), log);
  }
}
