package sim.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sim.kernel.check.Rule;
import sim.kernel.lock.LocalLock;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.Mutex;
import sim.kernel.lock.RawSpinLock;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.Cost;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.time.Timer;
import sim.kernel.trace.Trace;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/** PREEMPT_RT: interrupt threads, softirqs in threads, locks that sleep and lend priority. */
class PreemptRtTest {
  private final List<String> log = new ArrayList<>();
  private Machine machine = machine(2, PreemptModel.RT);

  private static Machine machine(int cpus, PreemptModel preempt) {
    KernelBuild build = new KernelBuild(preempt, false, false, 1000);
    return new Machine(MachineProfile.ofCpus(cpus).withoutCosts().with(build), 1, new Trace());
  }

  private void at(long timeNs, Runnable what) {
    machine.events().schedule(timeNs, arg -> what.run(), 0);
  }

  private Step mark(String name, long ns) {
    return x -> {
      log.add(name + "@" + x.nowNs());
      x.charge(ns);
    };
  }

  private Task task(String name, int fifo, Step... steps) {
    Task task = machine.newTask(name, false, CpuMask.of(0));
    if (fifo > 0) {
      task.withFifo(fifo);
    }
    for (int i = steps.length - 1; i >= 0; i--) {
      task.then(steps[i]);
    }
    return task;
  }

  private List<Rule> rules() {
    return machine.checker().complaints().stream().map(complaint -> complaint.rule()).toList();
  }

  // --- interrupts -------------------------------------------------------------------------------

  @Test
  void aDevicesHandlerRunsInItsThreadAboveFifo49AndBelowFifo51() {
    // Nothing costs time but the handler: it begins at once, and the other's step goes on after it.
    assertEquals(List.of("t@0", "irq@2000", "end@11000"), interruptAt2000(49));
    assertEquals(List.of("t@0", "end@10000", "irq@10000"), interruptAt2000(51));
  }

