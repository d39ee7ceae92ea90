package sim.kernel;

import java.util.Arrays;
import java.util.function.Predicate;
import sim.kernel.check.Rule;
import sim.kernel.lock.HeldLocks;
import sim.kernel.machine.Cost;
import sim.kernel.machine.PreemptModel;

/**
 * A thread of simulated control: a task, or what a CPU runs in softirq or hard interrupt context.
 *
 * <p>Holds the stack of steps that are to follow, the charge of the current step, and the counts
 * that decide what this context may do.
 */
public abstract sealed class Exec permits Task, InterruptExec {
  /** {@link #stepFlags}: the charge elapses with interrupts disabled. */
  static final int IRQS_OFF = 1;

  /** {@link #stepFlags}: the task stays on its CPU while the charge elapses. */
  static final int MIGRATION_OFF = 2;

  private static final int STACK_MAX = 1 << 14;

  final Machine machine;

  /**
   * What taking a spinlock with {@code irqsave} does to a step: the build's, {@link #stepFlags}.
   */
  private final int irqSaveFlags;

  private final HeldLocks heldLocks = new HeldLocks();
  private Step[] stack = new Step[16];
  private int depth;
  private long result;

  private final AtomicBorders borders = new AtomicBorders();
  private final Step releaseToBorder =
      x -> x.releaseAtomicTo(borders.innermost(), "code that broke");

  /** CPU this runs on, or last ran on. */
  Cpu cpu;

  /** Charge of the step just run, and what is left of it after an interruption. */
  long remainingNs;

  /** Whether {@link #remainingNs} is user time. */
  boolean userCharge;

  /** How {@link #remainingNs} elapses: {@link #IRQS_OFF}, {@link #MIGRATION_OFF}. */
  int stepFlags;

  /** Whether the end of the current step is a point where any kernel may reschedule. */
  boolean preemptPoint;

  /** Waits for a spinlock, keeping its CPU busy. */
  boolean spinning;

  /** Spins for what a running task owns, and not for a spinlock. */
  boolean spinsForOwner;

  int preemptCount;
  int irqDisableDepth;
  int bhDisableDepth;
  int softirqServing;
  int rcuDepth;

  /** Depth of {@link #migrateDisable}. */
  int migrationDisableDepth;

  /** Depth of {@link #beginAsTask}. */
  int asTaskDepth;

  Exec(Machine machine) {
    this.machine = machine;
    irqSaveFlags = machine.build().rt() ? MIGRATION_OFF : IRQS_OFF;
  }

  /** The machine this runs on. */
  public final Machine machine() {
    return machine;
  }

  /** Virtual nanoseconds since the start of the run. */
  public final long nowNs() {
    return machine.nowNs();
  }

  /** The CPU this runs on ({@code smp_processor_id}). */
  public final Cpu cpu() {
    return cpu;
  }

  /** The context this code runs in. */
  public abstract ExecContext context();

  /** {@code in_task()}: neither in a hard interrupt nor serving a softirq. */
  public final boolean inTask() {
    return context() == ExecContext.TASK;
  }

  /** The task whose code this is, or that was interrupted ({@code current}); null if idle. */
  public abstract Task task();

  // --- what follows -------------------------------------------------------------------------

  /**
   * Names a step to run when this one's charge has elapsed and everything named after it has
   * returned: last in, first out.
   */
  public final void then(Step step) {
    if (depth == stack.length) {
      if (depth == STACK_MAX) {
        throw new IllegalStateException(
            this + ": more than " + STACK_MAX + " steps pending; a loop names itself twice");
      }
      stack = Arrays.copyOf(stack, depth * 2);
    }
    stack[depth++] = step;
  }

  final boolean hasStep() {
    return depth > 0;
  }

  final Step popStep() {
    Step step = stack[--depth];
    stack[depth] = null;
    return step;
  }

  /**
   * Whether a step that is to follow is somebody's.
   *
   * @param isTheirs tells by the step
   */
  public final boolean hasStepOf(Predicate<Object> isTheirs) {
    for (int i = 0; i < depth; i++) {
      if (isTheirs.test(stack[i])) {
        return true;
      }
    }
    return false;
  }

  /** Takes somebody's steps off: their callers go on as if they had returned. */
  final void abandon(Predicate<Object> isTheirs) {
    int kept = 0;
    for (int i = 0; i < depth; i++) {
      if (!isTheirs.test(stack[i])) {
        stack[kept++] = stack[i];
      }
    }
    Arrays.fill(stack, kept, depth, null);
    depth = kept;
    borders.forgetAbove(depth);
    if (AtomicDepths.isAbove(atomicDepths(), borders.innermost())) {
      then(releaseToBorder);
    }
  }

