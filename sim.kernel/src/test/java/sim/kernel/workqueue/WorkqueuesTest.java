package sim.kernel.workqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;

class WorkqueuesTest {
  private static final long WAKEUP_NS = 6_000;

  private final List<String> log = new ArrayList<>();
  private Machine machine;
  private Workqueue queue;

  @BeforeEach
  void onAMachineOfOneCpu() {
    useHz(250);
  }

  private void useHz(int hz) {
    machine =
        new Machine(
            MachineProfile.ofCpus(1)
                .withoutCosts()
                .with(Cost.WORKER_WAKEUP, WAKEUP_NS)
                .with(Cost.WORKER_CREATE, 30_000)
                .with(new KernelBuild(PreemptModel.FULL, false, false, hz)),
            1,
            new Trace());
    queue =
        machine
            .workqueues()
            .alloc("wq", Workqueue.ACTIVE_DEFAULT, EnumSet.noneOf(Workqueue.Flag.class));
  }

  private Work work(String name, long ns) {
    return new Work(
        name,
        x -> {
          log.add(name + "@" + x.nowNs());
          x.charge(ns);
        });
  }

  private void queueAt(long timeNs, Work work) {
    machine
        .events()
        .schedule(
            timeNs,
            arg -> machine.cpu(0).raiseIrq(1, x -> machine.workqueues().queue(x, queue, work)),
            0);
  }

  @Test
  void anIdleCpuRunsAnItemOneWakeUpLater() {
    queueAt(1_000, work("a", 0));
    machine.runToIdle();
    assertEquals(List.of("a@7000"), log);
  }

  @Test
  void itemsOfOnePoolRunOneAfterAnother() {
    queueAt(0, work("a", 10_000));
    queueAt(1, work("b", 10_000));
    machine.runToIdle();
    assertEquals(List.of("a@6000", "b@16000"), log);
    assertEquals(1, machine.workqueues().wakeUps());
  }

  @Test
  void anItemThatSleepsLetsTheNextRun() {
    queueAt(
        0,
        new Work(
            "sleeper",
            x -> {
              log.add("sleeper@" + x.nowNs());
              x.then(y -> log.add("awake@" + y.nowNs()));
              x.machine().timers().sleep(x, 100_000);
            }));
    queueAt(1, work("b", 10_000));
    machine.runToIdle();
    // The pool's first worker sleeps at 6_000; a second one is created, 30_000, and woken, 6_000.
    assertEquals(List.of("sleeper@6000", "b@42000", "awake@112000"), log);
  }

  @Test
  void anItemNeverRunsBesideItself() {
    Work[] self = new Work[1];
    self[0] =
        new Work(
            "self",
            x -> {
              log.add("begin@" + x.nowNs());
              if (log.size() == 1) {
                assertTrue(machine.workqueues().queue(x, queue, self[0]));
                assertFalse(machine.workqueues().queue(x, queue, self[0]));
              }
              x.then(y -> log.add("end@" + y.nowNs()));
              x.machine().timers().sleep(x, 50_000);
            });
    queueAt(0, self[0]);
    machine.runToIdle();
    assertEquals("begin", log.get(0).substring(0, 5));
    assertEquals("end", log.get(1).substring(0, 3));
    assertEquals("begin", log.get(2).substring(0, 5));
    assertEquals(4, log.size());
  }

  @Test
  void aDelayOfOneTickLastsOneToTwoTicks() {
    for (int hz : new int[] {100, 250, 1000}) {
      long tickNs = 1_000_000_000L / hz;
      for (long phaseNs : new long[] {0, 1, tickNs / 2, tickNs - 1}) {
        useHz(hz);
        log.clear();
        DelayedWork work = new DelayedWork("d", x -> log.add("" + x.nowNs()));
        long fromNs = 10 * tickNs + phaseNs;
        machine
            .events()
            .schedule(
                fromNs,
                arg ->
                    machine
                        .cpu(0)
                        .raiseIrq(
                            1,
                            x -> machine.workqueues().queueDelayedOn(x, x.cpu(), queue, work, 1)),
                0);
        machine.runToIdle();
        // Armed in tick 10 for tick 11, rounded up to 12; then the worker's wake-up.
        assertEquals(List.of("" + (12 * tickNs + WAKEUP_NS)), log);
      }
    }
  }

