package sim.kernel;

/** A device's interrupt whose handler runs in it. */
final class HardIrqAction extends IrqAction {
  HardIrqAction(int irq, Cpu cpu) {
    super(irq, cpu);
  }

  @Override
  public void raise(Step handler) {
    cpu.raiseDeviceIrq(irq, handler);
  }
}
