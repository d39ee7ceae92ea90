package sim.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.check.Rule;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;
import sim.kernel.wait.WaitQueue;

class CpuTest {
  private final List<String> log = new ArrayList<>();

  private static Machine machine(int cpus, PreemptModel preempt, int hz) {
    return new Machine(
        MachineProfile.ofCpus(cpus).withoutCosts().with(new KernelBuild(preempt, false, false, hz)),
        1,
        new Trace());
  }

  private Step mark(String name) {
    return x -> log.add(name + "@" + x.nowNs());
  }

  private Step busy(String name, long ns, int times) {
    return new Step() {
      private int left = times;

      @Override
      public void run(Exec x) {
        log.add(name + "@" + x.nowNs());
        if (--left > 0) {
          x.then(this);
        }
        x.charge(ns);
      }
    };
  }

  @Test
  void whatFollowsRunsWhenTheChargeHasElapsed() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.then(mark("caller"));
          x.then(mark("callee"));
          x.charge(70);
          x.charge(30);
        });
    machine.runToIdle();
    assertEquals(List.of("callee@100", "caller@100"), log);
    assertEquals(100, machine.cpu(0).timeNs(CpuTime.SYSTEM));
  }

  @Test
  void anInterruptStealsItsTimeFromTheStepItMeets() {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(1)
                .withoutCosts()
                .with(Cost.HARDIRQ_ENTRY, 300)
                .with(Cost.HARDIRQ_EXIT, 200),
            1,
            new Trace());
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.then(mark("end"));
          x.charge(10_000);
        });
    machine.events().schedule(4_000, arg -> machine.cpu(0).raiseIrq(7, irq(1_000)), 0);
    machine.runToIdle();
    // Entry 300: handler at 4_300; handler 1_000 and exit 200 delay the step's end by 1_500.
    assertEquals(List.of("irq@4300", "end@11500"), log);
    assertEquals(1_500, machine.cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(10_000, machine.cpu(0).timeNs(CpuTime.SYSTEM));
  }

  private Step irq(long ns) {
    return x -> {
      log.add("irq@" + x.nowNs());
      x.charge(ns);
    };
  }

  @Test
  void interruptsWaitWhileTheyAreDisabled() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.irqDisable();
          x.charge(5_000);
          x.then(
              y -> {
                y.irqEnable();
                y.charge(1_000);
                y.then(mark("end"));
              });
        });
    machine.events().schedule(2_000, arg -> machine.cpu(0).raiseIrq(7, irq(100)), 0);
    machine.runToIdle();
    // Enabled at 5_000: the interrupt comes before that step's own charge, which ends at 6_100.
    assertEquals(List.of("irq@5000", "end@6100"), log);
  }

  @Test
  void aStepWithInterruptsOffIsNotInterruptedButTheNextIs() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.irqsOff();
          x.charge(5_000);
          x.then(mark("next"));
        });
    machine.events().schedule(2_000, arg -> machine.cpu(0).raiseIrq(7, irq(100)), 0);
    machine.runToIdle();
    assertEquals(List.of("irq@5000", "next@5100"), log);
  }

  @Test
  void aSoftirqRunsAfterItsInterruptAndBeforeTheTask() {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(1).withoutCosts().with(Cost.SOFTIRQ_ENTRY, 300), 1, new Trace());
    machine.openSoftirq(
        Softirq.BLOCK,
        x -> {
          log.add(x.context() + "@" + x.nowNs());
          x.charge(50);
        });
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.charge(1_000);
          x.then(mark("end"));
        });
    machine
        .events()
        .schedule(
            400,
            arg ->
                machine
                    .cpu(0)
                    .raiseIrq(
                        7,
                        x -> {
                          x.cpu().raiseSoftirq(Softirq.BLOCK);
                          x.charge(100);
                        }),
            0);
    machine.runToIdle();
    // Handler 400 to 500, softirq entry to 800, softirq to 850, the task's other 600 to 1_450.
    assertEquals(List.of("SOFTIRQ@800", "end@1450"), log);
  }

  @Test
  void softirqsThatKeepComingAreHandedToKsoftirqd() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.openSoftirq(
        Softirq.BLOCK,
        x -> {
          log.add((x.task() == null ? "idle" : x.task().name()) + "/" + x.context());
          if (log.size() < 12) {
            x.cpu().raiseSoftirq(Softirq.BLOCK);
          }
          x.charge(10);
        });
    machine
        .events()
        .schedule(
            0, arg -> machine.cpu(0).raiseIrq(7, x -> x.cpu().raiseSoftirq(Softirq.BLOCK)), 0);
    machine.runToIdle();
    // Ten rounds on interrupt exit, the rest in the daemon, where it is still softirq context.
    assertEquals("idle/SOFTIRQ", log.get(9));
    assertEquals("ksoftirqd/0/SOFTIRQ", log.get(10));
    assertEquals(12, log.size());
    assertEquals(120, machine.cpu(0).timeNs(CpuTime.SOFTIRQ));
  }

  private void logWhoServesBlock(Machine machine) {
    machine.openSoftirq(
        Softirq.BLOCK,
        x -> log.add((x.task() == null ? "idle" : x.task().name()) + "@" + x.nowNs()));
  }

  @Test
  void whatATaskRaisesIsKsoftirqdsUnlessAnInterruptComesFirst() {
    Machine machine = machine(1, PreemptModel.NONE, 250);
    logWhoServesBlock(machine);
    Step raise =
        x -> {
          x.cpu().raiseSoftirq(Softirq.BLOCK);
          x.charge(1_000);
        };
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.then(raise);
          x.then(y -> machine.timers().sleep(y, 100));
          x.then(raise);
        });
    machine.events().schedule(1_400, arg -> machine.cpu(0).raiseIrq(7, irq(100)), 0);
    machine.runToIdle();
    // Raised at 0, served when the task sleeps at 1_000; raised again at 1_100, served behind the
    // interrupt of 1_400 to 1_500 although ksoftirqd has been woken.
    assertEquals(List.of("ksoftirqd/0@1000", "irq@1400", "t@1500"), log);
  }

  @Test
  void aSecondRoundIsKsoftirqdsIfATaskWaits() {
    Machine machine = machine(1, PreemptModel.NONE, 250);
    WaitQueue queue = new WaitQueue();
    machine.openSoftirq(Softirq.TASKLET, queue::wakeOne);
    machine.openSoftirq(
        Softirq.BLOCK,
        x -> {
          log.add((x.task() == null ? "idle" : x.task().name()) + "@" + x.nowNs());
          if (log.size() == 1) {
            x.cpu().raiseSoftirq(Softirq.BLOCK);
            x.cpu().raiseSoftirq(Softirq.TASKLET);
          }
        });
    Step interrupt = x -> x.cpu().raiseSoftirq(Softirq.BLOCK);
    machine.events().schedule(500, arg -> machine.cpu(0).raiseIrq(7, interrupt), 0);
    machine.runToIdle();
    // Nobody waits: two rounds in the idle CPU's interrupt.
    assertEquals(List.of("idle@500", "idle@500"), log);

    log.clear();
    machine.spawn("sleeper", CpuMask.of(0), queue::sleep);
    Step wake =
        x -> {
          x.cpu().raiseSoftirq(Softirq.BLOCK);
          x.cpu().raiseSoftirq(Softirq.TASKLET);
        };
    machine.events().schedule(1_000, arg -> machine.cpu(0).raiseIrq(7, wake), 0);
    machine.runToIdle();
    // The first round wakes the sleeper: the second is left to ksoftirqd.
    assertEquals(List.of("idle@1000", "ksoftirqd/0@1000"), log);
  }

  @Test
  void aFifoTaskRunsAheadOfABusyFairTask() {
    assertEquals(List.of("fair@0", "fifo@1500", "fair@11000"), wakeFifoAt1000(PreemptModel.FULL));
    log.clear();
    assertEquals(List.of("fair@0", "fifo@1500", "fair@11000"), wakeFifoAt1000(PreemptModel.LAZY));
  }

  @Test
  void withoutPreemptionAFifoTaskWaitsForASchedulingPoint() {
    assertEquals(List.of("fair@0", "fair@10000", "fifo@20000"), wakeFifoAt1000(PreemptModel.NONE));
  }

  /** A fair task of two 10 us steps; at 1_000 a FIFO task of 1 us wakes; an IPI takes 500 ns. */
  private List<String> wakeFifoAt1000(PreemptModel preempt) {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(1)
                .withoutCosts()
                .with(Cost.IPI, 500)
                .with(new KernelBuild(preempt, false, false, 250)),
            1,
            new Trace());
    machine.spawn("fair", CpuMask.of(0), busy("fair", 10_000, 2));
    Task fifo = machine.newTask("fifo", true, CpuMask.of(0)).withFifo(50);
    fifo.then(busy("fifo", 1_000, 1));
    machine.events().schedule(1_000, arg -> fifo.wake(), 0);
    machine.runToIdle();
    return log;
  }

  @Test
  void aFairWakeUpUnderLazyPreemptionWaitsForTheTick() {
    Machine machine = machine(1, PreemptModel.LAZY, 1000);
    machine.spawn("busy", CpuMask.of(0), busy("busy", 5_000_000, 1));
    Task woken = machine.newTask("woken", false, CpuMask.of(0)).withNice(-20);
    woken.then(busy("woken", 1_000, 1));
    machine.events().schedule(1_300_000, arg -> woken.wake(), 0);
    machine.runToIdle();
    // It preempts by deadline, but lazily: the tick at 2 ms asks again, and that one is obeyed.
    assertEquals(List.of("busy@0", "woken@2000000"), log);
  }

  @Test
  void condReschedIsASchedulingPointWithoutPreemption() {
    Machine machine = machine(1, PreemptModel.NONE, 250);
    machine.spawn(
        "fair",
        CpuMask.of(0),
        x -> {
          x.charge(10_000);
          x.condResched();
          x.then(mark("fair"));
        });
    Task fifo = machine.newTask("fifo", true, CpuMask.of(0)).withFifo(1);
    fifo.then(busy("fifo", 1_000, 1));
    machine.events().schedule(1_000, arg -> fifo.wake(), 0);
    machine.runToIdle();
    assertEquals(List.of("fifo@10000", "fair@11000"), log);
  }

  @Test
  void fairTasksShareByWeight() {
    Machine machine = machine(1, PreemptModel.FULL, 1000);
    machine.spawn("a", CpuMask.of(0), busy("a", 100_000, 100_000));
    Task light = machine.newTask("b", false, CpuMask.of(0)).withNice(5);
    light.then(busy("b", 100_000, 100_000));
    light.wake();
    machine.runUntil(4_000_000_000L);
    long a = log.stream().filter(entry -> entry.startsWith("a")).count();
    long b = log.size() - a;
    // Weights 1024 and 335: 75.3 % and 24.7 % of 4 s.
    assertEquals(0.753, (double) a / (a + b), 0.01);
  }

  @Test
  void aTaskThatIsWokenBeforeItBlocksDoesNotSleep() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    Task[] self = new Task[1];
    self[0] =
        machine.spawn(
            "t",
            CpuMask.of(0),
            x -> {
              x.charge(1_000);
              x.block();
              x.then(mark("on"));
            });
    machine.events().schedule(500, arg -> self[0].wake(), 0);
    machine.runToIdle();
    assertEquals(List.of("on@1000"), log);
  }

  @Test
  void aWokenTaskGoesToAnIdleCpuOfItsCacheFirst() {
    Machine machine =
        new Machine(MachineProfile.ofCpus(4).withoutCosts().withCpusPerCache(2), 1, new Trace());
    machine.spawn("busy", CpuMask.of(1), busy("busy", 1_000_000, 1));
    Task task = machine.newTask("t", false, CpuMask.of(0, 1, 2, 3));
    task.then(
        x -> {
          log.add("first on " + x.cpu().id());
          x.then(y -> log.add("then on " + y.cpu().id()));
          x.machine().timers().sleep(x, 50_000);
        });
    machine.events().schedule(10_000, arg -> task.wake(), 0);
    machine
        .events()
        .schedule(
            20_000, arg -> machine.spawn("other", CpuMask.of(0), busy("other", 1_000_000, 1)), 0);
    machine.runToIdle();
    assertEquals(List.of("busy@0", "first on 0", "other@20000", "then on 2"), log);
  }

  @Test
  void anIdleCpuIsSentForATaskThatWaitsBesideAPinnedOne() {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(2)
                .withoutCosts()
                .with(Cost.IPI, 1_500)
                .with(new KernelBuild(PreemptModel.FULL, true, false, 1000)),
            1,
            new Trace());
    // Both begin on CPU 0, as neither has run yet; CPU 1 is never busy, so it never comes to idle.
    machine.spawn("free", CpuMask.of(0, 1), busy("free", 1_000_000, 10));
    machine.spawn("pinned", CpuMask.of(0), busy("pinned", 1_000_000, 10));
    machine.spawn("end", CpuMask.of(1), x -> {});
    machine.runToIdle();
    // The tick at 3 ms finds that free has used its 2.8 ms; pinned follows. The tick at 4 ms finds
    // free waiting and CPU 1 idle, which comes 1.5 us later. From there each has a CPU for itself.
    assertEquals(
        List.of(
            "free@0",
            "free@1000000",
            "free@2000000",
            "pinned@3000000",
            "pinned@4000000",
            "free@4001500",
            "pinned@5000000",
            "free@5001500"),
        log.subList(0, 8));
    assertEquals(13_000_000, machine.nowNs());
  }

  @Test
  void idleTimeIsNobodys() {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_WAKEUP, 6_000),
            1,
            new Trace());
    machine.spawn("t", CpuMask.of(0), mark("run"));
    machine.runToIdle();
    assertEquals(List.of("run@6000"), log);
  }

  @Test
  void aCpuAtRestLeavesItsIdleStateForAnotherCpusWakeUpOnly() {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(2)
                .withoutCosts()
                .with(Cost.WORKER_WAKEUP, 6_000)
                .with(Cost.IDLE_EXIT, 30_000),
            1,
            new Trace());
    WaitQueue queue = new WaitQueue();
    machine.spawn(
        "sleeper",
        CpuMask.of(1),
        x -> {
          x.then(mark("again"));
          x.then(queue::sleep);
          x.then(mark("woken"));
          x.then(queue::sleep);
        });
    // From CPU 0 at 136 us, 100 us after its own exit and wake-up: 36 us. From an interrupt on CPU
    // 1, which is awake for it, at 200 us: 6 us.
    machine.spawn(
        "waker",
        CpuMask.of(0),
        x -> {
          x.then(queue::wakeOne);
          x.charge(100_000);
        });
    IrqAction irq = machine.requestIrq(1, "device", machine.cpu(1));
    machine.events().schedule(200_000, arg -> irq.raise(queue::wakeOne), 0);
    machine.runToIdle();
    assertEquals(List.of("woken@172000", "again@206000"), log);
  }

  @Test
  void aTaskIsWokenOnTheCpuOfTheInterruptIfItsOwnHasHalted() {
    // 6 us on CPU 1, which is awake; its own would take 36 us. Without an exit to pay, it goes
    // home.
    assertEquals(List.of("woken@206000 cpu1"), wokenByInterrupt(30_000));
    log.clear();
    assertEquals(List.of("woken@206000 cpu0"), wokenByInterrupt(0));
  }

  private List<String> wokenByInterrupt(long idleExitNs) {
    Machine machine =
        new Machine(
            MachineProfile.ofCpus(2)
                .withoutCosts()
                .with(Cost.WORKER_WAKEUP, 6_000)
                .with(Cost.IDLE_EXIT, idleExitNs),
            1,
            new Trace());
    WaitQueue queue = new WaitQueue();
    machine.spawn(
        "sleeper",
        CpuMask.of(0, 1),
        x -> {
          x.then(end -> log.add("woken@" + end.nowNs() + " cpu" + end.cpu().id()));
          x.then(queue::sleep);
        });
    IrqAction irq = machine.requestIrq(1, "device", machine.cpu(1));
    machine.events().schedule(200_000, arg -> irq.raise(queue::wakeOne), 0);
    machine.runToIdle();
    return log;
  }

  @Test
  void sleepingWithPreemptionDisabledIsReported() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.preemptDisable();
          x.mightSleep();
          x.then(Exec::preemptEnable);
        });
    machine.runToIdle();
    assertEquals(Rule.SLEEP_IN_ATOMIC, machine.checker().complaints().get(0).rule());
    assertEquals(1, machine.checker().count());
  }

  @Test
  void aLoopThatChargesNoTimeIsStopped() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    Step[] loop = new Step[1];
    loop[0] = x -> x.then(loop[0]);
    machine.spawn("t", CpuMask.of(0), loop[0]);
    assertThrows(IllegalStateException.class, machine::runToIdle);
  }

  @Test
  void runUntilStopsTheClockInsideACharge() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine.spawn("t", CpuMask.of(0), busy("t", 1_000, 3));
    machine.runUntil(1_500);
    assertEquals(1_500, machine.nowNs());
    assertEquals(List.of("t@0", "t@1000"), log);
    machine.runToIdle();
    assertEquals(List.of("t@0", "t@1000", "t@2000"), log);
    assertEquals(3_000, machine.nowNs());
  }

  @Test
  void aBoundMayActAsATaskInsideAnInterrupt() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    machine
        .cpu(0)
        .raiseIrq(
            1,
            x -> {
              x.beginAsTask();
              log.add(x.context() + " " + x.inAtomic());
              x.endAsTask();
              log.add(x.context() + " " + x.inAtomic());
            });
    machine.runToIdle();
    assertEquals(List.of("TASK false", "HARDIRQ true"), log);
  }

  @Test
  void anIdealTaskRunsAtOnceOnNoCpuAndTakesNoTime() {
    Machine machine = machine(1, PreemptModel.NONE, 250);
    machine.spawn("busy", CpuMask.of(0), busy("busy", 1_000_000, 1));
    Task ideal = machine.newIdealTask("ideal");
    WaitQueue queue = new WaitQueue();
    Step body =
        x -> {
          x.charge(700);
          x.then(mark("woken"));
          x.then(queue::sleep);
          x.then(mark("begun"));
        };
    machine.events().schedule(500, arg -> ideal.runIdeally(machine.cpu(0), body), 0);
    machine.events().schedule(900, arg -> queue.wakeAll(null), 0);
    machine.runToIdle();
    assertEquals(List.of("busy@0", "begun@500", "woken@900"), log);
    assertEquals(1_000_000, machine.nowNs());
    assertEquals(1_000_000, machine.cpu(0).timeNs(CpuTime.SYSTEM));
  }

  @Test
  void theFairServerEndsStarvationAfter950Ms() {
    Machine machine = machine(1, PreemptModel.FULL, 1000);
    Task fifo = machine.newTask("fifo", true, CpuMask.of(0)).withFifo(50);
    fifo.then(busy("fifo", 2_000_000_000L, 1));
    fifo.wake();
    machine.events().schedule(10, arg -> machine.spawn("fair", CpuMask.of(0), mark("fair")), 0);
    machine.runToIdle();
    // The fair task waits from 10 ns; the first tick at or after 950 ms + 10 ns is at 951 ms.
    assertEquals(List.of("fifo@0", "fair@951000000"), log);
  }

  @Test
  void aTaskThatWaitsFor120SecondsIsReportedOnce() {
    Machine machine = machine(1, PreemptModel.FULL, 250);
    WaitQueue queue = new WaitQueue();
    machine.spawn("stuck", CpuMask.of(0), queue::sleep);
    machine.spawn("idle", CpuMask.of(0), Exec::block);
    machine.runUntil(120_000_000_000L);
    assertEquals(0, machine.checker().count());
    machine.runUntil(1_000_000_000_000L);
    assertEquals(Rule.HUNG_TASK, machine.checker().complaints().get(0).rule());
    assertEquals(1, machine.checker().count());
  }
}