  @Test
  void disabledWorkIsNotQueuedAndItsTimerIsCancelled() {
    DelayedWork work = new DelayedWork("d", x -> log.add("d"));
    Workqueues queues = machine.workqueues();
    assertTrue(queues.queueDelayedOn(null, machine.cpu(0), queue, work, 5));
    assertTrue(queues.disable(work));
    assertFalse(queues.queueDelayedOn(null, machine.cpu(0), queue, work, 5));
    assertFalse(queues.modDelayedOn(null, machine.cpu(0), queue, work, 0));
    queues.enable(work);
    machine.runToIdle();
    assertEquals(List.of(), log);
  }

  @Test
  void aKthreadWorkerOfFifoRunsAheadOfABusyTask() {
    Step busy =
        x -> {
          x.charge(1_000_000);
          x.then(y -> log.add("busy@" + y.nowNs()));
        };
    machine.spawn("busy", CpuMask.of(0), busy);
    KthreadWorker worker = new KthreadWorker(machine, "rt/0", CpuMask.of(0));
    worker.task().withFifo(50);
    KthreadWorker.Item item = new KthreadWorker.Item("i", x -> log.add("item@" + x.nowNs()));
    machine
        .events()
        .schedule(100_000, arg -> machine.cpu(0).raiseIrq(1, x -> worker.queue(x, item)), 0);
    machine.runToIdle();
    assertEquals(List.of("item@100000", "busy@1006000"), log);
  }

  @Test
  void itemsBeyondTheActiveLimitWaitForOneToEnd() {
    queue = machine.workqueues().alloc("limited", 1, EnumSet.of(Workqueue.Flag.UNBOUND));
    for (String name : List.of("a", "b")) {
      queueAt(
          0,
          new Work(
              name,
              x -> {
                log.add(name + "@" + x.nowNs());
                x.machine().timers().sleep(x, 100_000);
              }));
    }
    machine.runToIdle();
    // a sleeps until 106_000 and is on its CPU again at 112_000; its worker goes on with b.
    assertEquals(List.of("a@6000", "b@112000"), log);
  }

  @Test
  void anItemThatComputesTooLongNoLongerHoldsTheOthersUp() {
    queueAt(0, work("hog", 50_000_000));
    queueAt(1_000, work("b", 0));
    machine.runToIdle();
    // Found out 10 ms after b began to wait, at 10_001_000; a second worker is created by
    // 10_031_000 and, the CPU being busy with the hog, placed beside it by the fair class.
    assertEquals("hog@6000", log.get(0));
    long beganNs = Long.parseLong(log.get(1).substring(2));
    assertTrue(beganNs > 10_031_000 && beganNs < 50_006_000, log.toString());
  }

  @Test
  void aRescuerRunsWhatWaitsForAWorkerThatCannotBeCreated() {
    machine =
        new Machine(
            MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_CREATE, 1_000_000_000),
            1,
            new Trace());
    queue =
        machine
            .workqueues()
            .alloc("safe", Workqueue.ACTIVE_DEFAULT, EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    queueAt(
        0,
        new Work(
            "sleeper",
            x -> {
              log.add("sleeper@" + x.nowNs());
              x.machine().timers().sleep(x, 500_000_000);
            }));
    queueAt(1_000, work("b", 0));
    machine.runToIdle();
    // The only worker sleeps from 0; b needs another at 1_000; 10 ms later the rescuer is called.
    assertEquals(List.of("sleeper@0", "b@10001000"), log);
  }
}
