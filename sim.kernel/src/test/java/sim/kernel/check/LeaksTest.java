package sim.kernel.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.Machine;
import sim.kernel.Softirq;
import sim.kernel.Step;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.Mutex;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;
import sim.kernel.workqueue.Work;
import sim.kernel.workqueue.Workqueue;

/** What is left behind, asked for too late or kept for too long: each wrong once and right once. */
class LeaksTest {
  private final SpinLock lock = new SpinLock(new LockClass("a"));
  private final Mutex mutex = new Mutex(new LockClass("i_rwsem"));
  private Machine machine = machineWith(PreemptModel.FULL);
  private Workqueue queue = machine.workqueues().alloc("q", Workqueue.ACTIVE_DEFAULT, Set.of());

  private static Machine machineWith(PreemptModel preempt) {
    KernelBuild build = new KernelBuild(preempt, false, false, 250);
    return new Machine(MachineProfile.ofCpus(4).withoutCosts().with(build), 1, new Trace());
  }

  private void task(Step body) {
    machine.spawn("t", CpuMask.of(0, 1), body);
    machine.runToIdle();
  }

  private void work(Step body) {
    machine.workqueues().queueOn(null, machine.cpu(2), queue, new Work("w", body));
    machine.runToIdle();
  }

  private void hardirq(Step body) {
    machine.events().schedule(machine.nowNs(), arg -> machine.cpu(3).raiseIrq(1, body), 0);
    machine.runToIdle();
  }

  private List<String> complaints() {
    return machine.checker().complaints().stream()
        .map(complaint -> complaint.rule().wording() + ": " + complaint.what())
        .toList();
  }

  @Test
  void aWorkItemThatReturnsWithALockIsReported() {
    work(
        x -> {
          x.then(lock::unlock);
          lock.lock(x);
        });
    work(
        x -> {
          x.then(mutex::unlock);
          mutex.lock(x);
        });
    assertEquals(List.of(), complaints());
    work(mutex::lock);
    assertEquals(
        List.of("BUG: workqueue leaked atomic, lock or RCU: w, locks i_rwsem"), complaints());
  }

  @Test
  void aWorkItemThatReturnsWithPreemptionDisabledIsReported() {
    work(x -> x.preemptDisable());
    assertEquals(
        "BUG: workqueue leaked atomic, lock or RCU: w, preempt_count 1", complaints().get(0));
  }

  @Test
  void aTaskThatEndsWithALockIsReported() {
    task(mutex::lock);
    assertEquals(List.of("WARNING: task still has locks held!: i_rwsem"), complaints());
  }

  @Test
  void aTaskThatEndsInAnRcuSectionIsReported() {
    task(x -> x.rcuReadLock());
    assertEquals(List.of("note: task exited with preempt_count: rcu depth 1"), complaints());
  }

  @Test
  void aTaskThatReturnsToUserModeWithALockIsReported() {
    task(
        x -> {
          x.then(
              held -> {
                held.returnToUser();
                held.then(mutex::unlock);
              });
          mutex.lock(x);
        });
    assertEquals(
        List.of("WARNING: lock held when returning to user space!: i_rwsem"), complaints());
  }

  @Test
  void aTaskThatEndsWithNothingHeldIsSilent() {
    task(
        x -> {
          x.rcuReadLock();
          x.rcuReadUnlock();
          x.then(
              held -> {
                mutex.unlock(held);
                held.returnToUser();
              });
          mutex.lock(x);
        });
    assertEquals(List.of(), complaints());
  }

  @Test
  void aHandlerThatReturnsWithALockIsReportedOnce() {
    machine.openSoftirq(Softirq.BLOCK, x -> x.preemptDisable());
    hardirq(x -> lock.lock(x));
    hardirq(x -> x.cpu().raiseSoftirq(Softirq.BLOCK));
    assertEquals(
        List.of(
            "BUG: irq handler leaked atomic, lock or RCU: preempt_count 1, locks a",
            "huh, entered softirq with preempt_count, exited with another: preempt_count 1"),
        complaints());
  }

  @Test
  void aTaskThatMayMoveMustNotAskForItsCpu() {
    task(
        x -> {
          x.preemptDisable();
          x.smpProcessorId();
          x.preemptEnable();
        });
    hardirq(x -> x.smpProcessorId());
    work(x -> x.smpProcessorId()); // a worker of one CPU stays there
    assertEquals(List.of(), complaints());
    task(x -> x.smpProcessorId());
    assertEquals(
        List.of("BUG: using smp_processor_id() in preemptible: smp_processor_id"), complaints());
  }

  @Test
  void withoutPreemptionATaskStaysWhereItIs() {
    machine = machineWith(PreemptModel.VOLUNTARY);
    task(x -> x.smpProcessorId());
    assertEquals(List.of(), complaints());
  }

  @Test
  void longComputationsOfAnItemAreWarnedOfFromTheFourthOn() {
    for (int i = 0; i < 3; i++) {
      work(x -> x.charge(10_000_000));
    }
    // 9.999 ms, a sleep, 9.999 ms: in no stretch 10 ms.
    work(
        x -> {
          x.charge(9_999_000);
          x.then(woken -> woken.charge(9_999_000));
          x.then(slow -> machine.timers().sleep(slow, 1));
        });
    assertEquals(List.of(), machine.checker().warnings());
    work(x -> x.charge(10_000_000));
    work(x -> x.charge(10_000_000));
    String warning =
        "workqueue: w hogged CPU for >10000us 5 times, consider switching to WQ_UNBOUND";
    assertEquals(List.of(warning), machine.checker().warnings());
    assertEquals(0, machine.checker().count(), "no rule is broken");
  }

  @Test
  void itemsThatHaveWaitedFor30SecondsAreReported() {
    machine.spawn(
        "t",
        CpuMask.of(2),
        x -> {
          x.irqsOff();
          x.charge(45_000_000_000L);
        });
    machine.runUntil(1);
    machine.workqueues().queueOn(null, machine.cpu(2), queue, new Work("w", x -> {}));
    machine.runUntil(39_000_000_000L); // looked at after 10, 20 and 30 s: 1 ns less than 30 s
    assertEquals(List.of(), complaints());
    machine.runUntil(60_000_000_000L); // seen at 40 s; begun at 45 s
    assertEquals(List.of("BUG: workqueue lockup - pool: 2"), complaints());
  }

  @Test
  void theFirstComplaintOfEachRuleIsToldOfAtOnce() {
    StringBuilder told = new StringBuilder();
    machine.checker().onFirst(first -> told.append(first.rule()).append(' '));
    task(x -> x.rcuReadLock());
    task(x -> x.rcuReadLock());
    task(mutex::lock);
    assertEquals("EXIT_IN_ATOMIC LOCKS_AT_EXIT ", told.toString());
    assertEquals(3, machine.checker().count());
  }

  @Test
  void whatIsTurnedOffIsNotCounted() {
    machine.checker().turnOff(Sanitizer.LEAKS);
    task(x -> x.rcuReadLock());
    task(x -> x.smpProcessorId());
    assertEquals(1, machine.checker().count());
  }
}
