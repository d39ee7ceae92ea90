package policies.tck.internal.deferral;

import java.util.function.Supplier;
import policies.tck.TckRule;
import policies.tck.internal.Findings;
import policies.tck.internal.Stopped;
import policies.tck.internal.TrialMachine;
import sim.kernel.ExecContext;
import sim.kernel.IrqAction;
import sim.kernel.Step;
import sim.kernel.check.Complaint;
import sim.kernel.check.Sanitizer;
import sim.kernel.machine.KernelBuild;
import sim.kernel.spi.PolicyRefusedException;

/**
 * One run of a trial: a machine on which items come when the trial says so. Made for extension by
 * each family, which knows what an item is.
 *
 * @param <P> the policy interface of the family
 */
public abstract class DeferralBench<P> {
  /** Virtual time that an item may take to its end. */
  static final long SOON_NS = 1_000_000_000;

  private static final int IRQ = 42;

  private final DeferralRules rules;
  private final TrialMachine trial;
  private final Findings findings;
  private Blame blame;
  private boolean ordered = true;
  private final IrqAction[] irqs;
  private Custody custody;
  private int made;
  private int ended;

  /** A machine without items. */
  protected DeferralBench(DeferralRules rules, KernelBuild build, Findings findings) {
    this.rules = rules;
    this.findings = findings;
    blame = Blame.plain(rules);
    trial = new TrialMachine(build, rules.common(), findings);
    trial.onComplaint(this::complained);
    irqs = new IrqAction[trial.machine().cpuCount()];
    for (int cpu = 0; cpu < irqs.length; cpu++) {
      irqs[cpu] = trial.machine().requestIrq(IRQ, "trial", trial.machine().cpu(cpu));
    }
  }

  /**
   * A device interrupts a CPU now, or another one if that takes none. On PREEMPT_RT its handler
   * runs in a thread.
   */
  protected final void raise(int cpu, Step handler) {
    irqs[cpu].raise(handler);
  }

  /** Puts the policy in use under observation, now. */
  protected abstract void use(P examined);

  /** Puts a policy in use that keeps every item until it is taken out, now. */
  protected abstract void useKeeper();

  /** An interrupt on that CPU brings items, one after another, now. */
  protected abstract void interrupt(int cpu, int items);

  /** The time from which all times of a trial count. */
  protected long startNs() {
    return 0;
  }

  private void complained(Complaint complaint) {
    if (custody != null && complaint.rule().sanitizer() == Sanitizer.CUSTODY) {
      throw stop(blame.stuck(), complaint.text());
    }
    if (custody != null) {
      boolean interrupt = complaint.context() != ExecContext.TASK;
      throw stop(
          interrupt || custody.isDeferring() ? rules.deferOnly() : rules.cleanContext(),
          complaint.text());
    }
  }

  /** Calls the policy: what it throws is a breach. */
  public final <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (PolicyRefusedException refused) {
      throw refused;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError thrown) {
      throw trial.stop(thrown);
    }
  }

  /** Calls attach: neither an exception nor null. */
  public final <T> T attached(Supplier<T> attach) {
    T deferral = guarded(attach);
    if (deferral == null) {
      throw stop(rules.common().throwsNothing(), "attach returned null");
    }
    return deferral;
  }

  final void observe(Custody use) {
    custody = use;
  }

  /** Names another rule for what goes wrong; items may then overtake each other, too. */
  final DeferralBench<P> blaming(TckRule rule) {
    blame = Blame.all(rule);
    ordered = false;
    return this;
  }

  final Blame blame() {
    return blame;
  }

  final boolean isOrdered() {
    return ordered;
  }

  final DeferralRules rules() {
    return rules;
  }

  /** What this run has shown. */
  public final Findings findings() {
    return findings;
  }

  /** The machine. */
  public final TrialMachine trial() {
    return trial;
  }

  /** An item is on its way. */
  protected final void countMade() {
    made++;
  }

  /** Items that were on their way before this one. */
  protected final int made() {
    return made;
  }

  /** An item has come to its end. */
  protected final void countEnded() {
    ended++;
  }

  final void interruptAt(long timeNs, int cpu, int items) {
    trial.at(startNs() + timeNs, () -> interrupt(cpu, items));
  }

  /** Fires one event, and looks; false if there is none. */
  final boolean step() {
    if (trial.machine().events().size() == 0) {
      return false;
    }
    trial.fireNext();
    if (custody != null) {
      custody.verifyPending();
      custody.verifyDrains();
    }
    return true;
  }

  /** Runs up to that time, looking between any two events. */
  final void runUntil(long timeNs) {
    runUntilInstant(startNs() + timeNs);
  }

  private void runUntilInstant(long instantNs) {
    var events = trial.machine().events();
    // Ends: each turn fires an event, and the machine bounds these.
    while (events.size() > 0 && events.peekTimeNs() <= instantNs) {
      step();
    }
  }

  /** Runs until all is done that can be, and sees to it that all items have ended. */
  public final void finish() {
    runUntilInstant(Math.max(trial.machine().nowNs(), startNs()) + SOON_NS);
    if (custody.size() > 0) {
      throw stop(blame.stuck(), "still has " + custody.text());
    }
    if (ended != made) {
      throw stop(blame.custody(), ended + " of " + made + " have ended");
    }
  }

  /** Breaks a rule, which ends the trial. */
  public final Stopped stop(TckRule rule, String reason) {
    return trial.stop(rule, reason);
  }
}
