package sim.kernel;

import java.util.ArrayDeque;
import sim.kernel.machine.Cost;

/**
 * A device's interrupt whose handler runs in a SCHED_FIFO thread, with softirqs disabled ({@code
 * irq_forced_thread_fn}); in the hard interrupt, the primary handler only wakes it ({@code
 * irq_default_primary_handler}). The thread goes to the CPU that took the interrupt ({@code
 * irq_thread_check_affinity}).
 */
final class ThreadedIrqAction extends IrqAction {
  /** {@code sched_set_fifo}. */
  private static final int PRIORITY = 50;

  private final String name;

  /** Handlers of interrupts that the device has raised. */
  private final ArrayDeque<Step> handlers = new ArrayDeque<>(2);

  /** How many of them the CPU has taken. */
  private int taken;

  private Task thread;
  private final Step primary = this::primary;
  private final Step loop = this::loop;
  private final Step handle = this::handle;
  private final Step handled = Exec::bhEnable;

  ThreadedIrqAction(int irq, String name, Cpu cpu) {
    super(irq, cpu);
    this.name = "irq/" + irq + "-" + name;
  }

  @Override
  public void raise(Step handler) {
    handlers.addLast(handler);
    cpu.raiseDeviceIrq(irq, primary);
  }

  private void primary(Exec x) {
    taken++;
    x.charge(Cost.WAKE);
    if (thread == null) {
      thread = x.machine().newTask(name, true, CpuMask.of(x.cpu().id())).withFifo(PRIORITY);
      thread.followsIrq = true;
      thread.then(loop);
    } else if (!thread.affinity().contains(x.cpu().id())) {
      thread.setAffinity(CpuMask.of(x.cpu().id()));
    }
    thread.wake();
  }

  private void loop(Exec x) {
    x.then(loop);
    if (taken == 0) {
      x.block();
      return;
    }
    x.then(handled);
    x.then(handle);
    x.bhDisable();
  }

  private void handle(Exec x) {
    taken--;
    handlers.pollFirst().run(x);
  }
}
