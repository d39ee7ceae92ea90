package sim.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.lock.LockClass;
import sim.kernel.lock.RawSpinLock;
import sim.kernel.lock.SpinLock;
import sim.kernel.machine.KernelBuild;
import sim.kernel.machine.MachineProfile;
import sim.kernel.machine.PreemptModel;
import sim.kernel.trace.Trace;

/** The truth table of {@code bio_in_atomic()}: every build, every context. */
class InAtomicTest {
  private static final int HZ = 250;

  /**
   * D: defer, i: inline. Hard interrupt, softirq, spinlock held, raw lock held, RCU, plain task.
   */
  private record Row(PreemptModel preempt, boolean dynamic, boolean debug, String expected) {}

  private static final List<Row> TABLE =
      List.of(
          // No preempt count: everything looks atomic, a plain task too.
          new Row(PreemptModel.NONE, false, false, "DDDDDD"),
          new Row(PreemptModel.VOLUNTARY, false, false, "DDDDDD"),
          // A preempt count for debugging; RCU readers count in it, as they disable preemption.
          new Row(PreemptModel.NONE, false, true, "DDDDDi"),
          new Row(PreemptModel.VOLUNTARY, false, true, "DDDDDi"),
          // PREEMPT_DYNAMIC, whatever was booted.
          new Row(PreemptModel.NONE, true, false, "DDDDDi"),
          new Row(PreemptModel.VOLUNTARY, true, false, "DDDDDi"),
          new Row(PreemptModel.LAZY, true, false, "DDDDDi"),
          new Row(PreemptModel.FULL, true, false, "DDDDDi"),
          new Row(PreemptModel.NONE, true, true, "DDDDDi"),
          // Compiled preemptible.
          new Row(PreemptModel.LAZY, false, false, "DDDDDi"),
          new Row(PreemptModel.FULL, false, false, "DDDDDi"),
          new Row(PreemptModel.FULL, false, true, "DDDDDi"),
          // PREEMPT_RT: softirqs and spinlocks are preemptible, and RCU sections.
          new Row(PreemptModel.RT, false, false, "DDDDDi"),
          new Row(PreemptModel.RT, true, false, "DDDDDi"),
          new Row(PreemptModel.RT, false, true, "DDDDDi"));

  @Test
  void inAtomicFollowsTheTableForEachBuildAndContext() {
    for (Row row : TABLE) {
      KernelBuild build = new KernelBuild(row.preempt, row.dynamic, row.debug, HZ);
      assertEquals(row.expected, contexts(build), row.toString());
    }
  }

  private static Machine machine(KernelBuild build) {
    return new Machine(MachineProfile.ofCpus(1).with(build), 1, new Trace());
  }

  private static String contexts(KernelBuild build) {
    Machine machine = machine(build);
    StringBuilder seen = new StringBuilder();
    Step look = x -> seen.append(x.inAtomic() ? 'D' : 'i');
    machine.openSoftirq(Softirq.BLOCK, look);
    machine.cpu(0).raiseIrq(1, look);
    machine.runToIdle();
    machine.cpu(0).raiseIrq(1, x -> x.cpu().raiseSoftirq(Softirq.BLOCK));
    machine.runToIdle();
    SpinLock lock = new SpinLock(new LockClass("a"));
    RawSpinLock raw = new RawSpinLock(new LockClass("b"));
    machine.spawn(
        "t",
        CpuMask.of(0),
        x -> {
          x.then(look);
          x.then(Exec::rcuReadUnlock);
          x.then(look);
          x.then(Exec::rcuReadLock);
          x.then(raw::unlock);
          x.then(look);
          x.then(raw::lock);
          x.then(lock::unlock);
          x.then(look);
          lock.lock(x);
        });
    machine.runToIdle();
    assertEquals(0, machine.checker().count(), build + ": " + machine.checker().complaints());
    return seen.toString();
  }

  @Test
  void anInterruptThreadIsATaskAndAtomic() {
    Machine machine = machine(new KernelBuild(PreemptModel.RT, false, false, HZ));
    List<String> seen = new ArrayList<>();
    Step look =
        x ->
            seen.add(
                "%s in_task %s in_atomic %s may sleep %s may take spinlocks %s"
                    .formatted(
                        x.task(), x.inTask(), x.inAtomic(), x.maySleep(), x.mayTakeSleepingLock()));
    machine.openSoftirq(Softirq.BLOCK, look);
    machine
        .requestIrq(7, "dev", machine.cpu(0))
        .raise(
            x -> {
              x.cpu().raiseSoftirq(Softirq.BLOCK);
              look.run(x);
            });
    machine.runToIdle();
    // Softirqs are disabled, which is an RCU section; and the thread serves what it raised.
    assertEquals(
        List.of(
            "irq/7-dev-1 in_task true in_atomic true may sleep false may take spinlocks true",
            "irq/7-dev-1 in_task false in_atomic true may sleep false may take spinlocks true"),
        seen);
  }
}
