package sim.kernel.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.CpuMask;
import sim.kernel.CpuTime;
import sim.kernel.Machine;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;
import sim.kernel.hotplug.CpuHotplugState;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Trace;

class LocksTest {
  private final List<String> log = new ArrayList<>();
  private final Machine machine =
      new Machine(MachineProfile.ofCpus(4).withoutCosts(), 1, new Trace());

  private void spawnAt(long timeNs, int cpu, Step body) {
    machine.events().schedule(timeNs, arg -> machine.spawn("t" + cpu, CpuMask.of(cpu), body), 0);
  }

  private Step holding(SpinLock lock, String name, long holdNs) {
    return x -> {
      x.then(
          locked -> {
            log.add(name + "@" + locked.nowNs());
            locked.charge(holdNs);
            locked.then(lock::unlock);
          });
      lock.lock(x);
    };
  }

  @Test
  void spinnersGetTheLockInOrderAndKeepTheirCpusBusy() {
    SpinLock lock = new SpinLock(new LockClass("test"));
    spawnAt(0, 0, holding(lock, "a", 1_000));
    spawnAt(100, 1, holding(lock, "b", 1_000));
    spawnAt(50, 2, holding(lock, "c", 1_000));
    machine.runToIdle();
    assertEquals(List.of("a@0", "c@1000", "b@2000"), log);
    assertEquals(1_900 + 1_000, machine.cpu(1).timeNs(CpuTime.SYSTEM));
  }

  @Test
  void sectionsWaitForOneAnotherWithoutSteps() {
    SpinLock lock = new SpinLock(new LockClass("test"));
    for (int cpu = 0; cpu < 3; cpu++) {
      spawnAt(
          cpu * 10L,
          cpu,
          x -> {
            lock.section(x, 100);
            x.then(y -> log.add(y.cpu().id() + "@" + y.nowNs()));
          });
    }
    machine.runToIdle();
    assertEquals(List.of("0@100", "1@200", "2@300"), log);
  }

  /** What the caller holds stays its own: the lock that it took before, and preemption off. */
  @Test
  void abandonedCodeGivesBackWhatItHasTakenAndNoMore() {
    Mutex callers = new Mutex(new LockClass("caller's"));
    SpinLock callees = new SpinLock(new LockClass("callee's"));
    Step breaks =
        x -> {
          throw new UnsupportedOperationException("breaks");
        };
    Step returned =
        x -> {
          log.add(x.heldLocks() + "; " + x.atomicCounts());
          x.preemptEnable();
          callers.unlock(x);
        };
    Step call =
        x -> {
          x.preemptDisable();
          x.then(returned);
          x.markAtomic();
          x.then(breaks);
          callees.lock(x);
          x.irqDisable();
        };
    machine.setOopsHandler((x, thrown) -> code -> code == breaks);
    spawnAt(
        0,
        0,
        x -> {
          x.then(call);
          callers.lock(x);
        });
    spawnAt(1_000, 1, holding(callees, "next", 0));
    machine.runToIdle();
    assertEquals(List.of("caller's; preempt_count 1, locks caller's", "next@1000"), log);
    assertEquals(
        List.of(Rule.LEAKED_ATOMIC),
        machine.checker().complaints().stream().map(Complaint::rule).toList());
  }

  /** A call that comes in the middle of another one and returns leaves that one's border alone. */
  @Test
  void codeThatBreaksAfterItHasCalledOtherCodeGivesBackAllThatIsItsOwn() {
    SpinLock outers = new SpinLock(new LockClass("outer's"));
    Step breaks =
        x -> {
          throw new UnsupportedOperationException("breaks");
        };
    Step innerReturns = x -> {};
    Step outer =
        x -> {
          x.preemptDisable();
          x.then(breaks);
          x.markAtomic();
          x.then(innerReturns);
          x.markedReturned();
        };
    Step returned = x -> log.add("[" + x.atomicCounts() + "]");
    Step call =
        x -> {
          x.then(returned);
          x.markAtomic();
          x.then(outer);
          outers.lock(x);
          x.markedReturned();
        };
    machine.setOopsHandler((x, thrown) -> code -> code == breaks);
    spawnAt(0, 0, call);
    spawnAt(1_000_000, 1, holding(outers, "next", 0));
    machine.runToIdle();
    assertEquals(List.of("[]", "next@1000000"), log);
    assertEquals(
        List.of(Rule.LEAKED_ATOMIC),
        machine.checker().complaints().stream().map(Complaint::rule).toList());
  }

  @Test
  void codeThatBreaksInTheMiddleOfOtherCodeLeavesThatWhatItHas() {
    SpinLock outers = new SpinLock(new LockClass("outer's"));
    SpinLock inners = new SpinLock(new LockClass("inner's"));
    Step breaks =
        x -> {
          throw new UnsupportedOperationException("breaks");
        };
    Step outerGoesOn =
        x -> {
          log.add("[" + x.atomicCounts() + "]");
          outers.unlock(x);
        };
    Step outer =
        x -> {
          x.then(outerGoesOn);
          x.markAtomic();
          x.then(breaks);
          inners.lock(x);
          x.markedReturned();
        };
    Step call =
        x -> {
          x.markAtomic();
          x.then(outer);
          outers.lock(x);
          x.markedReturned();
        };
    machine.setOopsHandler((x, thrown) -> code -> code == breaks);
    spawnAt(0, 0, call);
    machine.runToIdle();
    assertEquals(List.of("[preempt_count 1, locks outer's]"), log);
  }

  private Step holding(Mutex mutex, String name, long holdNs) {
    return x -> {
      x.then(
          locked -> {
            log.add(name + "@" + locked.nowNs());
            locked.charge(holdNs);
            locked.then(mutex::unlock);
          });
      mutex.lock(x);
    };
  }