  /** The value that the last callee handed back. */
  public final long result() {
    return result;
  }

  /** Hands a value back to the step that follows. */
  public final void setResult(long value) {
    result = value;
  }

  // --- time -----------------------------------------------------------------------------------

  /** Adds {@code ns} of kernel CPU time to this step. */
  public final void charge(long ns) {
    if (asTaskDepth == 0) {
      remainingNs += ns;
    }
  }

  /** Adds the machine's cost of an operation to this step. */
  public final void charge(Cost cost) {
    charge(machine.costNs(cost));
  }

  /** Adds {@code count} times the machine's cost of an operation to this step. */
  public final void charge(Cost cost, long count) {
    charge(machine.costNs(cost) * count);
  }

  /** Kernel CPU time charged to this step so far, nanoseconds. */
  public final long chargedNs() {
    return remainingNs;
  }

  /**
   * Makes this step user code: its whole charge is user time, in which every preemption model may
   * reschedule.
   */
  public final void chargeUser(long ns) {
    remainingNs += ns;
    userCharge = true;
  }

  /** Makes this step's whole charge elapse with interrupts disabled ({@code local_irq_save}). */
  public final void irqsOff() {
    stepFlags |= IRQS_OFF;
  }

  /**
   * What {@code spin_lock_irqsave} and {@code local_lock_irqsave} add to a step: {@link #irqsOff},
   * but on PREEMPT_RT, where they leave interrupts alone and keep the task on its CPU.
   */
  public final void irqsOffByLock() {
    stepFlags |= irqSaveFlags;
  }

  // --- context --------------------------------------------------------------------------------

  /** {@code preempt_disable}. */
  public final void preemptDisable() {
    preemptCount++;
  }

  /** {@code preempt_enable}; a pending reschedule is taken when this step's charge has elapsed. */
  public final void preemptEnable() {
    preemptCount = lowered(preemptCount, "preempt_enable");
  }

  /** {@code local_irq_disable}, across steps; nests. */
  public final void irqDisable() {
    irqDisableDepth++;
  }

  /** {@code local_irq_enable}; pending interrupts are taken before this step's charge. */
  public final void irqEnable() {
    irqDisableDepth = lowered(irqDisableDepth, "local_irq_enable");
    if (!heldLocks.isEmpty()) {
      machine.checker().locks().irqsEnabled(this);
    }
  }

  /**
   * {@code local_bh_disable}; nests. On PREEMPT_RT the outermost takes this CPU's softirq lock, for
   * which the task may have to wait: then the next step is the first of the section, as behind a
   * lock. It is an RCU section too and keeps the task on its CPU.
   */
  public final void bhDisable() {
    if (bhDisableDepth++ == 0) {
      cpu.softirqs().bhDisabled(this);
    }
  }

  /**
   * {@code local_bh_enable}; runs softirqs that became pending: before this step's charge, and on
   * PREEMPT_RT in this task, as steps that are named here: call it last in a step.
   */
  public final void bhEnable() {
    bhDisableDepth = lowered(bhDisableDepth, "local_bh_enable");
    cpu.softirqs().bhEnabled(this);
  }

  /** {@code rcu_read_lock}; nests. */
  public final void rcuReadLock() {
    rcuDepth++;
  }

  /** {@code rcu_read_unlock}. */
  public final void rcuReadUnlock() {
    rcuDepth = lowered(rcuDepth, "rcu_read_unlock");
  }

  /** {@code migrate_disable}: the task stays on this CPU, even if it is preempted; nests. */
  public final void migrateDisable() {
    if (migrationDisableDepth++ == 0) {
      cpu.migrationDisabled(this);
    }
  }

  /** {@code migrate_enable}. */
  public final void migrateEnable() {
    migrationDisableDepth = lowered(migrationDisableDepth, "migrate_enable");
    if (migrationDisableDepth == 0) {
      cpu.migrationEnabled(this);
    }
  }

  /**
   * What holding a {@code spinlock_t} does to its holder: {@link #preemptDisable}, but on
   * PREEMPT_RT, where it begins an RCU section and keeps the task on its CPU.
   */
  public final void beginSpinLocked() {
    if (machine.build().rt()) {
      rcuReadLock();
      migrateDisable();
    } else {
      preemptDisable();
    }
  }

  /** Ends {@link #beginSpinLocked}. */
  public final void endSpinLocked() {
    if (machine.build().rt()) {
      migrateEnable();
      rcuReadUnlock();
    } else {
      preemptEnable();
    }
  }

