package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.List;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import policies.tck.TckRule;
import policies.tck.internal.Findings;
import policies.tck.internal.Stopped;
import policies.tck.internal.TrialMachine;
import sim.kernel.CpuMask;
import sim.kernel.machine.KernelBuild;
import sim.kernel.spi.PolicyRefusedException;

/** A machine with tasks that evict lists of folios. */
final class EvictionBench {
  /** Virtual time in which a task has to come to its end. */
  static final long SOON_NS = 1_000_000_000;

  /** Folios of one run have numbers below the next one's. */
  private static final int NUMBERS = 100_000;

  private final TrialMachine trial;
  private final List<TrialEviction> tasks = new ArrayList<>();
  private final int firstNumber;
  private int folios;
  private int started;
  private EvictionDeferral deferral;
  private TckRule instead;

  EvictionBench(KernelBuild build, int run, Findings findings) {
    trial = new TrialMachine(build, EvictionRules.COMMON, findings);
    trial.onComplaint(
        complaint -> {
          throw stop(EvictionRules.CLEAN_CONTEXT, complaint.text());
        });
    firstNumber = 1 + run * NUMBERS;
  }

  TrialMachine trial() {
    return trial;
  }

  /** Blames one rule for whatever custody, flush or progress show. */
  EvictionBench blaming(TckRule rule) {
    instead = rule;
    return this;
  }

  /** Puts a policy in use in the place of another, now. */
  void use(EvictionPolicy policy) {
    EvictionDeferral[] attached = new EvictionDeferral[1];
    EvictionHost host = trial::machine;
    guarded(() -> attached[0] = policy.attach(host));
    if (attached[0] == null) {
      throw stop(EvictionRules.THROWS_NOTHING, "attach returned null");
    }
    if (deferral != null) {
      tasks.forEach(TrialEviction::handBack);
      guarded(deferral::detach);
    }
    deferral = attached[0];
  }

  EvictionBatch newBatch(EvictionTask task) {
    EvictionBatch[] made = new EvictionBatch[1];
    guarded(() -> made[0] = deferral.newBatch(task));
    if (made[0] == null) {
      throw stop(EvictionRules.THROWS_NOTHING, "newBatch returned null");
    }
    return made[0];
  }

  /**
   * A task on these CPUs evicts a list.
   *
   * @param pageoutEvery every so many-th folio is for pageout; 0 for none
   */
  void evictAt(long timeNs, CpuMask cpus, int count, int pageoutEvery) {
    trial.at(
        timeNs,
        () -> {
          List<TrialFolio> list = new ArrayList<>();
          for (int i = 1; i <= count; i++) {
            boolean forPageout = pageoutEvery > 0 && i % pageoutEvery == 0;
            list.add(new TrialFolio(firstNumber + folios++, forPageout));
          }
          TrialEviction task = new TrialEviction(this, list);
          tasks.add(task);
          started++;
          trial.machine().spawn("evict", cpus, task::next);
        });
  }

  /** Whoever can have a folio takes it, now: those that are unlocked are in use from here on. */
  void touchUnlocked() {
    for (TrialEviction task : tasks) {
      for (TrialFolio folio : task.list()) {
        folio.touched |= !folio.locked;
      }
    }
  }

  boolean isOfAnother(TrialEviction task, int number) {
    boolean otherRun = number < firstNumber || number >= firstNumber + NUMBERS;
    return otherRun
        || tasks.stream()
            .filter(other -> other != task)
            .flatMap(other -> other.list().stream())
            .anyMatch(folio -> folio.number == number);
  }

  /** Fires one event, and looks; false if there is none. */
  boolean step() {
    if (trial.machine().events().size() == 0) {
      return false;
    }
    trial.fireNext();
    tasks.forEach(TrialEviction::verifyPending);
    tasks.removeIf(TrialEviction::isDone);
    return true;
  }

  void runUntil(long timeNs) {
    var events = trial.machine().events();
    // Ends: each turn fires an event, and the machine bounds these.
    while (events.size() > 0 && events.peekTimeNs() <= timeNs) {
      step();
    }
  }

  /** Runs until all is done that can be: no task is left then. */
  void finish() {
    runUntil(trial.machine().nowNs() + SOON_NS);
    if (!tasks.isEmpty()) {
      throw stop(
          EvictionRules.GOES_ON,
          tasks.size() + " of " + started + " tasks have not come to their end");
    }
  }

  /** Calls the policy: what it throws is a breach. */
  void guarded(Runnable call) {
    try {
      call.run();
    } catch (PolicyRefusedException refused) {
      throw refused;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
      throw trial.stop(thrown);
    }
  }

  /** Breaks a rule, which ends the trial. */
  Stopped stop(TckRule rule, String reason) {
    boolean circumstance =
        rule == EvictionRules.EACH_ONCE
            || rule == EvictionRules.FLUSH
            || rule == EvictionRules.FLUSHED
            || rule == EvictionRules.GOES_ON;
    return trial.stop(instead != null && circumstance ? instead : rule, reason);
  }
}