  @Test
  void aMutexWhoseOwnerRunsIsSpunFor() {
    Mutex mutex = new Mutex(new LockClass("test"));
    for (int cpu = 0; cpu < 3; cpu++) {
      spawnAt(cpu, cpu, holding(mutex, "" + cpu, 1_000));
    }
    machine.runToIdle();
    assertEquals(List.of("0@0", "1@1000", "2@2000"), log);
    assertEquals(1_998 + 1_000, machine.cpu(2).timeNs(CpuTime.SYSTEM));
  }

  /** The owner sleeps from 1000 to 5000: who spun sleeps too, and pays for its own section. */
  @Test
  void aMutexWhoseOwnerSleepsIsSleptFor() {
    Mutex mutex = new Mutex(new LockClass("test"));
    Step sleeper =
        x -> {
          x.then(
              locked -> {
                locked.charge(1_000);
                locked.then(mutex::unlock);
                locked.block();
              });
          mutex.lock(x);
        };
    machine
        .events()
        .schedule(
            0,
            arg -> {
              Task owner = machine.spawn("owner", CpuMask.of(0), sleeper);
              machine.events().schedule(5_000, wake -> owner.wake(), 0);
            },
            0);
    spawnAt(400, 1, holding(mutex, "b", 1_000));
    spawnAt(2_000, 2, holding(mutex, "c", 1_000));
    machine.runToIdle();
    assertEquals(List.of("b@5000", "c@6000"), log);
    assertEquals(600 + 1_000, machine.cpu(1).timeNs(CpuTime.SYSTEM));
    assertEquals(1_000, machine.cpu(2).timeNs(CpuTime.SYSTEM));
  }

  /** A FIFO task wants the spinner's CPU at 300: the spinner gives it up, and sleeps. */
  @Test
  void aSpinnerGivesItsCpuUp() {
    Mutex mutex = new Mutex(new LockClass("test"));
    spawnAt(0, 0, holding(mutex, "a", 1_000));
    spawnAt(100, 1, holding(mutex, "b", 0));
    machine
        .events()
        .schedule(
            300,
            arg -> {
              Task urgent = machine.newTask("urgent", false, CpuMask.of(1));
              urgent.withFifo(50).then(x -> log.add("u@" + x.nowNs()));
              urgent.wake();
            },
            0);
    machine.runToIdle();
    assertEquals(List.of("a@0", "u@300", "b@1000"), log);
    assertEquals(200, machine.cpu(1).timeNs(CpuTime.SYSTEM));
  }

  @Test
  void aLockThatInterruptsTakeMustNotBeTakenWithThemEnabled() {
    SpinLock lock = new SpinLock(new LockClass("i_pages"));
    spawnAt(0, 0, x -> lock.section(x, 100));
    machine
        .events()
        .schedule(1_000, arg -> machine.cpu(1).raiseIrq(1, x -> lock.section(x, 100)), 0);
    machine.runToIdle();
    assertEquals(Rule.IRQ_LOCK_STATE, machine.checker().complaints().get(0).rule());
    assertEquals(
        "i_pages, {HARDIRQ-ON-W} -> {IN-HARDIRQ-W} usage",
        machine.checker().complaints().get(0).what());
  }

  @Test
  void dataOfACpuIsTouchedThereAndUnderItsLock() {
    LocalLock lock = new LocalLock(new LockClass("batch.lock"));
    spawnAt(
        0,
        1,
        x -> {
          lock.section(x, 100);
          lock.assertHeld(x, 1, "mine under the lock");
          lock.assertHeld(x, 2, "another's");
          x.then(y -> lock.assertHeld(y, 1, "mine after the lock"));
        });
    spawnAt(
        1_000,
        3,
        x -> {
          lock.lock(x);
          x.then(
              held -> {
                lock.assertHeld(held, 3, "mine over steps");
                lock.unlock(held);
                lock.assertHeld(held, 3, "mine when unlocked");
              });
        });
    machine.runToIdle();
    assertEquals(
        List.of(
            "another's of CPU 2, with the lock of CPU 1",
            "mine after the lock of CPU 1, without a lock",
            "mine when unlocked of CPU 3, without a lock"),
        machine.checker().complaints().stream()
            .filter(complaint -> complaint.rule() == Rule.PERCPU_ACCESS)
            .map(Complaint::what)
            .toList());
  }

  @Test
  void onlyTheCallbackOfADeadCpuMayTouchItsDataWithoutTheLock() {
    LocalLock lock = new LocalLock(new LockClass("batch.lock"));
    machine
        .hotplug()
        .register(
            CpuHotplugState.PAGE_ALLOC_DEAD,
            "mm/page_alloc:pcp",
            null,
            (x, cpu) -> {
              lock.assertHeld(x, cpu, "batch");
              lock.assertHeld(x, 2, "batch");
            });
    spawnAt(0, 0, x -> machine.hotplug().down(x, 1, -1));
    machine.runToIdle();
    assertEquals(
        List.of("batch of CPU 2, without a lock"),
        machine.checker().complaints().stream().map(Complaint::what).toList());
  }

  @Test
  void aLockThatIsAlwaysIrqSaveIsSafeInInterrupts() {
    SpinLock lock = new SpinLock(new LockClass("i_pages"));
    spawnAt(0, 0, x -> lock.sectionIrqSave(x, 100));
    machine
        .events()
        .schedule(1_000, arg -> machine.cpu(1).raiseIrq(1, x -> lock.section(x, 100)), 0);
    machine.runToIdle();
    assertEquals(0, machine.checker().count());
  }
}