  /**
   * From here to {@link #endAsTask} this code counts as running in a task, whatever it interrupts,
   * and takes no time: nothing is charged. No kernel can do this: it is what policies that ship as
   * a bound use. Such code still can't block.
   */
  public final void beginAsTask() {
    asTaskDepth++;
  }

  /** Whether what is charged here takes time: not between {@link #beginAsTask} and its end. */
  public final boolean takesTime() {
    return asTaskDepth == 0;
  }

  /** Ends {@link #beginAsTask}. */
  public final void endAsTask() {
    asTaskDepth = lowered(asTaskDepth, "endAsTask");
  }

  private int lowered(int count, String call) {
    if (count == 0) {
      throw new IllegalStateException(this + ": " + call + " without its counterpart");
    }
    return count - 1;
  }

  /** Whether softirqs can't be served on this CPU now. */
  public final boolean bhDisabled() {
    return bhDisableDepth > 0 || irqsDisabled() || softirqServing > 0;
  }

  /** The locks that this code holds. */
  public final HeldLocks heldLocks() {
    return heldLocks;
  }

  /**
   * Whether a lock, a preempt count, disabled interrupts or softirqs or RCU would be left behind.
   */
  public final boolean leaksAtomic() {
    return preemptCount + irqDisableDepth + bhDisableDepth + rcuDepth + migrationDisableDepth > 0
        || !heldLocks.isEmpty();
  }

