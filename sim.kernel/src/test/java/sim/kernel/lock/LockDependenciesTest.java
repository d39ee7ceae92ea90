package sim.kernel.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Softirq;
import sim.kernel.Step;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

/** Each rule with a use that breaks it and the same use done right; nothing ever deadlocks here. */
class LockDependenciesTest {
  private final Machine machine =
      new Machine(MachineProfile.ofCpus(4).withoutCosts(), 1, new Trace());
  private final SpinLock a = new SpinLock(new LockClass("a"));
  private final SpinLock b = new SpinLock(new LockClass("b"));
  private final SpinLock c = new SpinLock(new LockClass("c"));

  private void task(Step body) {
    machine.spawn("t", CpuMask.of(0), body);
    machine.runToIdle();
  }

  private void hardirq(Step body) {
    machine.events().schedule(machine.nowNs(), arg -> machine.cpu(1).raiseIrq(1, body), 0);
    machine.runToIdle();
  }

  private void softirq(Step body) {
    machine.openSoftirq(Softirq.BLOCK, body);
    hardirq(x -> x.cpu().raiseSoftirq(Softirq.BLOCK));
  }

  /** Takes two locks, the second under the first, and gives them back. */
  private static Step nested(SpinLock outer, SpinLock inner) {
    return x -> {
      x.then(
          held -> {
            held.then(
                both -> {
                  inner.unlock(both);
                  outer.unlock(both);
                });
            inner.lock(held);
          });
      outer.lock(x);
    };
  }

  private static Step nestedIrqSave(SpinLock outer, SpinLock inner) {
    return x -> {
      x.then(
          held -> {
            inner.section(held, 10);
            outer.unlock(held);
          });
      outer.lockIrqSave(x);
    };
  }

  private static void sectionOf(SpinLock lock, Exec x) {
    lock.section(x, 10);
  }

  private List<String> complaints() {
    return machine.checker().complaints().stream()
        .map(complaint -> complaint.rule().wording() + ": " + complaint.what())
        .toList();
  }

  @Test
  void anOrderThatClosesACircleIsReportedThoughNobodyWaits() {
    task(nested(a, b));
    task(nested(b, c));
    assertEquals(List.of(), complaints());
    task(nested(c, a));
    task(nested(c, a)); // the same again is no news
    assertEquals(
        List.of("WARNING: possible circular locking dependency detected: a -> b -> c -> a"),
        complaints());
  }

  @Test
  void theSameOrderEverywhereIsSilent() {
    task(nested(a, b));
    task(nested(b, c));
    task(nested(a, c));
    assertEquals(List.of(), complaints());
  }

  @Test
  void aMutexAndASectionUnderItAreOrdered() {
    Mutex mutex = new Mutex(new LockClass("i_rwsem"));
    task(
        x -> {
          x.then(
              held -> {
                sectionOf(a, held);
                held.then(mutex::unlock);
              });
          mutex.lock(x);
        });
    task(
        x -> {
          x.then(
              held -> {
                held.preemptEnable(); // so that only the order is wrong
                mutex.tryLock(held);
                mutex.unlock(held);
                held.preemptDisable();
                a.unlock(held);
              });
          a.lock(x);
        });
    assertEquals(List.of(), complaints(), "who only tries for the mutex can't deadlock");
    task(
        x -> {
          x.then(
              held -> {
                held.preemptEnable();
                mutex.lock(held);
                mutex.unlock(held);
                held.preemptDisable();
                a.unlock(held);
              });
          a.lock(x);
        });
    assertEquals(
        List.of("WARNING: possible circular locking dependency detected: i_rwsem -> a -> i_rwsem"),
        complaints());
  }

  @Test
  void sectionsThatLieInOneAnotherAreOrdered() {
    task(
        x -> {
          sectionOf(a, x);
          a.encloses(x, b);
          sectionOf(b, x);
        });
    assertEquals(List.of(), complaints());
    task(nested(b, a));
    assertEquals(
        List.of("WARNING: possible circular locking dependency detected: a -> b -> a"),
        complaints());
  }

  @Test
  void twoLocksOfOneClassAreReported() {
    LockClass inodes = new LockClass("i_lock");
    task(nested(new SpinLock(inodes), new SpinLock(inodes)));
    assertEquals(List.of("WARNING: possible recursive locking detected: i_lock"), complaints());
  }

  @Test
  void aLockOfInterruptsMustNotDependOnOneThatIsTakenWithThemEnabled() {
    hardirq(x -> sectionOf(a, x));
    task(x -> sectionOf(b, x));
    assertEquals(List.of(), complaints());
    task(nestedIrqSave(a, b));
    assertEquals(
        List.of("WARNING: HARDIRQ-safe -> HARDIRQ-unsafe lock order detected: a -> b"),
        complaints());
  }

  @Test
  void aLockOfInterruptsMayDependOnOneThatIsIrqSaveEverywhere() {
    hardirq(x -> sectionOf(a, x));
    task(x -> b.sectionIrqSave(x, 10));
    task(nestedIrqSave(a, b));
    assertEquals(List.of(), complaints());
  }

  @Test
  void aLockOfSoftirqsMustNotDependOnOneThatIsTakenWithThemEnabled() {
    softirq(x -> sectionOf(a, x));
    task(x -> sectionOf(b, x));
    task(nestedIrqSave(a, b));
    assertEquals(
        List.of("WARNING: SOFTIRQ-safe -> SOFTIRQ-unsafe lock order detected: a -> b"),
        complaints());
  }

  @Test
  void anInversionIsFoundWhicheverUseComesLast() {
    task(nestedIrqSave(a, b));
    task(x -> sectionOf(b, x));
    assertEquals(List.of(), complaints());
    hardirq(x -> sectionOf(a, x)); // only now a is a lock of interrupts
    assertEquals(
        List.of("WARNING: possible irq lock inversion dependency detected: a -> b, HARDIRQ-safe"),
        complaints());
  }

  @Test
  void aSoftirqLockIsTakenWithSoftirqsDisabled() {
    softirq(x -> sectionOf(a, x));
    task(
        x -> {
          x.bhDisable();
          sectionOf(a, x);
          x.bhEnable();
        });
    assertEquals(List.of(), complaints());
    task(x -> sectionOf(a, x));
    assertEquals(
        List.of("WARNING: inconsistent lock state: a, {IN-SOFTIRQ-W} -> {SOFTIRQ-ON-W} usage"),
        complaints());
  }

  @Test
  void enablingInterruptsUnderALockOfInterruptsIsReported() {
    hardirq(x -> sectionOf(a, x));
    task(
        x -> {
          x.then(
              held -> {
                held.irqEnable(); // wb_wakeup's unconditional spin_unlock_irq, say
                held.irqDisable();
                a.unlock(held);
              });
          a.lockIrqSave(x);
        });
    assertEquals(
        List.of("WARNING: inconsistent lock state: a, {IN-HARDIRQ-W} -> {HARDIRQ-ON-W} usage"),
        complaints());
  }

  @Test
  void whatIsTurnedOffIsSilent() {
    machine.checker().turnOff(Sanitizer.LOCK_ORDER);
    hardirq(x -> sectionOf(c, x));
    task(nested(a, b));
    task(nested(b, a));
    assertEquals(List.of(), complaints());
    task(x -> sectionOf(c, x)); // irq-safety is still on
    assertEquals(1, complaints().size());
  }
}