  private List<String> interruptAt2000(int fifo) {
    log.clear();
    machine = machine(1, PreemptModel.RT);
    task("t", fifo, mark("t", 10_000), mark("end", 0)).wake();
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(0));
    at(2_000, () -> irq.raise(mark("irq", 1_000)));
    machine.runToIdle();
    assertEquals(0, machine.cpu(0).timeNs(CpuTime.HARDIRQ));
    assertEquals(1_000, machine.cpu(0).timeNs(CpuTime.WORKER));
    return List.copyOf(log);
  }

  @Test
  void theHardInterruptTakesItsPrimaryHandlerOnly() {
    machine =
        new Machine(
            MachineProfile.ofCpus(1)
                .withoutCosts()
                .with(Cost.HARDIRQ_ENTRY, 300)
                .with(Cost.HARDIRQ_EXIT, 200)
                .with(Cost.WAKE, 150)
                .with(Cost.CONTEXT_SWITCH, 1_300)
                .with(new KernelBuild(PreemptModel.RT, false, false, 250)),
            1,
            new Trace());
    task("t", 0, mark("t", 10_000), mark("end", 0)).wake();
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(0));
    at(4_000, () -> irq.raise(mark("irq", 1_000)));
    machine.runToIdle();
    // 300 entry, 150 to wake the thread, 200 exit, 1_300 to switch: handler at 4_000 + 1_950.
    // Then 1_000 of it and 1_300 to switch back: the task's step ends 4_250 later than at 10_000.
    assertEquals(List.of("t@0", "irq@5950", "end@14250"), log);
    assertEquals(650, machine.cpu(0).timeNs(CpuTime.HARDIRQ));
  }

  @Test
  void theThreadFollowsItsInterruptToTheCpuThatTakesIt() {
    machine =
        new Machine(
            MachineProfile.ofCpus(3)
                .withoutCosts()
                .with(Cost.HOTPLUG_CALLBACK, 20_000)
                .with(new KernelBuild(PreemptModel.RT, false, false, 1000)),
            1,
            new Trace());
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(1));
    Step where = x -> log.add("CPU " + x.cpu().id() + "@" + x.nowNs());
    irq.raise(where);
    at(0, () -> machine.spawn("control", CpuMask.of(2), x -> machine.hotplug().down(x, 1, -1)));
    // CPU 1 has left the scheduler and still takes interrupts: its thread runs elsewhere.
    at(10_000, () -> irq.raise(where));
    machine.runUntil(500_000);
    assertTrue(!machine.cpu(1).isOnline(), "offline");
    // CPU 0 takes it now, and has the thread come, though it is busy and CPU 2 is not.
    task("busy", 0, x -> x.chargeUser(10_000_000)).wake();
    task("waits", 0, x -> x.chargeUser(10_000_000)).wake();
    irq.raise(where);
    machine.runUntil(600_000);
    assertEquals(List.of("CPU 1@0", "CPU 0@10000", "CPU 0@500000"), log);
  }

  @Test
  void theThreadRunsOnACpuThatComesUpOnceThatTakesTheInterrupt() {
    machine =
        new Machine(
            MachineProfile.ofCpus(2)
                .withoutCosts()
                .with(Cost.HOTPLUG_CALLBACK, 20_000)
                .with(new KernelBuild(PreemptModel.RT, false, false, 1000)),
            1,
            new Trace());
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(1));
    Step where = x -> log.add("CPU " + x.cpu().id() + " active " + machine.cpu(1).isActive());
    machine.spawn("down", CpuMask.of(0), x -> machine.hotplug().down(x, 1, -1));
    at(1_000_000, () -> machine.spawn("up", CpuMask.of(0), x -> machine.hotplug().up(x, 1, -1)));
    // sched:waitempty takes until 1_020_000, irq/affinity:online the next 20_000.
    at(1_010_000, () -> irq.raise(where));
    at(1_030_000, () -> irq.raise(where));
    machine.runToIdle();
    assertEquals(List.of("CPU 0 active false", "CPU 1 active false"), log);
  }

  // --- softirqs ---------------------------------------------------------------------------------

  @Test
  void aSoftirqRunsInTheThreadThatRaisedItOrInKsoftirqd() {
    machine.openSoftirq(
        Softirq.BLOCK, x -> log.add(x.task().name() + " " + x.context() + "@" + x.nowNs()));
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(0));
    irq.raise(
        x -> {
          x.cpu().raiseSoftirq(Softirq.BLOCK);
          x.charge(500);
        });
    machine.runToIdle();
    at(1_000, () -> machine.cpu(0).raiseIrq(1, x -> x.cpu().raiseSoftirq(Softirq.BLOCK)));
    machine.runToIdle();
    assertEquals(List.of("irq/9-dev SOFTIRQ@500", "ksoftirqd/0 SOFTIRQ@1000"), log);
  }

  @Test
  void aTimerRunsInKtimersAheadOfABusyFairTaskAndBehindAFifoOne() {
    Timer timer = new Timer(x -> log.add(x.task() + " " + x.context() + "@" + x.nowNs()));
    task("fair", 0, mark("fair", 5_000_000)).wake();
    machine.timers().arm(timer, machine.cpu(0), 0);
    machine.runToIdle();
    assertEquals(List.of("fair@0", "ktimers/0-2 SOFTIRQ@1000000"), log);
    log.clear();
    task("fifo", 2, mark("fifo", 5_000_000)).wake();
    machine.timers().arm(timer, machine.cpu(0), 0);
    machine.runToIdle();
    assertEquals(List.of("fifo@5000000", "ktimers/0-2 SOFTIRQ@10000000"), log);
  }

  @Test
  void anExactSleepOfAFairTaskEndsInKtimersAndOfAFifoTaskInTheInterrupt() {
    Step sleep = x -> machine.timers().sleep(x, 10_000);
    Task fair = task("fair", 0, sleep, mark("fair", 0));
    fair.setAffinity(CpuMask.of(0, 1));
    fair.wake();
    Task fifo = task("fifo", 1, sleep, mark("fifo", 0));
    fifo.setAffinity(CpuMask.of(1));
    fifo.wake();
    // Busy from 5_000 on, and ahead of ktimers/0, which is of priority 1; CPU 1 is free for both.
    at(5_000, () -> task("busy", 2, mark("busy", 15_000)).wake());
    machine.runToIdle();
    assertEquals(List.of("busy@5000", "fifo@10000", "fair@20000"), log);
  }

  @Test
  void anInterruptThreadWaitsForKsoftirqdAndLendsItItsPriority() {
    machine.openSoftirq(Softirq.BLOCK, mark("softirq", 4_000));
    IrqAction irq = machine.requestIrq(9, "dev", machine.cpu(0));
    at(0, () -> machine.cpu(0).raiseIrq(1, x -> x.cpu().raiseSoftirq(Softirq.BLOCK)));
    // While ksoftirqd serves: a FIFO task takes the CPU from it, then the interrupt's thread comes.
    at(1_000, () -> task("fifo", 20, mark("fifo", 10_000), mark("end", 0)).wake());
    at(2_000, () -> irq.raise(mark("irq", 0)));
    machine.runToIdle();
    // The thread's 50 makes ksoftirqd go on at 2_000, with 3_000 left; the FIFO task has 9_000
    // left.
    assertEquals(List.of("softirq@0", "fifo@1000", "irq@5000", "end@14000"), log);
    assertEquals(List.of(), rules());
  }

  // --- locks ------------------------------------------------------------------------------------

  private Step locking(SpinLock lock, String name, long holdNs) {
    return x -> {
      x.then(lock::unlock);
      x.then(mark(name, holdNs));
      lock.lock(x);
    };
  }

  @Test
  void theOwnerOfASpinlockInheritsThePriorityOfItsHighestWaiter() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    Task owner = task("owner", 0, locking(lock, "owner", 4_000), mark("done", 0));
    owner.wake();
    at(1_000, () -> task("middle", 10, mark("middle", 20_000)).wake());
    at(2_000, () -> task("high", 30, locking(lock, "high", 1_000)).wake());
    at(2_500, () -> assertEquals(30, owner.fifoPriority()));
    machine.runToIdle();
    // Without inheritance the middle one would keep the owner, and so the high one, from the CPU.
    // The owner has had 1_000 of its 4_000; it goes on at 2_000 and unlocks at 5_000.
    assertEquals(List.of("owner@0", "middle@1000", "high@5000", "done@25000"), log);
    assertEquals(0, owner.fifoPriority());
    assertEquals(List.of(), rules());
  }

  @Test
  void withoutRtASpinningWaiterKeepsItsCpu() {
    // What the two before are not: on FULL the owner can't be preempted, nor lent anything.
    machine = machine(2, PreemptModel.FULL);
    SpinLock lock = new SpinLock(new LockClass("a"));
    task("owner", 0, locking(lock, "owner", 4_000)).wake();
    at(1_000, () -> task("high", 30, mark("high", 0)).wake());
    machine.runToIdle();
    assertEquals(List.of("owner@0", "high@4000"), log);
  }

  @Test
  void priorityIsLentAlongAChainOfLocks() {
    SpinLock a = new SpinLock(new LockClass("a"));
    Mutex m = new Mutex(new LockClass("m"));
    Task last = task("last", 0, locking(a, "last", 4_000));
    Task between =
        task(
            "between",
            0,
            x -> {
              x.then(m::unlock);
              x.then(locking(a, "between", 1_000));
              m.lock(x);
            });
    last.wake();
    at(500, () -> between.setAffinity(CpuMask.of(1)));
    at(500, between::wake);
    Task high =
        task(
            "high",
            40,
            x -> {
              x.then(m::unlock);
              x.then(mark("high", 0));
              m.lock(x);
            });
    at(1_000, high::wake);
    at(1_500, () -> log.add(between.fifoPriority() + " " + last.fifoPriority()));
    machine.runToIdle();
    assertEquals(List.of("last@0", "40 40", "between@4000", "high@5000"), log);
    assertEquals("0 0", between.fifoPriority() + " " + last.fifoPriority());
  }

  @Test
  void theHighestWaiterGetsALockFirst() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    task("owner", 90, locking(lock, "owner", 4_000)).wake();
    int[] priorities = {0, 5, 0, 7};
    for (int i = 0; i < priorities.length; i++) {
      String name = "t" + priorities[i] + "." + i;
      Task waiter = task(name, priorities[i], locking(lock, name, 10));
      waiter.setAffinity(CpuMask.of(1));
      at(i + 1, waiter::wake);
    }
    machine.runToIdle();
    assertEquals(List.of("owner@0", "t7.3@4000", "t5.1@4010", "t0.0@4020", "t0.2@4030"), log);
  }

  @Test
  void nobodyElsesWakeUpEndsTheWaitForALock() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    task("owner", 0, locking(lock, "owner", 4_000)).wake();
    Task waiter = task("waiter", 0, locking(lock, "waiter", 0));
    waiter.setAffinity(CpuMask.of(1));
    at(1_000, waiter::wake);
    at(2_000, waiter::wake);
    machine.runToIdle();
    assertEquals(List.of("owner@0", "waiter@4000"), log);
  }

  @Test
  void aWorkerThatWaitsForASpinlockHoldsItsPoolUpAndOneThatWaitsForAMutexDoesNot() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    task("spin", 0, locking(lock, "spin", 4_000)).wake();
    Mutex mutex = new Mutex(new LockClass("m"));
    Task owner = task("mutex", 0, mutex::lock, mark("mutex", 14_000), mutex::unlock);
    owner.wake();
    at(1_000, () -> queueTwo(locking(lock, "first", 0)));
    at(
        10_000,
        () ->
            queueTwo(
                x -> {
                  x.then(mutex::unlock);
                  x.then(mark("first", 0));
                  mutex.lock(x);
                }));
    machine.runToIdle();
    // CPU 0 is the tasks': spin from 0 to 4_000, then mutex to 18_000. CPU 1 is the workers'.
    assertEquals(
        List.of("spin@0", "mutex@4000", "first@4000", "second@4000", "second@10000", "first@18000"),
        log);
  }

  private void queueTwo(Step first) {
    Workqueue queue =
        machine.workqueues().alloc("q" + log.size(), Workqueue.ACTIVE_DEFAULT, Set.of());
    machine.workqueues().queueOn(null, machine.cpu(1), queue, new Work("first", first));
    machine
        .workqueues()
        .queueOn(null, machine.cpu(1), queue, new Work("second", mark("second", 0)));
  }

  @Test
  void irqsaveLeavesInterruptsAloneAndARawLockDoesNot() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    RawSpinLock raw = new RawSpinLock(new LockClass("b"));
    task("t", 0, x -> lock.sectionIrqSave(x, 5_000), raw::lockIrqSave, mark("raw", 5_000)).wake();
    at(1_000, () -> machine.cpu(0).raiseIrq(1, mark("irq", 0)));
    at(6_000, () -> machine.cpu(0).raiseIrq(1, mark("irq", 0)));
    machine.runUntil(9_000);
    assertEquals(List.of("irq@1000", "raw@5000"), log);
  }

  @Test
  void aSleepingLockMayNotBeTakenInAHardInterruptNorUnderARawLockNorWithInterruptsOff() {
    SpinLock spin = new SpinLock(new LockClass("a"));
    LocalLock local = new LocalLock(new LockClass("l"));
    RawSpinLock raw = new RawSpinLock(new LockClass("b"));
    machine.cpu(0).raiseIrq(1, x -> local.section(x, 10));
    machine.runToIdle();
    assertComplaint("l, which sleeps on PREEMPT_RT", ExecContext.HARDIRQ);
    task("t", 0, raw::lock, spin::lock, spin::unlock, raw::unlock).wake();
    machine.runToIdle();
    assertComplaint("a, which sleeps on PREEMPT_RT", ExecContext.TASK);
    task("t", 0, Exec::irqDisable, x -> spin.section(x, 10), Exec::irqEnable).wake();
    machine.runToIdle();
    assertComplaint("a, which sleeps on PREEMPT_RT", ExecContext.TASK);
    assertEquals(3, machine.checker().count());
  }

  @Test
  void aLocalLockThatIsHeldOverStepsIsASleepingLockOfItsCpu() {
    LocalLock local = new LocalLock(new LockClass("l"));
    task("a", 0, local::lock, mark("a", 4_000), local::unlock).wake();
    Task b = task("b", 10, local::lock, mark("b", 0), local::unlock);
    at(1_000, b::wake);
    Task c = task("c", 10, local::lock, mark("c", 0), local::unlock);
    c.setAffinity(CpuMask.of(1));
    at(2_000, c::wake);
    at(3_000, () -> machine.cpu(0).raiseIrq(1, mark("irq", 0)));
    machine.runToIdle();
    assertEquals(List.of("a@0", "c@2000", "irq@3000", "b@4000"), log);
    assertEquals(List.of(), rules());
  }

  private void assertComplaint(String what, ExecContext context) {
    int last = machine.checker().complaints().size() - 1;
    assertEquals(Rule.SLEEP_IN_ATOMIC, machine.checker().complaints().get(last).rule());
    assertEquals(what, machine.checker().complaints().get(last).what());
    assertEquals(context, machine.checker().complaints().get(last).context());
  }

  @Test
  void aSleepingLockMayBeTakenInInterruptThreadsSoftirqsAndRcuSections() {
    SpinLock spin = new SpinLock(new LockClass("a"));
    LocalLock local = new LocalLock(new LockClass("l"));
    Step both =
        x -> {
          local.section(x, 10);
          spin.sectionIrqSave(x, 10);
          log.add(x.task().name() + " on " + x.smpProcessorId());
        };
    machine.openSoftirq(Softirq.BLOCK, both);
    machine
        .requestIrq(9, "dev", machine.cpu(0))
        .raise(
            x -> {
              x.cpu().raiseSoftirq(Softirq.BLOCK);
              both.run(x);
            });
    task("t", 0, Exec::rcuReadLock, both, Exec::rcuReadUnlock).wake();
    machine.runToIdle();
    assertEquals(List.of("irq/9-dev on 0", "irq/9-dev on 0", "t on 0"), log);
    assertEquals(List.of(), rules());
    // But to sleep for anything else there is as wrong as ever.
    task("t", 0, Exec::rcuReadLock, Exec::mightSleep, Exec::rcuReadUnlock).wake();
    machine.runToIdle();
    assertEquals(List.of(Rule.SLEEP_IN_ATOMIC), rules());
  }

  // --- hotplug ----------------------------------------------------------------------------------

  @Test
  void aCpuWaitsForWhoeverMayNotLeaveItBeforeItDies() {
    SpinLock lock = new SpinLock(new LockClass("a"));
    Task holder = task("holder", 0, locking(lock, "holder", 50_000), mark("after", 0));
    holder.setAffinity(CpuMask.of(0, 1));
    // Woken on CPU 1, since CPU 0 is busy.
    task("control", 0, mark("control", 1_000), x -> machine.hotplug().down(x, 1, -1)).wake();
    at(500, holder::wake);
    boolean[] diedEarly = new boolean[1];
    at(40_000, () -> diedEarly[0] = !machine.cpu(1).isOnline());
    machine.runToIdle();
    assertEquals(List.of("control@0", "holder@500", "after@50500"), log);
    assertTrue(!diedEarly[0], "online while the lock was held");
    assertTrue(!machine.cpu(1).isOnline(), "offline at the end");
  }
}