  /** What {@link #leaksAtomic} is about: counts that are not 0, and locks. */
  public final String atomicCounts() {
    StringBuilder text = new StringBuilder();
    append(text, "preempt_count", preemptCount);
    append(text, "irqs disabled", irqDisableDepth);
    append(text, "bh disabled", bhDisableDepth);
    append(text, "rcu depth", rcuDepth);
    append(text, "migration disabled", migrationDisableDepth);
    if (!heldLocks.isEmpty()) {
      text.append(text.length() == 0 ? "" : ", ").append("locks ").append(heldLocks);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String what, int count) {
    if (count > 0) {
      text.append(text.length() == 0 ? "" : ", ").append(what).append(' ').append(count);
    }
  }

  /**
   * Remembers what this code holds and has disabled, before it calls code that may break and be
   * abandoned: a policy's. What that has taken since is given back then. {@link #markedReturned}
   * follows, when that code has returned or has thrown.
   *
   * @return for {@link #releaseAtomicTo}, where the caller itself catches what is thrown
   */
  public final long markAtomic() {
    long mark = atomicDepths();
    borders.add(depth, mark);
    return mark;
  }

  /**
   * The code that was called after {@link #markAtomic} has returned; what it had named may still
   * break. Also where a loop of steps begins anew, each of whose turns is such a call.
   */
  public final void markedReturned() {
    borders.returned(depth);
  }

  private long atomicDepths() {
    return AtomicDepths.of(
        heldLocks.count(),
        preemptCount,
        irqDisableDepth,
        bhDisableDepth,
        rcuDepth,
        migrationDisableDepth);
  }

  /**
   * Gives back what code left behind that broke: locks, last taken first, then what it had
   * disabled, with a complaint. No kernel does so. A step function, where that code ran.
   *
   * @param mark what its caller had
   * @param whose names that code
   */
  public final void releaseAtomicTo(long mark, String whose) {
    if (!AtomicDepths.isAbove(atomicDepths(), mark)) {
      return;
    }
    machine.checker().report(Rule.LEAKED_ATOMIC, this, whose + ": " + atomicCounts());
    heldLocks.unlockDownTo(this, AtomicDepths.locks(mark));
    preemptCount = Math.min(preemptCount, AtomicDepths.preempt(mark));
    // Each ends: a turn lowers the depth by one.
    while (irqDisableDepth > AtomicDepths.irq(mark)) {
      irqEnable();
    }
    while (rcuDepth > AtomicDepths.rcu(mark)) {
      rcuReadUnlock();
    }
    while (migrationDisableDepth > AtomicDepths.migration(mark)) {
      migrateEnable();
    }
    while (bhDisableDepth > AtomicDepths.bh(mark)) {
      bhEnable();
    }
  }

  /** Forgets what an interrupt's handler has left behind, as the softirq loop does. */
  final void forgetAtomic() {
    preemptCount = 0;
    irqDisableDepth = 0;
    bhDisableDepth = 0;
    rcuDepth = 0;
    if (migrationDisableDepth > 0) {
      migrationDisableDepth = 0;
      cpu.migrationEnabled(this);
    }
    heldLocks.clear();
    borders.clear();
  }

  /**
   * {@code smp_processor_id()} with {@code CONFIG_DEBUG_PREEMPT}: the number of this CPU, with a
   * complaint if the task may be moved to another before it is used. {@link #cpu} is {@code
   * raw_smp_processor_id()}. Kernels without preemption have no such check.
   */
  public final int smpProcessorId() {
    if (machine.build().preemption() && mayMigrate()) {
      machine.checker().report(Rule.SMP_PROCESSOR_ID, this, "smp_processor_id");
    }
    return cpu.id();
  }

  private boolean mayMigrate() {
    return this instanceof Task task
        && context() == ExecContext.TASK
        && preemptCount == 0
        && irqDisableDepth == 0
        && bhDisableDepth == 0
        && migrationDisableDepth == 0
        && stepFlags == 0
        && !task.isPinned();
  }

  /** {@code irqs_disabled()}. */
  public final boolean irqsDisabled() {
    return irqDisableDepth > 0 || context() == ExecContext.HARDIRQ;
  }

  /** Whether this code really may not sleep, whatever the build can tell. */
  public final boolean maySleep() {
    return context() == ExecContext.TASK
        && preemptCount == 0
        && irqDisableDepth == 0
        && bhDisableDepth == 0
        && rcuDepth == 0;
  }

  /**
   * Whether PREEMPT_RT allows this code to wait for a lock that is a spinlock elsewhere ({@code
   * rtlock_might_resched}): not in a true hard interrupt, nor with preemption or interrupts really
   * disabled, which a raw lock does. RCU sections and softirqs are no obstacle.
   */
  public final boolean mayTakeSleepingLock() {
    return context() != ExecContext.HARDIRQ && preemptCount == 0 && irqDisableDepth == 0;
  }

  /**
   * {@code bio_in_atomic()}: what the kernel's build can tell of {@link #maySleep}. Follows its
   * three tests in order: RCU readers on preemptible kernels, builds without a preempt count
   * (always atomic), {@code preemptible()}.
   */
  public final boolean inAtomic() {
    boolean preemption = machine.build().preemption();
    if (preemption && rcuDepth > 0) {
      return true;
    }
    if (!machine.build().preemptCount()) {
      return true;
    }
    int count = preemptCount + bhDisableDepth + (preemption ? 0 : rcuDepth);
    return context() != ExecContext.TASK || count > 0 || irqDisableDepth > 0;
  }

  /** {@code might_sleep()}: complains in atomic context; a preemption point on VOLUNTARY. */
  public final void mightSleep() {
    if (!maySleep()) {
      machine.checker().report(Rule.SLEEP_IN_ATOMIC, this, "might_sleep");
    }
    if (machine.build().preempt() == PreemptModel.VOLUNTARY) {
      preemptPoint = true;
    }
  }

  /** {@code cond_resched()}: a preemption point on NONE and VOLUNTARY, nothing on the others. */
  public final void condResched() {
    if (machine.build().preempt().compareTo(PreemptModel.LAZY) < 0) {
      preemptPoint = true;
    }
  }

  /** {@code need_resched()}: whether this CPU has been asked to switch tasks. */
  public final boolean needResched() {
    return cpu.needResched();
  }

  /** Return to user mode: every preemption model reschedules here. */
  public final void returnToUser() {
    preemptPoint = true;
    if (!heldLocks.isEmpty()) {
      machine.checker().report(Rule.LOCKS_IN_USER, this, heldLocks.toString());
    }
  }

  // --- waiting --------------------------------------------------------------------------------

  /**
   * Blocks the current task when this step's charge has elapsed, until {@link Task#wake}. The
   * caller has put the task where its waker finds it.
   *
   * @throws IllegalStateException from interrupt context, which can't be left
   */
  public abstract void block();

  /**
   * As {@link #block}, for something that has to come ({@code TASK_UNINTERRUPTIBLE}): a task that
   * waits for 120 seconds is reported as hung.
   */
  public final void blockUninterruptible() {
    block();
    task().waitsUninterruptibly();
  }

  /** Spins from the end of this step's charge until {@link #stopSpinning}: the CPU stays busy. */
  public final void spin() {
    spinning = true;
    spinsForOwner = false;
  }

  /** Ends {@link #spin}; called by the releasing side, on any CPU. */
  public final void stopSpinning() {
    if (spinning) {
      spinning = false;
      cpu.spinReleased(this);
    }
  }

  /** What this execution's CPU time counts as while it is not in user mode. */
  abstract CpuTime timeKind();
}
