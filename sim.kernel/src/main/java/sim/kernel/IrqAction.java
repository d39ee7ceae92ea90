package sim.kernel;

/**
 * A device's interrupt on one CPU ({@code struct irqaction}), from {@link Machine#requestIrq}. Its
 * handler runs in the hard interrupt, and on PREEMPT_RT in a thread of its own ({@code
 * force_irqthreads}). What no build threads, inter-processor interrupts and the timer's, is raised
 * by {@link Cpu#raiseIrq}.
 */
public abstract sealed class IrqAction permits HardIrqAction, ThreadedIrqAction {
  final int irq;
  final Cpu cpu;

  IrqAction(int irq, Cpu cpu) {
    this.irq = irq;
    this.cpu = cpu;
  }

  /**
   * The device interrupts now; if the CPU takes none, another does. Called by an event outside any
   * CPU.
   *
   * @param handler first step of the handler
   */
  public abstract void raise(Step handler);
}
