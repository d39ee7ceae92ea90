package sim.kernel;

import sim.kernel.event.EventQueue;
import sim.kernel.machine.Cost;
import sim.kernel.trace.Tracepoint;

/**
 * The hard interrupts of one CPU ({@code irq_enter}, {@code irq_exit}): those that wait, one at a
 * time.
 */
final class Hardirqs {
  private final Cpu cpu;
  private final IrqQueue waiting;
  private final Step exit = this::exit;
  private int number;

  Hardirqs(Cpu cpu, IrqQueue waiting) {
    this.cpu = cpu;
    this.waiting = waiting;
  }

  /** Begins the first that waits. */
  void enter(InterruptExec x) {
    number = waiting.number();
    Step handler = waiting.poll();
    emit(Tracepoint.IRQ_HANDLER_ENTRY);
    x.charge(Cost.HARDIRQ_ENTRY);
    x.then(exit);
    x.then(handler);
  }

  private void exit(Exec x) {
    x.charge(Cost.HARDIRQ_EXIT);
    emit(Tracepoint.IRQ_HANDLER_EXIT);
  }

  private void emit(Tracepoint tracepoint) {
    cpu.machine().trace().emit(cpu.machine().nowNs(), cpu.id(), tracepoint, number);
  }

  /** The CPU dies: what waits goes to another. */
  void moveTo(Cpu other) {
    EventQueue events = cpu.machine().events();
    while (!waiting.isEmpty()) {
      int irq = waiting.number();
      Step handler = waiting.poll();
      events.schedule(events.nowNs(), arg -> other.raiseIrq(irq, handler), 0);
    }
  }
}
