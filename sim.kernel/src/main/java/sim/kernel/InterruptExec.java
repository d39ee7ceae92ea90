package sim.kernel;

import sim.kernel.check.Rule;

/** What a CPU runs in softirq or hard interrupt context; one of each per CPU. */
final class InterruptExec extends Exec {
  private final ExecContext context;

  InterruptExec(Cpu cpu, ExecContext context) {
    super(cpu.machine());
    this.cpu = cpu;
    this.context = context;
  }

  @Override
  public ExecContext context() {
    return asTaskDepth > 0 ? ExecContext.TASK : context;
  }

  @Override
  public Task task() {
    return cpu.currentTask();
  }

  @Override
  public void block() {
    machine.checker().report(Rule.SCHEDULE_IN_ATOMIC, this, "schedule");
    throw new IllegalStateException(
        this + ": BUG: scheduling while atomic: an interrupt handler can't block");
  }

  @Override
  CpuTime timeKind() {
    return context == ExecContext.HARDIRQ ? CpuTime.HARDIRQ : CpuTime.SOFTIRQ;
  }

  @Override
  public String toString() {
    return context + " on CPU " + cpu.id();
  }
}
