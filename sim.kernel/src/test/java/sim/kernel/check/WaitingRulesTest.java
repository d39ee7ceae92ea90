package sim.kernel.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/** Who waits where, or for whom, it must not: each wrong once and right once. */
class WaitingRulesTest {
  private final Machine machine =
      new Machine(
          MachineProfile.ofCpus(2)
              .withoutCosts()
              .with(new KernelBuild(PreemptModel.FULL, false, false, 250)),
          1,
          new Trace());
  private final Workqueue plain =
      machine.workqueues().alloc("plain", Workqueue.ACTIVE_DEFAULT, Set.of());
  private final Workqueue reclaim =
      machine
          .workqueues()
          .alloc("reclaim", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
  private final List<String> log = new ArrayList<>();
  private final Work slow = new Work("slow", x -> x.charge(1_000));

  private void task(Step body) {
    machine.spawn("t", CpuMask.of(0), body);
    machine.runUntil(machine.nowNs() + 1_000_000);
  }

  private List<String> complaints() {
    return machine.checker().complaints().stream()
        .map(complaint -> complaint.rule() + ": " + complaint.what())
        .toList();
  }

  @Test
  void aTaskThatBlocksWithPreemptionDisabledIsScheduledWhileAtomic() {
    task(
        x -> {
          x.then(Exec::preemptEnable);
          x.preemptDisable();
          machine.events().schedule(x.nowNs() + 10, arg -> x.task().wake(), 0);
          x.block();
        });
    assertEquals(List.of("SCHEDULE_IN_ATOMIC: schedule"), complaints());
    machine.checker().turnOff(Sanitizer.ATOMIC_SLEEP);
    task(
        x -> {
          x.preemptDisable();
          x.block();
        });
    assertEquals(1, machine.checker().count());
  }

  /** An item of {@code by} that waits for one of {@code of}. */
  private void flush(Workqueue by, Workqueue of) {
    Work waiting =
        new Work(
            "waiting",
            x -> {
              x.then(y -> log.add("after " + y.nowNs()));
              machine.workqueues().flush(x, slow);
            });
    task(
        x -> {
          machine.workqueues().queueOn(x, machine.cpu(1), of, slow);
          machine.workqueues().queueOn(x, machine.cpu(0), by, waiting);
        });
  }

  @Test
  void flushingWaitsForTheItemsEnd() {
    flush(plain, plain);
    assertEquals(List.of("after 1000"), log);
  }

  @Test
  void anItemWithARescuerMustNotWaitForOneWithout() {
    flush(plain, plain);
    flush(plain, reclaim);
    flush(reclaim, reclaim);
    assertEquals(List.of(), complaints());
    flush(reclaim, plain);
    assertEquals(List.of("RECLAIM_FLUSH: reclaim:waiting is flushing plain:slow"), complaints());
  }

  @Test
  void aTaskThatReclaimsMemoryMustNotWaitForAnItemWithoutARescuer() {
    task(
        x -> {
          machine.workqueues().queueOn(x, machine.cpu(1), plain, slow);
          x.task().beginMemalloc();
          x.then(y -> y.task().endMemalloc());
          machine.workqueues().flush(x, slow);
        });
    assertEquals(
        List.of("RECLAIM_FLUSH: PF_MEMALLOC task t-1 is flushing plain:slow"),
        complaints().stream().map(what -> what.replaceAll("t-\\d+", "t-1")).toList());
  }

  @Test
  void aHotplugCallbackMustNotWaitForItsOwnOperation() {
    machine
        .hotplug()
        .register(
            CpuHotplugState.AP_ONLINE_DYN, "bad", null, (x, cpu) -> machine.hotplug().readLock(x));
    task(x -> machine.hotplug().down(x, 1, -1));
    assertEquals(List.of("HOTPLUG_LOCK: cpus_read_lock in a callback for CPU 1"), complaints());
  }

  @Test
  void anOperationWaitsForReadersAndLaterReadersForIt() {
    machine
        .hotplug()
        .register(
            CpuHotplugState.AP_ONLINE_DYN,
            "slow",
            null,
            (x, cpu) -> {
              log.add("callback " + x.nowNs());
              x.charge(50_000);
            });
    reader(0, 100_000);
    machine
        .events()
        .schedule(
            10_000,
            arg -> machine.spawn("c", CpuMask.of(0), x -> machine.hotplug().down(x, 1, -1)),
            0);
    reader(120_000, 0);
    machine.runUntil(1_000_000);
    // The callback begins when the first reader has gone, and takes 50 us.
    assertEquals(List.of("read 0", "callback 100000", "read 150000"), log);
    assertEquals(List.of(), complaints());
  }

  private void reader(long atNs, long holdsNs) {
    Step locked =
        x -> {
          log.add("read " + x.nowNs());
          x.then(machine.hotplug()::readUnlock);
          machine.timers().sleep(x, holdsNs);
        };
    Step body =
        x -> {
          x.then(locked);
          machine.hotplug().readLock(x);
        };
    machine.events().schedule(atNs, arg -> machine.spawn("r", CpuMask.of(0), body), 0);
  }
}
